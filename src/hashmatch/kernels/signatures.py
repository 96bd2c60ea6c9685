"""The types of arrays within kernels, and what becomes of a Python function that is to be one.

Read-only and unaligned arrays are accepted everywhere (a numba array type converts to a more
careful one, not back): codes opened from a FAISS file begin at an odd byte.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

from numba import njit, types


def _input(dtype: Any) -> Any:
    return types.Array(dtype, 1, "C", readonly=True, aligned=False)


Words = _input(types.uint64)
"""Codes or queries as one run of little-endian 64-bit words."""
Tags = _input(types.uint16)
"""Chunks of codes, by bucket or by row."""

StartsOut = types.Array(types.uint32, 1, "C")
RowsOut = types.Array(types.uint32, 1, "C")
TagsOut = types.Array(types.uint16, 1, "C")
Keys = types.Array(types.uint64, 1, "C")
Numbers = types.Array(types.uint32, 1, "C")
Places = types.Array(types.int64, 1, "C")
Ids = types.Array(types.int64, 1, "C")
Distances = types.Array(types.uint16, 1, "C")

OPTIONS: Final[dict[str, Any]] = {"nogil": True, "boundscheck": False, "error_model": "numpy"}
"""Kernels do not check bounds, and divide as C does."""

part: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(**OPTIONS)
"""A function that only kernels call, and that is compiled with them."""

inlined: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(inline="always")
"""A function that becomes a part of each kernel that calls it: calls cost in innermost loops."""

Taken = Literal["number", "array"]
"""What a kernel takes from Python: a whole number, or an array, of which it sees the address."""


class Kernel(NamedTuple):
    """A function that Python is to call as machine code."""

    function: Callable[..., Any]
    takes: tuple[Taken, ...]
    brief: tuple[int, int] | None


KERNELS: Final[dict[str, Kernel]] = {}
"""All that have been imported, by name."""


def kernel(
    *takes: Taken, brief: tuple[int, int] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a kernel, which `hashmatch.kernels.calls` gives to Python by its name.

    The interpreter is let go of while it runs; but where ``brief`` names an argument by its place,
    and a number, it is kept if that argument is no larger. To get it back may take longer than
    work of a microsecond, and whoever took it meanwhile is disturbed twice.

    Whatever it takes is an int64 to it, and so is what it returns: arrays are addresses, and
    numbers tell how long they are. A kernel raises nothing, and has its memory from its caller or
    from `hashmatch.kernels.memory.allocate`: its machine code must not need numba.
    """

    def make(function: Callable[..., Any]) -> Callable[..., Any]:
        KERNELS[function.__name__] = Kernel(function, takes, brief)
        return part(function)

    return make
