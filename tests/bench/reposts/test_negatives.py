import numpy as np
import pytest

from hashmatch.bench.reposts.negatives import (
    DRESSES,
    MOSTLY_LISTED,
    dressed,
    listed_pages,
    negatives,
)
from hashmatch.bench.reposts.pages import PAGES
from hashmatch.bench.reposts.pictures import Picture
from hashmatch.hashers import decode


@pytest.fixture(scope="module")
def pictures(photographs):
    return [Picture(name, photo[::2, ::2].copy()) for name, photo in photographs.items()]


def test_one_in_ten_is_no_stranger(pictures):
    made = list(negatives(pictures[4:], 60, seed=1))
    assert [each.family != "stranger" for each in made] == [n % 10 == 0 for n in range(60)]
    kinds = {each.kind for each in made}
    assert {"whole", "crop"} < kinds
    assert any(kind.startswith("same dress: ") for kind in kinds)
    assert any(kind.startswith("partner in another ") for kind in kinds)
    assert kinds & set(PAGES)


def test_all_can_be_hard(pictures):
    made = list(negatives(pictures[4:], 20, seed=1, share=1.0))
    assert all(each.family == "hard" for each in made)
    assert len({each.kind for each in made}) >= 12


def test_only_collages_with_most_of_the_pictures_of_a_listed_one_share_most(pictures):
    made = list(negatives(pictures[4:], 5 * len(DRESSES), seed=1, share=1.0))
    sharing = {each.kind for each in made if each.family == "shares most"}
    assert sharing == {f"same dress: {name}" for name in MOSTLY_LISTED}
    hard = {each.kind for each in made if each.family == "hard"}
    assert {f"same dress: {name}" for name in DRESSES} - sharing < hard


def test_they_depend_on_the_seed_alone(pictures):
    first, again, other = (
        [each.upload for each in negatives(pictures[4:], 11, seed)] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_stranger_wears_the_very_dress_of_a_listed_picture(pictures):
    listed = dict(zip(DRESSES, dressed(pictures[:4], pictures[4:], 1), strict=True))
    hard = {
        each.kind.removeprefix("same dress: "): decode(each.upload)
        for each in negatives(pictures[4:], 15, 1)
        if each.kind.startswith("same dress: ")
    }
    for name, pixels in hard.items():
        assert pixels.shape == listed[name].shape
        bar = slice(0, pixels.shape[1] // 20)  # clock and signal: the same in both
        assert np.abs(pixels[bar].astype(int) - listed[name][bar]).mean() < 3, name


def test_pages_are_alike_but_no_two_are_equal():
    pages = listed_pages(1)
    assert len({page.tobytes() for page in pages}) == len(pages) == 3 * len(PAGES)
