"""Joins hashers, indexes and registry: from an upload to a verdict."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.matching.alignment import Alignment, ListedParts, align
    from hashmatch.matching.bulk import ACTIONS, Judged
    from hashmatch.matching.generation import Generation
    from hashmatch.matching.judging import judge, sightings
    from hashmatch.matching.matcher import Matcher
    from hashmatch.matching.places import Opened, snapshots_of
    from hashmatch.matching.snapshots import Folder, Snapshots
    from hashmatch.matching.source import Source
    from hashmatch.matching.stored import list_from_json
    from hashmatch.matching.submitting import submit
    from hashmatch.matching.turns import turn
    from hashmatch.matching.uploads import Upload, hash_upload

__all__ = [
    "ACTIONS",
    "Alignment",
    "Folder",
    "Generation",
    "Judged",
    "ListedParts",
    "Matcher",
    "Opened",
    "Snapshots",
    "Source",
    "Upload",
    "align",
    "hash_upload",
    "judge",
    "list_from_json",
    "sightings",
    "snapshots_of",
    "submit",
    "turn",
]


# Imported when first asked for: a matcher loads indexes and SQLAlchemy, and who only hashes an
# upload (in a process that may die of it) needs neither.
_HOMES = {
    "ACTIONS": "bulk",
    "Alignment": "alignment",
    "Folder": "snapshots",
    "Generation": "generation",
    "Judged": "bulk",
    "ListedParts": "alignment",
    "Matcher": "matcher",
    "Opened": "places",
    "Snapshots": "snapshots",
    "Source": "source",
    "Upload": "uploads",
    "align": "alignment",
    "hash_upload": "uploads",
    "judge": "judging",
    "sightings": "judging",
    "list_from_json": "stored",
    "snapshots_of": "places",
    "submit": "submitting",
    "turn": "turns",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
