"""From the cells of one line to hashes: every check that a line of a file has to pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hashmatch.errors import InvalidHashError, RegistryError
from hashmatch.registry import sources
from hashmatch.registry.columns import Columns, plain
from hashmatch.registry.widths import Width
from hashmatch.types import Hash

Row = tuple[Hash, str]
"""A hash and its source."""

Cell = str | bytes | float | None


class BadLine(NamedTuple):
    """A line that was left out: its number, counted from 1, and why. Never what stood in it."""

    number: int
    why: str


@dataclass(slots=True)
class RowBatch:
    """What some lines of a file came to.

    Attributes:
        done: how much of the file has been read, in the file's own unit (bytes, or rows).
        rows: hashes with their sources.
        bad: the lines that were left out.
    """

    done: int = 0
    rows: list[Row] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)


class RowReader:
    """Turns the cells of a line into hashes.

    Args:
        widths: the hashers that the registry knows.
        hasher: the hasher of hashes that stand without one.
        source: the source of hashes that stand without one.
    """

    def __init__(self, widths: Mapping[str, Width], hasher: str, source: str) -> None:
        self.widths: Final = widths
        self._hasher: Final = hasher
        self._source: Final = source
        self._names: Final = {plain(name): name for name in widths}

    def read(self, cells: Sequence[Cell], columns: Columns) -> list[Row]:
        """The hashes of one line, at least one.

        Raises:
            InvalidHashError: why the line cannot be taken; says nothing of what stands in it.
        """
        hasher = self._hasher_in(_cell(cells, columns.hasher))
        quality = _quality_in(_cell(cells, columns.quality))
        source = self._source_in(_cell(cells, columns.source))
        rows = []
        for place, named_after in columns.hashes:
            cell = _cell(cells, place)
            if cell is None or cell in ("", b""):
                continue
            value = self._hash_in(cell, named_after or hasher, quality)
            rows.append((value, source))
        if not rows:
            raise InvalidHashError("there is no hash in it")
        return rows

    def _hash_in(self, cell: Cell, hasher: str, quality: int | None) -> Hash:
        bits = self.widths[hasher].bits
        if isinstance(cell, bytes) and len(cell) == bits // 8:
            return Hash(hasher, cell, quality)
        return Hash(hasher, _digits_in(cell, hasher, bits), quality)

    def _hasher_in(self, cell: Cell) -> str:
        if cell is None or cell == "":
            return self._hasher
        hasher = self._names.get(plain(str(cell)))
        if hasher is None:  # not repeated: in a file with its columns swapped, this is a hash
            raise InvalidHashError(
                f"its hasher is none of those known here ({', '.join(sorted(self.widths))})"
            )
        return hasher

    def _source_in(self, cell: Cell) -> str:
        if cell is None or cell == "":
            return self._source
        if not isinstance(cell, str):
            raise InvalidHashError("its source is not a text")
        try:
            return sources.checked(sources.from_cell(cell))
        except RegistryError as error:
            raise InvalidHashError(str(error)) from None


def _cell(cells: Sequence[Cell], place: int | None) -> Cell:
    if place is None or place >= len(cells):
        return None
    cell = cells[place]
    return cell.strip() if isinstance(cell, str) else cell


def _digits_in(cell: Cell, hasher: str, bits: int) -> bytes:
    text = cell.decode("ascii", "replace").strip() if isinstance(cell, bytes) else cell
    if not isinstance(text, str):
        raise InvalidHashError("its hash is not a text")
    if len(text) != bits // 4:
        raise InvalidHashError(
            f"a {hasher} hash has {bits // 4} hexadecimal digits, this has {len(text)} characters"
        )
    try:
        code = bytes.fromhex(text)
    except ValueError:
        code = b""
    if 8 * len(code) != bits:  # fromhex skips white space
        raise InvalidHashError("its hash has characters that are not hexadecimal digits")
    return code


def _quality_in(cell: Cell) -> int | None:
    if cell is None or cell == "":
        return None
    try:
        number = float(cell)
        quality = int(number)
    except (ValueError, OverflowError):  # a word, a NaN, an infinity
        raise InvalidHashError("its quality is not a number") from None
    if quality != number or not 0 <= quality <= 100:
        raise InvalidHashError("its quality is not a whole number from 0 to 100")
    return quality
