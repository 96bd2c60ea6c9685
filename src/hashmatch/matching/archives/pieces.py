"""An archive is Parquet files; a piece is a row group of one: what is scanned at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from hashmatch.errors import ArchiveError
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
        place: a Parquet file, a folder of such, or a URL of either that Arrow reads by itself
            (``s3://``, ``gs://``, ``hdfs://``).

    Raises:
        ArchiveError: there is no such place, nothing in it, or a file is no such archive.
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


def holds_archives(folder: Path) -> bool:
    """Whether a folder has Parquet files in it."""
    return any(file.suffix.lower() in _ENDINGS for file in folder.rglob("*"))


def read(piece: Piece, columns: tuple[str, ...]) -> Any:
    """Some columns of a piece, as an Arrow table; those that it does not have are left out.

    Raises:
        ArchiveError: it cannot be read.
    """
    try:
        with _open(piece.file) as file:
            here = [name for name in columns if name in file.schema_arrow.names]
            return file.read_row_group(piece.group, columns=here)
    except (OSError, pa.ArrowException, IndexError) as error:
        raise ArchiveError(
            f"Row group {piece.group} of {piece.file} cannot be read ({type(error).__name__}). "
            "Was the file changed or damaged? Scan again."
        ) from error


def _files(place: str) -> list[tuple[str, str]]:
    system, path = _system(place)
    try:
        here = system.get_file_info(path)
        if here.type == pafs.FileType.Directory:
            inside = system.get_file_info(pafs.FileSelector(path, recursive=True))
            found = [each for each in inside if each.path.lower().endswith(_ENDINGS)]
        else:
            found = [here] if here.type == pafs.FileType.File else []
    except (OSError, pa.ArrowException) as error:
        raise ArchiveError(f"{place} cannot be read: {error}") from error
    if not found:
        raise ArchiveError(f"There is no Parquet file at {place}.")
    scheme = place.partition("://")[0] + "://" if "://" in place else ""
    return sorted((scheme + each.path, f"{each.size}-{each.mtime_ns}") for each in found)


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


def _system(place: str) -> tuple[Any, str]:
    if "://" not in place:
        return pafs.LocalFileSystem(), place
    try:
        system, path = pafs.FileSystem.from_uri(place)
    except (OSError, pa.ArrowException) as error:
        raise ArchiveError(f"{place} is a URL that cannot be read here: {error}") from error
    return system, path


def _open(file: str) -> Any:
    system, path = _system(file)
    return pq.ParquetFile(system.open_input_file(path))
