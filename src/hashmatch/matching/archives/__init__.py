"""Archives of codes against new entries: what a scan does, on one machine or on many."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.matching.archives.buckets import Bucket, Stored
    from hashmatch.matching.archives.comparison import Comparison, Found
    from hashmatch.matching.archives.lists import Lists, Mark
    from hashmatch.matching.archives.pieces import Piece, Pieces
    from hashmatch.matching.archives.scanning import RESULTS, Scanned, scan_piece

__all__ = [
    "RESULTS",
    "Bucket",
    "Comparison",
    "Found",
    "Lists",
    "Mark",
    "Piece",
    "Pieces",
    "Scanned",
    "Stored",
    "scan_piece",
]

_HOMES = {
    "RESULTS": "scanning",
    "Bucket": "buckets",
    "Comparison": "comparison",
    "Found": "comparison",
    "Lists": "lists",
    "Mark": "lists",
    "Piece": "pieces",
    "Pieces": "pieces",
    "Scanned": "scanning",
    "Stored": "buckets",
    "scan_piece": "scanning",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
