import io
import statistics

import numpy as np
import pytest
from hashers.pictures import encode, exif, noise, png
from PIL import Image

from hashmatch import hash_image
from hashmatch.errors import HashmatchError, PictureTooLargeError
from hashmatch.hashers import (
    Limits,
    decode_reduced,
    hash_for_check,
    views_for_check,
    views_of,
)

TURNS = {
    "original": lambda p: p,
    "rotate-90": np.rot90,
    "rotate-180": lambda p: np.rot90(p, 2),
    "rotate-270": lambda p: np.rot90(p, 3),
    "flip-x": lambda p: p[::-1],
    "flip-y": lambda p: p[:, ::-1],
    "flip-plus-1": lambda p: np.swapaxes(p, 0, 1),
    "flip-minus-1": lambda p: np.rot90(np.swapaxes(p, 0, 1), 2),
}


def large(photo, width, height):
    """A photograph at another size, with the grain that a camera of it would add."""
    grain = np.random.default_rng(7).integers(-6, 7, (height, width, 1))
    image = Image.fromarray(photo).resize((width, height), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("size", "reduction"), [((643, 901), 2), ((1285, 1702), 4), ((2563, 3001), 8)]
)
def test_a_reduced_decode_hashes_within_a_few_bits(size, reduction, photographs):
    distances = []
    for title, photo in photographs.items():
        if reduction == 8 and title not in {"astronaut", "china"}:
            continue
        for orientation in (1, 2, 3, 6, 7):
            file = encode(large(photo, *size), "JPEG", quality=85, exif=exif(orientation))
            assert decode_reduced(file).reduction == reduction
            exact, found = hash_image(file), hash_for_check(file)
            assert found.hasher == "pdq"
            assert abs(found.quality - exact.quality) <= 2
            distances.append(found - exact)
    assert max(distances) <= 6
    assert statistics.fmean(distances) <= 0.6


@pytest.mark.parametrize("size", [(40, 50), (90, 64), (256, 300), (700, 1001), (2563, 3001)])
def test_each_view_is_the_hash_of_the_turned_picture(size, photographs):
    pixels = large(photographs["astronaut"], *size)
    for kind in ("JPEG", "PNG"):
        views = views_for_check(encode(pixels, kind, **({"quality": 90} if kind == "JPEG" else {})))
        assert [view.name for view in views[:8]] == list(TURNS)
        for view in views[:8]:
            turned = hash_image(np.ascontiguousarray(TURNS[view.name](pixels)))
            assert view.hash - turned <= (8 if kind == "JPEG" else 2), (view.name, kind)


def test_views_of_pixels_are_those_of_their_file(photographs):
    pixels = photographs["coffee"]
    assert views_of(pixels) == views_for_check(encode(pixels, "PNG"))
    with pytest.raises(HashmatchError):
        views_of(pixels.astype(np.float32))


def test_another_format_is_hashed_exactly():
    file = png(noise(700, 800), 2, 8)
    assert hash_for_check(file) == hash_image(file)


def test_a_small_jpeg_is_hashed_exactly():
    file = encode(noise(300, 400), "JPEG")
    assert hash_for_check(file) == hash_image(file)


def test_refusals_are_those_of_the_exact_path():
    file = encode(noise(660, 700), "JPEG")
    with pytest.raises(PictureTooLargeError):
        hash_for_check(file, Limits(max_side=600))
    for end in range(0, len(file) - 2, 997):
        with pytest.raises(HashmatchError):
            hash_for_check(file[:end])


@pytest.mark.shared
def test_the_shared_photographs(shared):
    """For every reduction that the rule picks: mean at most 0.6 bits, none over 6."""
    distances = {}
    for path in sorted(shared.glob("*/*.*")):
        file = path.read_bytes()
        reduction = decode_reduced(file).reduction
        distances.setdefault(reduction, []).append(hash_for_check(file) - hash_image(file))
    assert set(distances) >= {1, 2, 8}
    assert set(distances.pop(1)) == {0}
    for reduction, found in distances.items():
        assert statistics.fmean(found) <= 0.6, reduction
        assert max(found) <= 6, reduction


@pytest.mark.shared
def test_pixels_of_the_shared_photographs_are_those_of_pillow(shared):
    from hashmatch.hashers import decode

    for path in sorted(shared.glob("*/*.jpg")):
        file = path.read_bytes()
        with Image.open(io.BytesIO(file)) as image:
            wanted = np.asarray(image if image.mode in {"L", "RGB"} else image.convert("RGB"))
            turn = image.getexif().get(0x0112, 1)
        if turn == 1:
            np.testing.assert_array_equal(decode(file), wanted, err_msg=path.name)
