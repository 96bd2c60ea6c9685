"""Exact radius search over codes: ``search(codes, radius)``, one interface, several indexes."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.indexes.base import Index
    from hashmatch.indexes.faiss import FaissIndex
    from hashmatch.indexes.flat import FlatIndex
    from hashmatch.indexes.live import LiveIndex
    from hashmatch.indexes.parallel import threads, use_threads
    from hashmatch.indexes.recipes import Recipe, build, load_recipe, recipe_names
    from hashmatch.indexes.ring import RingIndex
    from hashmatch.indexes.view import View

_HOMES = {
    "FaissIndex": "faiss",
    "FlatIndex": "flat",
    "Index": "base",
    "LiveIndex": "live",
    "Recipe": "recipes",
    "RingIndex": "ring",
    "View": "view",
    "build": "recipes",
    "load_recipe": "recipes",
    "recipe_names": "recipes",
    "threads": "parallel",
    "use_threads": "parallel",
}

__all__ = [
    "FaissIndex",
    "FlatIndex",
    "Index",
    "LiveIndex",
    "Recipe",
    "RingIndex",
    "View",
    "build",
    "load_recipe",
    "recipe_names",
    "threads",
    "use_threads",
]


def __getattr__(name: str) -> Any:
    """Import an index on first use: numba and FAISS load only where they are needed."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
