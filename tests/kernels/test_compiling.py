"""What becomes a kernel, and what cannot."""

import numpy as np
import pytest

from hashmatch.kernels import loading, signatures
from hashmatch.kernels.compiling import compiled
from hashmatch.kernels.memory import NO_MEMORY


@pytest.fixture
def made():
    """Make a function a kernel, and give it as Python has it."""

    def make(function, *takes):
        signatures.kernel(*takes)(function)
        try:
            return loading._function(function.__name__, compiled(function.__name__))
        finally:
            del signatures.KERNELS[function.__name__]

    return make


def test_numbers_and_arrays_arrive_and_the_answer_leaves(made):
    def first_less(array: int, number: int) -> int:
        return array - number

    array = np.zeros(3)
    less = made(first_less, "array", "number")
    assert less(array, 5) == array.ctypes.data - 5
    assert less(array, -(2**63) + array.ctypes.data + 1) == 2**63 - 1


def test_a_kernel_without_memory_is_an_error(made):
    def starved() -> int:
        return NO_MEMORY

    with pytest.raises(MemoryError):
        made(starved)()


def test_what_needs_numba_is_no_kernel(made):
    def greedy(count: int) -> int:
        return len(np.zeros(count))

    with pytest.raises(RuntimeError, match=r"'greedy' needs .*NRT.*memory\.allocate"):
        made(greedy, "number")
