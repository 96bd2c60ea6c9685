"""Joins hashers, indexes and registry: from an upload to a verdict."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.matching.matcher import Matcher

__all__ = ["Matcher"]

_HOMES = {"Matcher": "matcher"}  # imported when first asked for: it loads numba and SQLAlchemy


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
