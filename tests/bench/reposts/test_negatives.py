import numpy as np
import pytest

from hashmatch.bench.reposts.dresses import AMONG, DRESSES, dress
from hashmatch.bench.reposts.negatives import LISTED_PAGES, dressed, listed_pages, negatives
from hashmatch.bench.reposts.pages import PAGES, says_the_same
from hashmatch.bench.reposts.pictures import Picture
from hashmatch.bench.reposts.suite import altered
from hashmatch.hashers import decode


@pytest.fixture(scope="module")
def pictures(photographs):
    return [Picture(name, photo[::2, ::2].copy()) for name, photo in photographs.items()]


def test_one_in_ten_is_no_stranger(pictures):
    made = list(negatives(pictures[:4], pictures[4:], 60, seed=1))
    assert [each.hard for each in made] == [n % 10 == 0 for n in range(60)]
    kinds = {each.kind for each in made}
    assert {"whole", "crop"} < kinds
    assert any(kind.startswith("same dress: ") for kind in kinds)
    assert any(kind.startswith("partner in another ") for kind in kinds)
    assert kinds & set(PAGES)


def test_all_can_be_hard(pictures):
    made = list(negatives(pictures[:4], pictures[4:], 20, seed=1, share=1.0))
    assert all(each.hard for each in made)
    assert len({each.kind for each in made}) >= 12
    assert len({each.upload for each in made}) == len(made)


def test_what_takes_more_of_a_listed_picture_than_it_lacks_shares_most_of_it(pictures):
    made = list(negatives(pictures[:4], pictures[4:], 5 * len(DRESSES), seed=1, share=1.0))
    sharing = {}
    for each in made:
        worn = {DRESSES[place] for place in each.shares if place < len(DRESSES)}
        sharing.setdefault(each.kind, set()).update(worn)
    mostly = ("collage 2x2", "collage 3x3, gaps", "three beside each other")  # all but the one
    for name in mostly:
        assert name in sharing[f"same dress: {name}"]
    assert sharing["same dress: collage 3x3, gaps"] == {*mostly}  # it shows what the others do
    for name in ("collage 1x2", "phone, light", "meme poster", "captions", "post and the next one"):
        assert not sharing[f"same dress: {name}"]
    lively = {*DRESSES[DRESSES.index("shaded balls") :]}  # they show more of the picture itself
    assert not any(worn & lively for worn in sharing.values())
    even = {"collage 1x2", "collage 2x2", "three beside each other", "post and the next one"}
    for name in AMONG:  # one of two, of three or of four is not more
        assert not sharing[f"partner in another {name}"] & even


@pytest.mark.parametrize("kind", ["logos", "calendars"])
def test_a_page_that_says_what_a_listed_one_does_shares_most_of_it(kind):
    first, *others = (np.random.default_rng(seed) for seed in (1, 1, 2))
    assert says_the_same(kind, first, others[0])
    assert not says_the_same(kind, np.random.default_rng(1), others[1])
    assert not says_the_same("flags", np.random.default_rng(1), np.random.default_rng(1))


def test_below_a_post_no_more_of_the_next_one_shows_than_of_its_own():
    black, white = (np.full((300, 400, 3), shade, np.uint8) for shade in (0, 255))
    for turned in (False, True):
        own = black.transpose(1, 0, 2) if turned else black
        made = altered(dress("post and the next one"), own, "", (white,), 1)
        blank = altered(dress("post and the next one"), 255 - own, "", (white,), 1)
        following = altered(dress("post and the next one"), own, "", (black,), 1)
        assert 0 < (made != following).sum() <= (made != blank).sum()


def test_of_three_beside_each_other_no_two_are_one():
    shades = [np.full((40, 60, 3), shade, np.uint8) for shade in (50, 100, 150, 200)]
    places = set()
    for seed in range(8):
        made = altered(dress("three beside each other"), shades[0], "", tuple(shades[1:]), seed)
        row = made[20, 30::60, 0].tolist()
        assert len(row) == len(set(row)) == 3
        places.add(row.index(50))
    assert places == {0, 1, 2}


def test_they_depend_on_the_seed_alone(pictures):
    first, again, other = (
        [each.upload for each in negatives(pictures[:4], pictures[4:], 11, seed)]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_stranger_wears_the_very_dress_of_a_listed_picture(pictures):
    listed = dict(zip(DRESSES, dressed(pictures[:4], pictures[4:], 1), strict=True))
    hard = {
        each.kind.removeprefix("same dress: "): decode(each.upload)
        for each in negatives(pictures[:4], pictures[4:], 15, 1)
        if each.kind.startswith("same dress: ")
    }
    for name, pixels in hard.items():
        assert pixels.shape == listed[name].shape
        bar = slice(0, pixels.shape[1] // 20)  # clock and signal: the same in both
        assert np.abs(pixels[bar].astype(int) - listed[name][bar]).mean() < 3, name


def test_pages_are_alike_but_no_two_are_equal():
    pages = listed_pages(1)
    assert len({page.tobytes() for page in pages}) == len(pages) == LISTED_PAGES * len(PAGES)


def test_each_seed_deals_the_dresses_and_the_partners_anew(pictures):
    first, again, other = (dressed(pictures[:4], pictures[4:], seed) for seed in (1, 1, 2))
    same = [np.array_equal(*pair) for pair in zip(first, again, strict=True)]
    assert all(same)
    plain = DRESSES.index("border black 20%")  # which has no words of the seed in it
    shown = {dressed(pictures[:4], pictures[4:], seed)[plain].tobytes() for seed in range(3)}
    assert len(shown) > 1
    assert not all(np.array_equal(*pair) for pair in zip(first, other, strict=True))
