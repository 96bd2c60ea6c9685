"""One piece of an archive → its matches, in Arrow. This is all that a worker does, anywhere."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hashmatch.hashers import LIKELIHOODS, likelihood
from hashmatch.matching.archives import columns
from hashmatch.matching.archives.comparison import Comparison, Found
from hashmatch.matching.archives.pieces import Piece, read
from hashmatch.matching.bulk import ACTIONS
from hashmatch.types import ORIGINAL, Codes

RESULTS: Final = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("path", pa.string()),
        ("hasher", pa.string()),
        ("view", pa.string()),
        ("entry", pa.int64()),
        ("list", pa.string()),
        ("distance", pa.uint16()),
        ("action", pa.string()),
        ("verdict", pa.string()),
        ("sequence", pa.int64()),
    ]
)
"""A row for each match: where the code stands in the archive; the entry, its list and what that
makes of it; what all lists make of the code; the change that the lists were at. No hashes."""

_CODES: Final = (columns.HASH, columns.QUALITY, columns.HASHER, columns.VIEW)


class Scanned(NamedTuple):
    """What came of a piece: its matches as in `RESULTS`, by row, and how many codes it has."""

    matches: Any
    codes: int


class _Part(NamedTuple):
    """The codes of a piece that are by one hasher, with their rows and qualities."""

    hasher: str
    rows: npt.NDArray[np.int64]
    codes: Codes
    qualities: npt.NDArray[np.int16]
    likelihoods: npt.NDArray[np.uint8] | None


def scan_piece(
    piece: Piece,
    comparison: Comparison,
    hasher: str,
    current: npt.NDArray[np.bool_] | None = None,
) -> Scanned:
    """Compare the codes of a piece; the search is shared out to all threads that searches may use.

    Args:
        piece: it.
        comparison: with what it is to be compared.
        hasher: by which the codes were made, where the archive does not tell.
        current: which rows count, shape ``(rows,)``; by default all.

    Raises:
        ArchiveError: the piece cannot be read.
    """
    table = read(piece, _CODES)
    found: list[tuple[str, Found]] = []
    compared = 0
    for part in _parts(table, comparison, hasher, current):
        near = comparison.find(part.codes, part.qualities, part.hasher, part.likelihoods)
        found.append((part.hasher, replace(near, rows=part.rows[near.rows])))
        compared += len(part.rows)
    return Scanned(_told(piece, table, found, comparison.sequence), compared)


def _parts(
    table: Any, comparison: Comparison, hasher: str, current: npt.NDArray[np.bool_] | None
) -> Iterator[_Part]:
    qualities = columns.read_qualities(table)
    for name, rows in _by_hasher(table, hasher):
        width = comparison.width(name)
        if width is None:
            continue
        column = table.column(columns.HASH)
        here, codes = columns.read_codes(column if rows is None else column.take(rows), width)
        where = here if rows is None else rows[here]
        if current is not None:
            kept = current[where]
            where, codes = where[kept], codes[kept]
        if len(where):
            yield _Part(name, where, codes, qualities[where], _likelihoods(table, where))


def _by_hasher(table: Any, hasher: str) -> list[tuple[str, npt.NDArray[np.int64] | None]]:
    """The rows of each hasher; None stands for all."""
    if columns.HASHER not in table.column_names:
        return [(hasher, None)]
    names = table.column(columns.HASHER)
    kinds = pc.unique(names).to_pylist()
    if len(kinds) == 1 and kinds[0] is not None:
        return [(kinds[0], None)]
    of = {
        name: np.flatnonzero(pc.fill_null(pc.equal(names, name), False).to_numpy())
        for name in kinds
        if name is not None
    }
    return sorted((name, rows.astype(np.int64)) for name, rows in of.items())


def _likelihoods(table: Any, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8] | None:
    """Of the views that are named; a row that names none is of the picture as it is."""
    if columns.VIEW not in table.column_names:
        return None
    views = table.column(columns.VIEW).take(rows)
    named = pc.fill_null(views.cast(pa.string()), ORIGINAL).combine_chunks().dictionary_encode()
    kinds = [LIKELIHOODS.index(likelihood(name)) for name in named.dictionary.to_pylist()]
    of_rows: npt.NDArray[np.uint8] = np.array(kinds, np.uint8)[named.indices.to_numpy()]
    return of_rows


def _told(piece: Piece, table: Any, found: list[tuple[str, Found]], sequence: int) -> Any:
    parts = [_table(piece, table, name, part, sequence) for name, part in found if len(part.rows)]
    if not parts:
        return RESULTS.empty_table()
    paths = read(piece, (columns.PATH,))
    joined = pa.concat_tables(parts)
    if columns.PATH in paths.column_names:
        rows = pc.subtract(joined.column("row"), piece.first)
        path = paths.column(columns.PATH).take(rows).cast(pa.string())
        joined = joined.set_column(RESULTS.get_field_index("path"), "path", path)
        if columns.VIEW in table.column_names:
            joined = _nearest(joined)
    order = [(name, "ascending") for name in ("row", "distance", "entry")]
    return joined.sort_by(order).cast(RESULTS)


def _table(piece: Piece, table: Any, name: str, found: Found, sequence: int) -> Any:
    count = len(found.rows)
    actions = pa.array(ACTIONS)
    views = pa.nulls(count, pa.string())
    if columns.VIEW in table.column_names:
        views = table.column(columns.VIEW).take(found.rows).cast(pa.string())
    return pa.table(
        {
            "file": pa.repeat(piece.file, count),
            "row": pa.array(piece.first + found.rows),
            "path": pa.nulls(count, pa.string()),
            "hasher": pa.repeat(name, count),
            "view": pc.fill_null(views, ORIGINAL),
            "entry": pa.array(found.entries),
            "list": pa.array(found.names).take(pa.array(found.list_of)),
            "distance": pa.array(found.distances),
            "action": actions.take(pa.array(found.actions)),
            "verdict": actions.take(pa.array(found.verdicts)),
            "sequence": pa.repeat(pa.scalar(sequence, pa.int64()), count),
        }
    )


def _nearest(table: Any) -> Any:
    """Of several views of one picture that are near an entry the nearest, of equals the first."""
    keys = ("path", "entry", "distance", "row")
    table = table.sort_by([(name, "ascending") for name in keys])
    paths = table.column("path").combine_chunks().dictionary_encode()
    path = paths.indices.to_numpy(zero_copy_only=False)
    entry = table.column("entry").to_numpy()
    first = np.ones(table.num_rows, bool)
    first[1:] = (path[1:] != path[:-1]) | (entry[1:] != entry[:-1])
    return table.filter(pa.array(first))
