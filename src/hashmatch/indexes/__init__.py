"""Exact radius search over codes: ``search(codes, radius)``, one interface, several indexes."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.indexes.base import Index
    from hashmatch.indexes.faiss import FaissIndex
    from hashmatch.indexes.flat import FlatIndex
    from hashmatch.indexes.live import LiveIndex
    from hashmatch.indexes.parallel import threads, use_threads
    from hashmatch.indexes.recipes import Recipe, build, load_recipe, recipe_names
    from hashmatch.indexes.ring import RingIndex
    from hashmatch.indexes.view import View

# LLVM and FAISS are slow to load
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

__getattr__, __dir__ = lazily(__name__, _HOMES)
