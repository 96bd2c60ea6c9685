"""Joins hashers, indexes and registry: from an upload to a verdict."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.matching.bulk import ACTIONS, Judged
    from hashmatch.matching.generation import Generation
    from hashmatch.matching.matcher import Matcher
    from hashmatch.matching.places import Opened, snapshots_of
    from hashmatch.matching.snapshots import Folder, Snapshots
    from hashmatch.matching.source import Source, anchor_of
    from hashmatch.matching.submitting import submit
    from hashmatch.matching.uploads import Upload, hash_upload

__all__ = [
    "ACTIONS",
    "Folder",
    "Generation",
    "Judged",
    "Matcher",
    "Opened",
    "Snapshots",
    "Source",
    "Upload",
    "anchor_of",
    "hash_upload",
    "snapshots_of",
    "submit",
]

# Imported when first asked for: a matcher loads numba and SQLAlchemy, and who only hashes an
# upload (in a process that may die of it) needs neither.
_HOMES = {
    "ACTIONS": "bulk",
    "Folder": "snapshots",
    "Generation": "generation",
    "Judged": "bulk",
    "Matcher": "matcher",
    "Opened": "places",
    "Snapshots": "snapshots",
    "Source": "source",
    "Upload": "uploads",
    "anchor_of": "source",
    "hash_upload": "uploads",
    "snapshots_of": "places",
    "submit": "submitting",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
