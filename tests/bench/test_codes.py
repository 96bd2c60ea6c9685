import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch import native
from hashmatch.bench import codes
from hashmatch.errors import PictureError


def distances(left, right):
    return np.bitwise_count(left ^ right).sum(axis=1)


def test_codes_follow_from_coefficients_as_the_core_has_them(pictures):
    found = [native.pdq(picture) for picture in pictures]
    made = codes.codes_of(np.stack([each.dct.reshape(16, 16) for each in found]))
    assert [row.tobytes() for row in made] == [each.code for each in found]


def test_turning_coefficients_gives_codes_of_the_turned_picture(pictures, random):
    picture = pictures[0]
    coefficients = native.pdq(picture).dct.reshape(1, 16, 16)
    turned = codes.codes_of(codes.turned(coefficients.repeat(200, axis=0), random))
    turns = native.pdq_dihedral(picture).codes
    nearest = [min(distances(turn[None], row[None])[0] for turn in turns) for row in turned]
    assert max(nearest) <= 2  # a coefficient next to the median may fall to its other side
    assert len({row.tobytes() for row in turned}) == 8


def test_natural_codes_are_many_and_repeat_with_the_seed(pictures):
    made, again, other = (
        codes.natural(1500, np.random.default_rng(seed), pictures) for seed in (1, 1, 2)
    )
    assert made.shape == (1500, 32)
    assert made.dtype == np.uint8
    np.testing.assert_array_equal(made, again)
    assert not np.array_equal(made, other)
    assert len(np.unique(made, axis=0)) > 1400


def test_natural_codes_have_half_their_bits_set(pictures, random):
    bits = np.bitwise_count(codes.natural(300, random, pictures)).sum(axis=1)
    assert set(np.unique(bits)) <= {126, 127, 128}  # above the lower median, but for equal floats


def test_flat_photographs_are_refused(random):
    with pytest.raises(PictureError, match="other photographs"):
        codes.natural(10, random, [np.full((200, 200), 7, np.uint8)])


def test_no_codes_at_all_take_no_photograph(random):
    assert codes.natural(0, random, []).shape == (0, 32)


def test_crops_lie_within_their_photograph_and_are_no_slivers(pictures, random):
    for _ in range(300):
        crop = codes._chosen(pictures, random)
        height, width = pictures[crop.photograph].shape[:2]
        assert 0 <= crop.rows.start < crop.rows.stop <= height
        assert 0 <= crop.columns.start < crop.columns.stop <= width
        tall, wide = crop.rows.stop - crop.rows.start, crop.columns.stop - crop.columns.start
        assert min(tall, wide) >= min(height, width) // 5


@given(st.integers(1, 40), st.sampled_from([8, 32]), st.integers(0, 5), st.data())
def test_flipped_codes_lie_exactly_so_far_away(count, width, seed, data):
    random = np.random.default_rng(seed)
    given_ = codes.uniform(count, random, 8 * width)
    bounds = st.lists(st.integers(0, 8 * width), min_size=count, max_size=count)
    flips = np.array(data.draw(bounds))
    np.testing.assert_array_equal(distances(codes.flipped(given_, flips, random), given_), flips)


@pytest.mark.parametrize("count", [1, 60, 100, 101, 450])
def test_grown_codes_hold_what_was_given_then_near_duplicates(count, random):
    given_ = codes.uniform(100, random)
    grown = codes.grown(given_, count, random)
    assert grown.shape == (count, 32)
    apart = np.bitwise_count(grown[:, None] ^ given_[None]).sum(axis=2)
    nearest = apart.min(axis=1)
    assert nearest.max() <= codes.DUPLICATE_FLIPS
    assert len(np.unique(apart.argmin(axis=1)[nearest == 0])) == min(count, 100)
