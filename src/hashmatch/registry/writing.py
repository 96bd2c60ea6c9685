"""A hash list written to a file, which appears whole or not at all."""

import csv
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from hashmatch.errors import ListFileError
from hashmatch.registry import sources
from hashmatch.registry.reading import FileFormat
from hashmatch.registry.rows import Row

_GROUP: Final = 64  # batches in a row group: few large ones are what readers of Parquet like
_HEADER: Final = ("hasher", "hash", "quality", "source")


def write_file(path: Path, file_format: FileFormat, batches: Iterable[list[Row]]) -> int:
    """Write hashes to a file that only its owner can read; returns how many they were.

    Raises:
        ListFileError: the file cannot be written; or plain lines, which do not tell hashers
            apart, were asked for hashes of several.
    """
    write = {"csv": _write_csv, "parquet": _write_parquet, "hex": _write_hex}[file_format]
    with _appearing_whole(path) as file:
        return write(file, batches)


def _write_csv(file: IO[bytes], batches: Iterable[list[Row]]) -> int:
    count = 0
    file.write((",".join(_HEADER) + "\n").encode())
    for rows in batches:
        lines = _Lines()
        csv.writer(lines, lineterminator="\n").writerows(
            (value.hasher, value.hex, value.quality, sources.to_cell(source))
            for value, source in rows
        )
        file.writelines(lines.encoded)
        count += len(rows)
    return count


class _Lines:
    """What `csv.writer` writes to, in bytes."""

    def __init__(self) -> None:
        self.encoded: list[bytes] = []

    def write(self, line: str) -> None:
        self.encoded.append(line.encode())


def _write_hex(file: IO[bytes], batches: Iterable[list[Row]]) -> int:
    count = 0
    hashers: set[str] = set()
    for rows in batches:
        hashers.update(value.hasher for value, _ in rows)
        if len(hashers) > 1:
            raise ListFileError(
                f"Plain lines hold the hashes of one hasher, and this list has "
                f"{' and '.join(sorted(hashers))}. Name the hasher, or write CSV or Parquet."
            )
        file.writelines(f"{value.hex}\n".encode() for value, _ in rows)
        count += len(rows)
    return count


def _write_parquet(file: IO[bytes], batches: Iterable[list[Row]]) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema(
        [
            ("hasher", pa.string()),
            ("hash", pa.string()),
            ("quality", pa.int16()),
            ("source", pa.string()),
        ]
    )

    def arrow(rows: list[Row]) -> Any:
        return pa.record_batch(
            [
                [value.hasher for value, _ in rows],
                [value.hex for value, _ in rows],
                [value.quality for value, _ in rows],
                [source for _, source in rows],
            ],
            schema=schema,
        )

    count = 0
    pieces = (arrow(rows) for rows in batches if rows)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(pieces, _GROUP)):
            table = pa.Table.from_batches(group)
            writer.write_table(table)
            count += table.num_rows
    return count


@contextmanager
def _appearing_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when all of it is on the disk."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            _sync_folder(path.parent)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise ListFileError(
            f"The file {str(path)!r} cannot be written: {error.strerror or error}."
        ) from None


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and keeps names in its journal
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
