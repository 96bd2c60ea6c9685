"""Codes from the files that people have: NumPy arrays, Parquet tables, lines of hexadecimal digits.

| ending | what it holds |
|---|---|
| ``.npy`` | an array ``(n, width)`` of uint8; opened by mmap |
| ``.parquet``, ``.pq`` | a column ``code`` or ``hash``, or only one: bytes, or hexadecimal text |
| ``.txt``, ``.hex`` | a code a line; blank lines and those that begin with ``#`` are passed over |
"""

import codecs
import os
import re
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

from hashmatch.errors import InvalidCodesError
from hashmatch.indexes.base import checked_codes
from hashmatch.types import Codes

HEX_PAIRS: Final = re.compile(rb"(?:[0-9a-fA-F]{2})+")
COLUMNS: Final = ("code", "hash")


def read_codes_file(path: str | PathLike[str]) -> Codes:
    """All codes of a file, in its order, shape ``(n, width)``, uint8; not to be written to.

    Raises:
        InvalidCodesError: the file cannot be read, or is no file of codes of one width, a multiple
            of 64 bits; the message names the file, and the line or row where there is one.
    """
    place = Path(path)
    reader = _READERS.get(place.suffix.lower())
    if reader is None:
        raise InvalidCodesError(
            f"The name {place.name!r} does not tell what file of codes it is; give it one of the "
            f"endings {', '.join(_READERS)}. A CSV file is for `hashmatch list import`."
        )
    try:
        codes = reader(place)
    except OSError as error:
        why = error if error.errno is None else os.strerror(error.errno)
        raise InvalidCodesError(f"The file {place} cannot be read: {why}.") from None
    if not len(codes):
        raise InvalidCodesError(f"The file {place} holds no codes.")
    try:
        return checked_codes(codes)
    except InvalidCodesError as error:
        raise InvalidCodesError(f"The file {place} holds no codes. {error}") from None


def _read_array(path: Path) -> Codes:
    try:
        array: Codes = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError):
        raise InvalidCodesError(
            f"The file {path} is no NumPy array, or a damaged one; write it with numpy.save."
        ) from None
    return array


def _read_lines(path: Path) -> Codes:
    codes: list[bytes] = []
    written = path.read_bytes().removeprefix(codecs.BOM_UTF8)  # which Windows' editors put there
    for number, line in enumerate(written.splitlines(), start=1):
        digits = line.strip()
        if not digits or digits.startswith(b"#"):
            continue
        if not HEX_PAIRS.fullmatch(digits):
            raise InvalidCodesError(
                f"The file {path}, line {number}: a code is an even number of hexadecimal digits."
            )
        codes.append(bytes.fromhex(digits.decode("ascii")))
        if len(codes[-1]) != len(codes[0]):
            raise InvalidCodesError(
                f"The file {path}, line {number}: this code has {8 * len(codes[-1])} bits, those "
                f"before it have {8 * len(codes[0])}. Give each width its own file."
            )
    return np.frombuffer(b"".join(codes), np.uint8).reshape(len(codes), -1) if codes else _nothing()


def _read_table(path: Path) -> Codes:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            name = _column(path, file.schema_arrow.names)
            column = file.read([name]).column(0)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise InvalidCodesError(
            f"The file {path} is no Parquet file, or a damaged one ({type(error).__name__})."
        ) from None
    if column.null_count:
        raise InvalidCodesError(
            f"The file {path} has {column.null_count} nulls in the column {name!r}, the first in "
            f"row {column.is_null().index(True).as_py() + 1}. Drop those rows."
        )
    return _unpacked(path, name, column)


def _column(path: Path, names: list[str]) -> str:
    """The column that holds the codes."""
    for name in names:
        if name.lower() in COLUMNS or len(names) == 1:
            return name
    raise InvalidCodesError(
        f"The file {path} has no column {' or '.join(map(repr, COLUMNS))}; it has "
        f"{', '.join(map(repr, names)) or 'none'}. Rename the one that holds the codes."
    )


def _unpacked(path: Path, name: str, column: Any) -> Codes:
    """A column without nulls as an array."""
    import pyarrow as pa
    from pyarrow import compute, types

    kind = column.type
    is_text = types.is_string(kind) or types.is_large_string(kind)
    if not (is_text or types.is_binary(kind) or types.is_large_binary(kind)
            or types.is_fixed_size_binary(kind)):  # fmt: skip
        raise InvalidCodesError(
            f"The column {name!r} of {path} is of type {kind}; codes are bytes (fixed-size binary) "
            f"or hexadecimal text."
        )
    if not len(column):
        return _nothing()
    binary = column.cast(pa.binary())
    lengths = compute.binary_length(binary)
    bounds = compute.min_max(lengths).as_py()
    if bounds["min"] != bounds["max"]:
        raise InvalidCodesError(
            f"The column {name!r} of {path} holds codes of different widths, {bounds['min']} to "
            f"{bounds['max']} {'digits' if is_text else 'bytes'}. Give each width its own file."
        )
    packed = b"".join(
        chunk.cast(pa.binary(bounds["max"]))
        .buffers()[1]
        .to_pybytes()[chunk.offset * bounds["max"] : (chunk.offset + len(chunk)) * bounds["max"]]
        for chunk in binary.chunks
    )
    if is_text:
        try:
            packed = bytes.fromhex(packed.decode("ascii"))
        except ValueError:
            raise InvalidCodesError(
                f"The column {name!r} of {path} holds text that is not hexadecimal digits."
            ) from None
    return np.frombuffer(packed, np.uint8).reshape(len(column), -1)


def _nothing() -> Codes:
    return np.empty((0, 8), np.uint8)


_READERS: Final = {
    ".npy": _read_array,
    ".parquet": _read_table,
    ".pq": _read_table,
    ".txt": _read_lines,
    ".hex": _read_lines,
}
