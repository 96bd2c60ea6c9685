"""Perceptual-hash image matching: fingerprints travel, pictures stay where they are."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.hashers import hash_image
    from hashmatch.matching import Matcher

__all__ = ["Matcher", "hash_image"]

_HOMES = {
    "Matcher": "hashmatch.matching",
    "hash_image": "hashmatch.hashers",
}  # imported when first asked for


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
