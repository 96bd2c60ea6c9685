"""Which column of a table holds what: the names that other programs give their columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_NAMES: Final = {
    "hash": {"hash", "hashvalue", "hashhex", "hex", "code", "value", "signature", "fingerprint"},
    "hasher": {"hasher", "algorithm", "hashalgorithm", "hashtype", "signaltype", "type"},
    "quality": {"quality", "hashquality", "pdqquality"},
    "source": {"source", "origin", "provider"},
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns that matter, counted from 0; None where there is no such column.

    Attributes:
        hashes: where hashes are, each with the hasher that its column is named after, or None.
        hasher: the column with the names of the hashers.
        quality: the column of qualities.
        source: the column of sources.
    """

    hashes: tuple[tuple[int, str | None], ...]
    hasher: int | None = None
    quality: int | None = None
    source: int | None = None


def find(names: Sequence[str], hashers: Iterable[str]) -> Columns | None:
    """Read a header; None where no column is known to hold hashes.

    A column may be named ``hash`` (or as other programs call it), or after a hasher: a table with
    the columns ``pdq`` and ``sha256`` gives two hashes a row.
    """
    tidy = [plain(name) for name in names]
    by_hasher = {plain(hasher): hasher for hasher in hashers}
    place = {
        meaning: next((at for at, name in enumerate(tidy) if name in known), None)
        for meaning, known in _NAMES.items()
    }
    if place["hash"] is not None:
        hashes: tuple[tuple[int, str | None], ...] = ((place["hash"], None),)
    else:
        hashes = tuple((at, by_hasher[name]) for at, name in enumerate(tidy) if name in by_hasher)
    if not hashes:
        return None
    return Columns(hashes, place["hasher"], place["quality"], place["source"])


def plain(name: str) -> str:
    """A name without what people write differently: case, spaces, hyphens, underscores."""
    return "".join(character for character in name.casefold() if character.isalnum())
