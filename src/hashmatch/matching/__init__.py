"""Joins hashers, indexes and registry: from an upload to a verdict."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.matching.bulk import ACTIONS, Judged
    from hashmatch.matching.matcher import Matcher
    from hashmatch.matching.uploads import Upload, hash_upload

__all__ = ["ACTIONS", "Judged", "Matcher", "Upload", "hash_upload"]

# Imported when first asked for: a matcher loads numba and SQLAlchemy, and who only hashes an
# upload (in a process that may die of it) needs neither.
_HOMES = {
    "ACTIONS": "bulk",
    "Judged": "bulk",
    "Matcher": "matcher",
    "Upload": "uploads",
    "hash_upload": "uploads",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
