"""What becomes a kernel, and what cannot."""

import sys
import threading

import numpy as np
import pytest

from hashmatch.kernels import loading, signatures
from hashmatch.kernels.compiling import compiled
from hashmatch.kernels.memory import NO_MEMORY, look


@pytest.fixture
def made():
    """Make a function a kernel, and give it as Python has it."""

    def make(function, *takes, brief=None):
        signatures.kernel(*takes, brief=brief)(function)
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


def test_the_interpreter_is_kept_for_brief_work_and_let_go_of_for_more(made):
    def sees(flag: int, turns: int) -> int:
        for _ in range(turns):
            if look(flag):
                return 1
        return 0

    seen = made(sees, "array", "number", brief=(1, 100_000))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # nobody gets the interpreter that is not let go of
    try:
        for turns, wanted in ((100_000, 0), (2**40, 1)):
            flag, began = np.zeros(1, np.int64), threading.Event()

            def show(flag=flag, began=began):
                began.wait()
                flag[0] = 1

            other = threading.Thread(target=show)
            other.start()
            began.set()
            assert seen(flag, turns) == wanted
            other.join()
    finally:
        sys.setswitchinterval(interval)


def test_what_needs_numba_is_no_kernel(made):
    def greedy(count: int) -> int:
        return len(np.zeros(count))

    with pytest.raises(RuntimeError, match=r"'greedy' needs .*NRT.*memory\.allocate"):
        made(greedy, "number")
