"""Exact radius search over codes: ``search(codes, radius)``, one interface, several indexes."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.indexes.base import Index
    from hashmatch.indexes.faiss import FaissIndex
    from hashmatch.indexes.flat import FlatIndex
    from hashmatch.indexes.live import LiveIndex
    from hashmatch.indexes.ring import RingIndex

__all__ = ["FaissIndex", "FlatIndex", "Index", "LiveIndex", "RingIndex"]

_HOMES = {
    "FaissIndex": "faiss",
    "FlatIndex": "flat",
    "Index": "base",
    "LiveIndex": "live",
    "RingIndex": "ring",
}


def __getattr__(name: str) -> Any:
    """Import an index on first use: numba and FAISS load only where they are needed."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
