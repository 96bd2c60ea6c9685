"""The columns of an archive: Arrow in, codes and qualities out."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hashmatch.types import Codes

HASH: Final = "hash"
QUALITY: Final = "quality"
HASHER: Final = "hasher"
VIEW: Final = "view"
PATH: Final = "path"

_DIGITS: Final = np.full(256, 255, np.uint8)
_DIGITS[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16)
_DIGITS[np.frombuffer(b"ABCDEF", np.uint8)] = np.arange(10, 16)


def read_codes(column: Any, width: int) -> tuple[npt.NDArray[np.int64], Codes]:
    """The codes of a column, and their rows; without a copy where they lie as a matrix.

    Args:
        column: a chunked array of bytes (of any binary type) or of hexadecimal text.
        width: bytes of a code.

    Returns:
        Rows, rising, shape ``(n,)``, and codes, shape ``(n, width)``. Nulls are left out, and so
        is what has another width or is no hexadecimal text.
    """
    if isinstance(column, pa.ChunkedArray):
        array = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    else:
        array = column
    if isinstance(array, pa.ChunkedArray):  # of no chunks
        return np.empty(0, np.int64), np.empty((0, width), np.uint8)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    text = pa.types.is_string(array.type) or pa.types.is_large_string(array.type)
    wanted = 2 * width if text else width
    if pa.types.is_fixed_size_binary(array.type):
        if array.type.byte_width != wanted:
            return np.empty(0, np.int64), np.empty((0, width), np.uint8)
        good = array.is_valid() if array.null_count else None
    else:
        good = pc.fill_null(pc.equal(pc.binary_length(array), wanted), False)
    if good is None:
        rows, kept = np.arange(len(array)), array
    else:
        rows = np.flatnonzero(good.to_numpy(zero_copy_only=False)).astype(np.int64)
        kept = array.filter(good)
    codes = _matrix(kept, wanted)
    if not text:
        return rows, codes
    digits = _DIGITS[codes]
    hexadecimal = (digits < 16).all(1)
    digits = digits[hexadecimal]
    return rows[hexadecimal], np.ascontiguousarray(digits[:, ::2] << 4 | digits[:, 1::2])


def _matrix(array: Any, width: int) -> npt.NDArray[np.uint8]:
    """The bytes of values that are all valid and of one width."""
    if not len(array):
        return np.empty((0, width), np.uint8)
    data = np.frombuffer(array.buffers()[-1], np.uint8)
    if pa.types.is_fixed_size_binary(array.type):
        first = array.offset * width
    else:
        kind = np.int32 if array.type in {pa.binary(), pa.string()} else np.int64
        # values that are filtered out leave no gap: what is valid follows what is valid
        first = int(np.frombuffer(array.buffers()[1], kind)[array.offset])
    return data[first : first + len(array) * width].reshape(len(array), width)


def read_qualities(table: Any) -> npt.NDArray[np.int16]:
    """The qualities of a table's rows, -1 where one is not known, shape ``(n,)``."""
    if QUALITY not in table.column_names:
        return np.full(table.num_rows, -1, np.int16)
    column = table.column(QUALITY).cast(pa.int16())
    if column.null_count:
        column = pc.fill_null(column, -1)
    return np.asarray(column.to_numpy(), np.int16)
