"""Files of hashes, read in batches: CSV, Parquet, and plain lines of hexadecimal digits.

Whatever a file holds, memory stays bounded and a bad line costs that line only.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

from hashmatch.errors import InvalidHashError, ListFileError
from hashmatch.registry.columns import Columns, find
from hashmatch.registry.rows import BadLine, Row, RowBatch, RowReader

FileFormat = Literal["csv", "parquet", "hex"]

MAX_LINE: Final = 65_536
"""Characters in one line; a longer one is a bad line."""

_BATCH: Final = 10_000
_HASH_ONLY: Final = Columns(hashes=((0, None),))
_HASH_AND_QUALITY: Final = Columns(hashes=((0, None),), quality=1)

_FORMATS: Final[dict[str, FileFormat]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".txt": "hex",
    ".hex": "hex",
    "": "hex",
}
_NOT_TEXT: Final = {
    b"PAR1": "a Parquet file; name the format parquet",
    b"PK\x03\x04": "a zip archive or an Excel workbook; save the table as CSV",
    b"\x1f\x8b": "compressed; unpack it first",
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
}


def format_of(path: Path) -> FileFormat:
    """The format that a file's name tells."""
    try:
        return _FORMATS[path.suffix.lower()]
    except KeyError:
        raise ListFileError(
            f"The name {path.name!r} does not tell its format. "
            "Name the format: csv, parquet or hex."
        ) from None


def size_of(path: Path, file_format: FileFormat) -> int | None:
    """What `RowBatch.done` will reach, in bytes or rows; None where that is not known."""
    if file_format == "parquet":
        with _parquet(path) as file:
            rows: int = file.metadata.num_rows
            return rows
    return path.stat().st_size if path.is_file() else None


def read_file(path: Path, file_format: FileFormat, reader: RowReader) -> Iterator[RowBatch]:
    """Everything in a file, batch by batch.

    Raises:
        ListFileError: the file cannot be read, or is not of its format at all.
    """
    if file_format == "parquet":
        return _read_parquet(path, reader)
    return _read_text(path, reader, is_table=file_format == "csv")


def _read_text(path: Path, reader: RowReader, *, is_table: bool) -> Iterator[RowBatch]:
    read_line = _Table(reader).read if is_table else _Column(reader).read
    try:
        with path.open("rb") as file:
            _refuse_other_files(path, file.peek(4))
            # surrogates mark the bytes that are not UTF-8, so that they spoil their line only
            text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape")
            batch = RowBatch()
            for number, line in enumerate(_lines(text), start=1):
                if _is_blank(line):
                    continue
                try:
                    _refuse_bad_text(line)
                    batch.rows += read_line(line)
                except InvalidHashError as error:
                    batch.bad.append(BadLine(number, str(error)))
                if len(batch.rows) + len(batch.bad) >= _BATCH:
                    batch.done = _position(file)
                    yield batch
                    batch = RowBatch()
            batch.done = _position(file)
            yield batch
    except OSError as error:
        raise ListFileError(
            f"The file {path.name!r} cannot be read: {error.strerror or error}."
        ) from None


def _refuse_other_files(path: Path, head: bytes) -> None:
    for magic, what in _NOT_TEXT.items():
        if head.startswith(magic):
            raise ListFileError(f"The file {path.name!r} is {what}.")


def _position(file: io.BufferedReader) -> int:
    return file.tell() if file.seekable() else 0


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines without their ends, of at most `MAX_LINE` characters; of a longer one, one more."""
    while line := text.readline(MAX_LINE + 1):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith("\n"):
            rest = text.readline(MAX_LINE + 1)
        yield line.removesuffix("\n")


def _is_blank(line: str) -> bool:
    text = line.lstrip()
    return not text or text.startswith("#")


def _refuse_bad_text(line: str) -> None:
    if len(line) > MAX_LINE:
        raise InvalidHashError(f"it is longer than {MAX_LINE} characters")
    if "\0" in line:
        raise InvalidHashError("it holds a NUL byte")
    if not line.isascii() and any("\ud800" <= character <= "\udfff" for character in line):
        raise InvalidHashError("it is not UTF-8 text")


class _Column:
    """Plain lines: each is a hash."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader

    def read(self, line: str) -> list[Row]:
        return self._reader.read((line,), _HASH_ONLY)


class _Table:
    """A CSV file. Its header, or its first line where it has none, tells what the columns are."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._columns: Columns | None = None
        self._delimiter = ","

    def read(self, line: str) -> list[Row]:
        if self._columns is not None:
            return self._reader.read(self._cells(line), self._columns)
        self._delimiter = max(",;\t", key=line.count)
        names = self._cells(line)
        self._columns = find(names, self._reader.widths)
        if self._columns is not None:
            return []
        self._columns = _HASH_AND_QUALITY
        try:
            return self._reader.read(names, self._columns)
        except InvalidHashError:
            raise ListFileError(
                "The table does not begin with a header that names a column of hashes. "
                "Give it the columns hasher, hash, quality and source; only hash is needed."
            ) from None

    def _cells(self, line: str) -> list[str]:
        if '"' not in line:
            return line.split(self._delimiter)
        try:
            (cells,) = csv.reader((line,), delimiter=self._delimiter, strict=True)
        except (csv.Error, ValueError):
            raise InvalidHashError("its quotation marks do not pair up") from None
        return cells


def _read_parquet(path: Path, reader: RowReader) -> Iterator[RowBatch]:
    import pyarrow as pa

    with _parquet(path) as file:
        names = file.schema_arrow.names
        columns = find(names, reader.widths)
        if columns is None:
            raise ListFileError(
                f"The file {path.name!r} has no column of hashes. Give it the columns hasher, "
                "hash, quality and source; only hash is needed."
            )
        done = 0
        try:
            for part in file.iter_batches(batch_size=_BATCH):
                batch = RowBatch()
                cells = [
                    column.to_pylist() if column.type.num_fields == 0 else [None] * len(column)
                    for column in part.columns
                ]
                for number, row in enumerate(zip(*cells, strict=True), start=done + 1):
                    try:
                        batch.rows += reader.read(row, columns)
                    except InvalidHashError as error:
                        batch.bad.append(BadLine(number, str(error)))
                done += part.num_rows
                batch.done = done
                yield batch
        except (pa.ArrowException, OSError) as error:
            raise ListFileError(
                f"The file {path.name!r} is damaged after row {done}: {type(error).__name__}."
            ) from None


def _parquet(path: Path) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        why = getattr(error, "strerror", None) or "it is not a Parquet file, or a damaged one"
        raise ListFileError(f"The file {path.name!r} cannot be read: {why}.") from None
