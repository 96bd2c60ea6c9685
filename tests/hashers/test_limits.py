import dataclasses

import pytest

from hashmatch.errors import PictureTooLargeError, PictureTooSmallError
from hashmatch.hashers import DEFAULT_LIMITS, Limits


@pytest.mark.parametrize("size", [(16, 16), (30_000, 16), (16, 30_000), (10_000, 10_000)])
def test_sizes_at_the_limits_pass(size):
    DEFAULT_LIMITS.check_size(*size)


@pytest.mark.parametrize(
    "size", [(30_001, 16), (16, 30_001), (10_000, 10_001), (30_000, 30_000), (1 << 40, 0)]
)
def test_larger_sizes_are_refused(size):
    with pytest.raises(PictureTooLargeError, match=f"{size[0]} x {size[1]} pixels.*100,000,000"):
        DEFAULT_LIMITS.check_size(*size)


@pytest.mark.parametrize("size", [(15, 100), (100, 15), (0, 0)])
def test_smaller_sizes_are_refused(size):
    with pytest.raises(PictureTooSmallError, match="at least 16 a side"):
        DEFAULT_LIMITS.check_size(*size)


def test_the_length_of_a_file():
    DEFAULT_LIMITS.check_bytes(50_000_000)
    with pytest.raises(PictureTooLargeError, match="50,000,001 bytes, the limit is 50,000,000"):
        DEFAULT_LIMITS.check_bytes(50_000_001)


def test_other_limits():
    Limits(min_side=1).check_size(1, 1)
    with pytest.raises(PictureTooLargeError):
        Limits(max_pixels=100).check_size(20, 20)


def test_limits_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULT_LIMITS.max_bytes = 1
