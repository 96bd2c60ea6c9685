"""Retroactive scan: what an archive holds already is compared with the entries that came later."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.pipeline.scan.pictures import PICTURE_HASHERS, hash_folder
    from hashmatch.pipeline.scan.run import Summary, scan

__all__ = ["PICTURE_HASHERS", "Summary", "hash_folder", "scan"]

_HOMES = {
    "PICTURE_HASHERS": "pictures",
    "Summary": "run",
    "hash_folder": "pictures",
    "scan": "run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
