"""The array types that kernels take, and the options they are compiled with.

Read-only and unaligned arrays are accepted everywhere (a numba array type converts to a more
careful one, not back): codes opened from a FAISS file begin at an odd byte.
"""

from typing import Any, Final

from numba import types


def _input(dtype: Any) -> Any:
    return types.Array(dtype, 1, "C", readonly=True, aligned=False)


Words = _input(types.uint64)
"""Codes or queries as one run of little-endian 64-bit words."""
Keys = types.Array(types.uint64, 1, "C")
Numbers = types.Array(types.uint32, 1, "C")
Offsets = types.Array(types.int64, 1, "C")
Ids = types.Array(types.int64, 1, "C")
Distances = types.Array(types.uint16, 1, "C")

OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "cache": True,
    "boundscheck": False,
    "error_model": "numpy",
}
