import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hashmatch.kernels import calls, reference


@settings(deadline=None)
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
