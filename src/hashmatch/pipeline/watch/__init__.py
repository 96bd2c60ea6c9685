"""A folder as a queue, here or in an object store: what arrives is checked, and moved on."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.pipeline.watch.watcher import Handled, Watcher

__all__ = ["Handled", "Watcher"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.watcher"), name)


def __dir__() -> list[str]:
    return __all__
