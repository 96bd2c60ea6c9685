"""Archives of codes against new entries: what a scan does, on one machine or on many."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.matching.archives.comparison import Comparison, Found
    from hashmatch.matching.archives.lists import Lists, Mark
    from hashmatch.matching.archives.pieces import Piece, Pieces
    from hashmatch.matching.archives.scanning import RESULTS, Scanned, scan_piece

__all__ = [
    "RESULTS",
    "Comparison",
    "Found",
    "Lists",
    "Mark",
    "Piece",
    "Pieces",
    "Scanned",
    "scan_piece",
]

_HOMES = {
    "RESULTS": "scanning",
    "Comparison": "comparison",
    "Found": "comparison",
    "Lists": "lists",
    "Mark": "lists",
    "Piece": "pieces",
    "Pieces": "pieces",
    "Scanned": "scanning",
    "scan_piece": "scanning",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
