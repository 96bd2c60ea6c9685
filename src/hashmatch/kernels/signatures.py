"""The array types that kernels take, and how they are compiled.

Read-only and unaligned arrays are accepted everywhere (a numba array type converts to a more
careful one, not back): codes opened from a FAISS file begin at an odd byte.
"""

from collections.abc import Callable
from typing import Any

from numba import njit, types


def _input(dtype: Any) -> Any:
    return types.Array(dtype, 1, "C", readonly=True, aligned=False)


Words = _input(types.uint64)
"""Codes or queries as one run of little-endian 64-bit words."""
Starts = _input(types.uint32)
"""Where the postings of each bucket begin."""
Rows = _input(types.uint32)
"""Rows of codes, by bucket."""
Tags = _input(types.uint16)
"""Chunks of codes, by bucket or by row."""
Visits = _input(types.uint32)
"""Numbers of queries, or of tables."""

StartsOut = types.Array(types.uint32, 1, "C")
RowsOut = types.Array(types.uint32, 1, "C")
TagsOut = types.Array(types.uint16, 1, "C")
Keys = types.Array(types.uint64, 1, "C")
Numbers = types.Array(types.uint32, 1, "C")
Places = types.Array(types.int64, 1, "C")
Ids = types.Array(types.int64, 1, "C")
Distances = types.Array(types.uint16, 1, "C")


def kernel(signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function for one signature, when it is first imported; later imports load it.

    Kernels let go of the interpreter, do not check bounds, and divide as C does.
    """
    compiled: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(
        signature, nogil=True, cache=True, boundscheck=False, error_model="numpy"
    )
    return compiled


part: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(
    nogil=True, boundscheck=False, error_model="numpy"
)
"""A function that only kernels call, and that is compiled with them: each one that is loaded by
itself would take a few milliseconds of a process's start."""

inlined: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(inline="always")
"""A function that becomes a part of each kernel that calls it: calls cost in innermost loops."""
