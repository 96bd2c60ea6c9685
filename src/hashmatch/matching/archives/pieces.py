"""An archive is Parquet files; a piece is a row group of one: what is scanned at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from hashmatch.errors import ArchiveError
from hashmatch.matching.archives.buckets import Bucket, is_url
from hashmatch.matching.archives.columns import HASH, HASHER, PATH, QUALITY, VIEW

_ENDINGS: Final = (".parquet", ".pq")


@dataclass(frozen=True, slots=True)
class Piece:
    """One row group.

    Attributes:
        file: the Parquet file, a path or a URL.
        mark: its size and time of change: another mark is another file.
        group: the number of the row group.
        first: the number of its first row within the file.
        rows: how many it has.
    """

    file: str
    mark: str
    group: int
    first: int
    rows: int

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it apart from every other piece, also of an earlier state of its file."""
        return self.file, self.mark, self.group


class Pieces:
    """The pieces of an archive, by file name and row group.

    Args:
        place: a Parquet file, a folder of such, or a URL of either (``s3://bucket/folder``).

    Raises:
        ArchiveError: there is no such place, nothing in it, or a file is no such archive.
        MissingExtraError: a URL, and the extra for it is not installed.
    """

    def __init__(self, place: str) -> None:
        self._pieces: Final = tuple(
            piece for file, mark in _files(place) for piece in _pieces_of(file, mark)
        )

    def __iter__(self) -> Iterator[Piece]:
        return iter(self._pieces)

    def __len__(self) -> int:
        return len(self._pieces)

    @property
    def rows(self) -> int:
        """How many rows they have together."""
        return sum(piece.rows for piece in self._pieces)


def is_archive(name: str) -> bool:
    """Whether a file's name is that of a Parquet file."""
    return name.lower().endswith(_ENDINGS)


def read(piece: Piece, columns: tuple[str, ...]) -> Any:
    """Some columns of a piece, as an Arrow table; those that it does not have are left out.

    Raises:
        ArchiveError: it cannot be read.
    """
    try:
        with _open(piece.file) as file:
            here = [name for name in columns if name in file.schema_arrow.names]
            # pieces are read side by side, each by who wants it
            return file.read_row_group(piece.group, columns=here, use_threads=False)
    except (OSError, pa.ArrowException, IndexError) as error:
        raise ArchiveError(
            f"Row group {piece.group} of {piece.file} cannot be read ({type(error).__name__}). "
            "Was the file changed or damaged? Scan again."
        ) from error


def _files(place: str) -> list[tuple[str, str]]:
    """The files of an archive, and their marks."""
    try:
        found = _in_bucket(place) if is_url(place) else _in_folder(Path(place))
    except OSError as error:
        raise ArchiveError(f"{place} cannot be read: {error.strerror}.") from None
    if not found:
        raise ArchiveError(f"There is no Parquet file at {place}.")
    return sorted(found)


def _in_folder(place: Path) -> list[tuple[str, str]]:
    inside = [path for path in place.rglob("*") if is_archive(path.name) and path.is_file()]
    found = [(path, path.stat()) for path in inside or [place] if path.is_file()]
    return [(str(path), f"{known.st_size}-{known.st_mtime_ns}") for path, known in found]


def _in_bucket(url: str) -> list[tuple[str, str]]:
    bucket = Bucket(url)
    alone = bucket.stored()
    here = {"": alone} if alone else bucket.objects()
    return [
        (bucket.at(path), f"{known.size}-{known.tag}")
        for path, known in here.items()
        if alone or is_archive(path)
    ]


def _pieces_of(file: str, mark: str) -> Iterator[Piece]:
    try:
        with _open(file) as opened:
            schema, metadata = opened.schema_arrow, opened.metadata
    except (OSError, pa.ArrowException) as error:
        raise ArchiveError(f"{file} is no Parquet file, or is damaged.") from error
    _look_at(schema, file)
    first = 0
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        yield Piece(file, mark, group, first, rows)
        first += rows


def _look_at(schema: Any, file: str) -> None:
    if HASH not in schema.names:
        raise ArchiveError(
            f"{file} has no column {HASH!r}; it has {', '.join(map(repr, schema.names))}. "
            f"An archive has a column {HASH!r}, and may have {HASHER!r}, {QUALITY!r}, {PATH!r}."
        )
    for name, (words, is_such) in _KINDS.items():
        if name in schema.names:
            kind = schema.field(name).type
            kind = kind.value_type if pa.types.is_dictionary(kind) else kind
            if not is_such(kind):
                raise ArchiveError(f"The column {name!r} of {file} must be {words}, not {kind}.")


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_code(kind: Any) -> bool:
    return bool(
        _is_text(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


_KINDS: Final[dict[str, tuple[str, Callable[[Any], bool]]]] = {
    HASH: ("bytes, or hexadecimal text", _is_code),
    QUALITY: ("whole numbers", pa.types.is_integer),
    HASHER: ("text", _is_text),
    VIEW: ("text", _is_text),
}


def _open(file: str) -> Any:
    if is_url(file):
        return pq.ParquetFile(Bucket(file).open(), pre_buffer=True)
    return pq.ParquetFile(file, pre_buffer=False)
