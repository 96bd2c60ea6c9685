import numpy as np
import pytest

from hashmatch.bench.reposts.alterations import lights, lively, pasted, quoted
from hashmatch.bench.reposts.dresses import AMONG, DRESSES
from hashmatch.bench.reposts.suite import SUITE, altered

ALL = [each for room in (lively, quoted, lights, pasted) for each in room.ALTERATIONS]
PASTED = {each.name for each in pasted.ALTERATIONS}
SIZES = [(64, 64), (64, 150), (210, 90), (240, 320)]

every = pytest.mark.parametrize("alteration", ALL, ids=lambda each: each.name)


def flat(size, level):
    return np.full((*size, 3), level, np.uint8)


def noise(size, seed):
    return np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8)


def hidden(alteration, size, seed, strangers):
    """Where the same shows upon black and upon white, and what is there."""
    black, white = (
        altered(alteration, flat(size, level), "same", strangers, seed) for level in (0, 255)
    )
    assert black.shape == white.shape
    return np.abs(black.astype(int) - white).max(axis=2) == 0, black


def test_they_are_a_family_of_their_own():
    assert [each for each in SUITE if each.family == "lively"] == ALL
    names = {each.name for each in ALL}
    assert len(names & {*DRESSES}) == 14
    assert not names & {*AMONG}


@every
@pytest.mark.parametrize("size", SIZES)
def test_the_same_is_there_whatever_the_picture_shows(alteration, size):
    strangers = (noise((80, 100), 1),)
    same, dress = hidden(alteration, size, 3, strangers)
    worn = altered(alteration, noise(size, 2), "same", strangers, 3)
    assert worn.shape == dress.shape
    np.testing.assert_array_equal(worn[same], dress[same])
    assert (worn != dress).any()


@every
def test_most_of_the_picture_is_seen(alteration):
    size = (240, 320)
    for seed in range(6):
        same, page = hidden(alteration, size, seed, (noise((80, 100), seed),))
        seen = (~same).sum() / (size[0] * size[1])
        if alteration.name == "call of four":  # in which it may be made smaller
            assert 0.2 < (~same).mean() < 0.27
        elif page.shape[:2] == size:
            assert seen >= 0.64, seed
        else:  # it has been put upon something larger
            assert seen >= 0.95, seed
            assert (~same).mean() > 0.5, seed


@pytest.mark.parametrize("name", sorted(PASTED - {"call of four"}))
def test_of_a_stranger_less_is_seen_than_of_the_picture(name):
    (alteration,) = (each for each in ALL if each.name == name)
    own = noise((240, 320), 1)
    black, white = ((flat((240, 320), level),) for level in (0, 255))
    for seed in range(6):
        made = altered(alteration, own, "same", black, seed).astype(int)
        by_partner = np.abs(made - altered(alteration, own, "same", white, seed))
        by_own = np.abs(made - altered(alteration, 255 - own, "same", black, seed))
        assert 0.03 < by_partner.mean() / 255 < 0.41, seed
        assert (by_partner > 3).any(axis=2).mean() <= 1.1 * (by_own > 3).any(axis=2).mean(), seed


@every
def test_other_keys_put_other_things_there(alteration):
    picture, strangers = noise((120, 160), 1), (noise((80, 100), 2), noise((80, 100), 3))
    made = {altered(alteration, picture, key, strangers, 1).tobytes() for key in "abcd"}
    assert len(made) > 1


@pytest.mark.parametrize("name", ["shaded balls", "shaded faces"])
def test_balls_are_lit_from_above_and_gleam(name):
    (alteration,) = (each for each in ALL if each.name == name)
    same, page = hidden(alteration, (240, 320), 1, ())
    shades = page[same].astype(int).sum(axis=1)
    assert len(np.unique(shades)) > 100
    assert shades.max() > 700
    assert shades.min() < 250


def test_a_quote_is_grey_and_the_picture_below_it_dark():
    (alteration,) = (each for each in ALL if each.name == "quote on the darkened picture")
    for seed in range(6):
        upon_black, upon_white = (
            altered(alteration, flat((240, 320), level), "same", (), seed) for level in (0, 255)
        )
        assert 150 <= upon_black.max() <= 210
        assert 0.35 <= np.median(upon_white) / 255 <= 0.55
        assert (upon_black > 100).mean() > 0.02
