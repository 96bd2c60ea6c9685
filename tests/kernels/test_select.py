import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from hashmatch.kernels import calls, reference
from hashmatch.kernels.layout import address_of, addresses
from hashmatch.kernels.select import keep_new


def ordered(scans, first, last):
    """Offsets, ids and distances of some queries, of the pairs of several scans."""
    told = np.array([(*map(address_of, scan), len(scan[0])) for scan in scans], np.int64)
    pairs = sum(len(numbers) for numbers, _ in scans)
    keys, ids = np.empty(pairs, np.uint64), np.empty(pairs, np.int64)
    distances = np.empty(pairs, np.uint16)
    room = addresses(pairs, keys, keys, ids, distances)
    offsets = np.empty(last - first + 1, np.int64)
    end = calls.order(told, len(scans), first, last, address_of(room), offsets)
    return offsets, ids[:end], distances[:end]


some_pairs = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(0, 40)), max_size=300
)


@given(
    scans=st.lists(some_pairs, min_size=1, max_size=3),
    first=st.integers(0, 4),
    size=st.integers(1, 5),
)
def test_order_equals_the_plain_form(scans, first, size):
    last = min(first + size, 5)
    arrays = [
        (
            np.array([number for number, _, _ in pairs], np.uint32),
            np.array([distance << 48 | row for _, distance, row in pairs], np.uint64),
        )
        for pairs in scans
    ]
    numbers, keys = (np.concatenate(parts) for parts in zip(*arrays, strict=True))
    asked = (numbers >= first) & (numbers < last)
    expected = reference.order(numbers[asked] - np.uint32(first), keys[asked], last - first)
    offsets, ids, distances = ordered(arrays, first, last)
    np.testing.assert_array_equal(offsets, expected.offsets)
    np.testing.assert_array_equal(ids, expected.ids)
    np.testing.assert_array_equal(distances, expected.distances)


def test_ids_and_distances_keep_their_full_range():
    keys = np.array([65_535 << 48 | 2**48 - 1, 0], np.uint64)
    offsets, ids, distances = ordered([(np.zeros(2, np.uint32), keys)], 0, 1)
    assert offsets.tolist() == [0, 2]
    assert ids.tolist() == [0, 2**48 - 1]
    assert distances.tolist() == [0, 65_535]


@njit
def call_keep_new(numbers, keys, first, last, seen):
    return keep_new(numbers, keys, first, last, seen)


@given(pairs=some_pairs, slots=st.sampled_from([1, 4, 1024]), first=st.integers(0, 9))
def test_pairs_that_were_found_before_are_dropped_and_no_others(pairs, slots, first):
    """With few slots some stay; but none that comes twice in a row."""
    first = min(first, len(pairs))
    numbers = np.array([number for number, _, _ in pairs], np.uint32)
    keys = np.array([(number + row) % 9 << 48 | row for number, _, row in pairs], np.uint64)
    wanted = {*zip(numbers.tolist(), keys.tolist(), strict=True)}
    before = numbers[:first].copy(), keys[:first].copy()
    end = call_keep_new(numbers, keys, first, len(keys), np.full(slots, 2**64 - 1, np.uint64))
    np.testing.assert_array_equal(numbers[:first], before[0])
    np.testing.assert_array_equal(keys[:first], before[1])
    assert wanted == {*zip(numbers[:end].tolist(), keys[:end].tolist(), strict=True)}
    if slots == 1:
        again = (numbers[first:end][1:] == numbers[first:end][:-1]) & (
            keys[first:end][1:] == keys[first:end][:-1]
        )
        assert not again.any()


def test_matches_are_taken_out_of_the_room_and_no_more(random):
    ids, distances = random.integers(0, 2**48, 9), random.integers(0, 257, 9).astype(np.uint16)
    room = addresses(9, np.empty(9, np.uint32), np.empty(9, np.uint64), ids, distances)
    taken, bits = np.full(6, -1), np.full(6, 999, np.uint16)
    calls.take(address_of(room), 5, taken, bits)
    assert taken.tolist() == [*ids[:5].tolist(), -1]
    assert bits.tolist() == [*distances[:5].tolist(), 999]


@pytest.mark.parametrize("count", [31, 32, 33, 34, 100, 1001])
@pytest.mark.parametrize("kind", ["rising", "falling", "equal", "random", "two runs"])
def test_long_runs_are_sorted_whatever_their_order(count, kind, random):
    keys = {
        "rising": np.arange(count),
        "falling": np.arange(count)[::-1],
        "equal": np.full(count, 7),
        "random": random.integers(0, 2**63, count),
        "two runs": np.arange(count) // 2 + np.arange(count) % 2 * count,
    }[kind].astype(np.uint64)
    wanted = np.unique(keys)
    _, ids, distances = ordered([(np.zeros(count, np.uint32), keys)], 0, 1)
    np.testing.assert_array_equal(ids, (wanted & np.uint64(2**48 - 1)).astype(np.int64))
    np.testing.assert_array_equal(distances, wanted >> np.uint64(48))
