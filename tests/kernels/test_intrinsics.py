import numpy as np
from numba import njit

from hashmatch.kernels import intrinsics
from hashmatch.kernels.layout import address_of


@njit
def call_near_tags(address, tag, limit):
    return intrinsics.near_tags(address, tag, limit)


@njit
def call_near_rows(words, start, queries, first, radius):
    return intrinsics.near_rows(words, start, queries, first, radius, 4)


@njit
def call_popcount(value):
    return intrinsics.popcount(value)


@njit
def call_lowest_bit(mask):
    return intrinsics.lowest_bit(mask)


def test_near_tags_marks_the_lanes_within_the_limit(random):
    tags = random.integers(0, 2**16, 200, np.uint16)
    for start in (0, 1, 100, 168):
        for limit in (0, 3, 8, 16):
            near = np.bitwise_count(tags[start : start + 32] ^ np.uint16(0x1234)) <= limit
            mask = call_near_tags(address_of(tags[start:]), np.uint16(0x1234), np.uint16(limit))
            assert mask == sum(1 << lane for lane in np.flatnonzero(near).tolist())


def test_near_rows_marks_the_codes_within_the_radius(random):
    words = random.integers(0, 2**64, 4 * 20, np.uint64)
    queries = random.integers(0, 2**64, 8, np.uint64)
    distances = np.bitwise_count(words.reshape(20, 4) ^ queries[4:]).sum(1)
    for row in (0, 3, 12):
        for radius in (0, 120, 128, 256):
            near = distances[row : row + 8] <= radius
            mask = call_near_rows(words, 4 * row, queries, 4, np.uint64(radius))
            assert mask == sum(1 << lane for lane in np.flatnonzero(near).tolist())


def test_popcount_counts_every_bit():
    assert [call_popcount(np.uint64(value)) for value in (0, 1, 2**63, 2**64 - 1)] == [0, 1, 1, 64]


def test_lowest_bit_is_an_index():
    assert [call_lowest_bit(np.uint64(1 << bit | 1 << 63)) for bit in (0, 5, 63)] == [0, 5, 63]


@njit
def call_stay_apart(value):
    intrinsics.stay_apart()
    return value + 1


def test_a_function_that_is_to_stay_apart_is_marked_so():
    assert call_stay_apart(4) == 5
    (written,) = call_stay_apart.inspect_llvm().values()
    assert "noinline" in written
