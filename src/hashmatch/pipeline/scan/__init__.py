"""Retroactive scan: what an archive holds already is compared with the entries that came later."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.pipeline.scan.albums import Album, album_at
    from hashmatch.pipeline.scan.pictures import PICTURE_HASHERS, hash_album
    from hashmatch.pipeline.scan.run import Summary, scan

__all__ = ["PICTURE_HASHERS", "Album", "Summary", "album_at", "hash_album", "scan"]

_HOMES = {
    "PICTURE_HASHERS": "pictures",
    "Album": "albums",
    "Summary": "run",
    "album_at": "albums",
    "hash_album": "pictures",
    "scan": "run",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
