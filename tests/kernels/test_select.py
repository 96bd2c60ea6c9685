import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch.kernels import calls, reference
from hashmatch.kernels.layout import address_of, addresses


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(0, 40)), max_size=300))
def test_order_equals_the_plain_form(pairs):
    numbers = np.array([number for number, _, _ in pairs], np.uint32)
    keys = np.array([distance << 48 | row for _, distance, row in pairs], np.uint64)
    expected = reference.order(numbers, keys, 5)
    offsets = np.empty(6, np.int64)
    ids = np.empty(len(keys), np.int64)
    distances = np.empty(len(keys), np.uint16)
    end = calls.order(
        numbers, keys.copy(), len(keys), offsets, 5, np.empty_like(keys), ids, distances
    )
    np.testing.assert_array_equal(offsets, expected.offsets)
    np.testing.assert_array_equal(ids[:end], expected.ids)
    np.testing.assert_array_equal(distances[:end], expected.distances)


def test_ids_and_distances_keep_their_full_range():
    keys = np.array([65_535 << 48 | 2**48 - 1, 0], np.uint64)
    offsets, ids, distances = np.empty(2, np.int64), np.empty(2, np.int64), np.empty(2, np.uint16)
    calls.order(np.zeros(2, np.uint32), keys, 2, offsets, 1, np.empty_like(keys), ids, distances)
    assert ids.tolist() == [0, 2**48 - 1]
    assert distances.tolist() == [0, 65_535]


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
    offsets, ids = np.empty(2, np.int64), np.empty(count, np.int64)
    distances = np.empty(count, np.uint16)
    end = calls.order(
        np.zeros(count, np.uint32), keys, count, offsets, 1, np.empty_like(keys), ids, distances
    )
    assert end == len(wanted)
    np.testing.assert_array_equal(ids[:end], (wanted & np.uint64(2**48 - 1)).astype(np.int64))
    np.testing.assert_array_equal(distances[:end], wanted >> np.uint64(48))
