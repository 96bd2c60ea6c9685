"""Retroactive scan: what an archive holds already is compared with the entries that came later."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

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

__getattr__, __dir__ = lazily(__name__, _HOMES)
