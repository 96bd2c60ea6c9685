import numpy as np
import pytest

from hashmatch.errors import InvalidCodesError
from hashmatch.indexes import RingIndex, order


@pytest.mark.parametrize("bits", [64, 128, 192, 256, 512])
@pytest.mark.parametrize("kind", [order.plain, order.dealt, order.standard])
def test_every_order_is_a_permutation(bits, kind):
    np.testing.assert_array_equal(np.sort(kind(bits)), np.arange(bits))


def test_dealing_takes_neighbours_apart():
    assert (np.diff(order.dealt(256) // 16) != 0).all()


@pytest.mark.parametrize("bad", [
    np.zeros(256, int), np.arange(255), np.arange(1, 257), np.arange(256) + 0.5, "plain",
    [None] * 256, np.arange(256).reshape(16, 16),
])  # fmt: skip
def test_what_is_no_permutation_is_refused(bad):
    with pytest.raises(InvalidCodesError, match="once"):
        RingIndex.build(np.zeros((2, 32), np.uint8), bit_order=bad)


@pytest.mark.shared
def test_the_standard_order_evens_out_the_buckets_of_natural_codes(shared):
    codes = np.load(shared / "pdq_natural_crops.npy")
    largest = {}
    for kind in (order.plain, order.standard):
        index = RingIndex.build(codes, bit_order=kind(256))
        largest[kind] = index.inspect()["buckets"]["largest"]
    assert largest[order.standard] * 4 < largest[order.plain]
