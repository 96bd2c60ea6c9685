import numpy as np
import pytest

from hashmatch import hash_image
from hashmatch.bench.reposts.suite import SUITE, altered, chosen, encoded
from hashmatch.errors import PictureError
from hashmatch.hashers import decode


@pytest.fixture(scope="module")
def photos(photographs):
    return tuple(photographs[name] for name in ("coffee", "astronaut", "chelsea", "china"))


def test_names_are_unique():
    assert len({each.name for each in SUITE}) == len(SUITE) > 150
    assert all(chosen([each.name]) == (each,) for each in SUITE)


@pytest.mark.parametrize("alteration", SUITE, ids=lambda each: each.name)
def test_a_copy_depends_on_its_seed_alone_and_leaves_the_picture_as_it_is(alteration, photos):
    picture, strangers = photos[0][::2, ::2].copy(), tuple(each[::2, ::2] for each in photos[1:])
    before = picture.copy()
    copies = [altered(alteration, picture, "a", strangers, 7) for _ in range(2)]
    np.testing.assert_array_equal(picture, before)
    np.testing.assert_array_equal(*copies)
    for copy in copies:
        assert copy.dtype == np.uint8
        assert copy.ndim == 3
        assert copy.shape[2] == 3
        assert min(copy.shape[:2]) >= 32
        assert not np.shares_memory(copy, picture)


def test_other_seeds_and_other_pictures_choose_otherwise(photos):
    (chat,) = chosen(["chat, dark"])
    copies = [
        altered(chat, photos[0], *keys)
        for keys in (("a", photos[1:], 1), ("a", photos[1:], 2), ("b", photos[1:], 1))
    ]
    shapes_and_sums = {(copy.shape, int(copy.sum())) for copy in copies}
    assert len(shapes_and_sums) == 3


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("64 px wide", (43, 64)), ("scale 2", (800, 1200)), ("squashed to a square", (400, 400)),
        ("turned by 90°", (600, 400)), ("crop 10% all sides", (320, 480)),
        ("crop 30% top", (280, 600)), ("crop to 1:1", (400, 400)), ("crop to 9:16", (400, 225)),
        ("border white 10%", (520, 720)), ("meme bands white", (528, 600)),
        ("collage 2x2", (800, 1200)), ("blurred fill 1:1", (600, 600)),
    ],
)  # fmt: skip
def test_sizes_are_those_the_names_say(name, shape, photos):
    (alteration,) = chosen([name])
    assert altered(alteration, photos[0], "a", photos[1:], 1).shape[:2] == shape


@pytest.mark.parametrize("kept", [95, 80, 50, 30])
def test_crops_keep_what_they_say(kept, photos):
    (alteration,) = chosen([f"crop keeping {kept}%"])
    for key in "abcde":
        copy = altered(alteration, photos[0], key, photos[1:], 1)
        assert copy.shape[0] * copy.shape[1] == pytest.approx(kept / 100 * 400 * 600, rel=0.02)


def test_mild_alterations_hardly_move_the_hash(photos):
    exact = hash_image(photos[0])
    for name in ("JPEG 70", "gamma 1.5", "noise 10", "blur 1", "grayscale", "sharpen 100%"):
        (alteration,) = chosen([name])
        copy = altered(alteration, photos[0], "a", photos[1:], 1)
        assert hash_image(decode(encoded(copy, alteration.quality))) - exact <= 24, name


def test_alterations_are_chosen_by_name_and_by_family():
    assert chosen([]) == SUITE
    assert {each.family for each in chosen(["border", "mirrored"])} == {"border", "mirror"}
    with pytest.raises(PictureError, match="no alteration or family 'fog'; the families are: JPEG"):
        chosen(["fog"])
