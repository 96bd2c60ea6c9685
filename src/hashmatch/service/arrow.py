"""Codes in an Arrow stream, and what was found as one; nothing is unpacked before it is bounded.

A buffer of a compressed batch begins with the length that it unpacks to. Those lengths are added
up from the metadata, so that a few kilobytes cannot become gigabytes. Format: the Arrow columnar
specification, "Encapsulated message format" and "RecordBatch body compression".
"""

import struct
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hashmatch.errors import BadRequestError, BodyTooLargeError, InvalidCodesError
from hashmatch.matching import ACTIONS, Judged
from hashmatch.types import Codes

_UNPACKED_BYTES: Final = 4_000_000
_HEADER, _BUFFERS, _COMPRESSION = 2, 2, 3  # fields of the tables Message and RecordBatch

Qualities = npt.NDArray[np.int16]


def read(body: bytearray, width: int, most: int) -> tuple[Codes, Qualities | None]:
    """The columns ``code`` and, where there is one, ``quality`` of a stream.

    Args:
        body: the stream.
        width: bytes of a code.
        most: codes that it may have.

    Returns:
        The codes, shape ``(n, width)``, and their qualities, shape ``(n,)``, -1 where one is null.

    Raises:
        BadRequestError: it is no such stream, or has too many codes.
        BodyTooLargeError: it would unpack to more than 4 MB.
        InvalidCodesError: a code is null, or a quality is none.
    """
    try:
        batches = [*_batches(body, most)]
        codes = [_codes(batch.column("code"), width) for batch in batches]
        qualities = [
            _qualities(batch.column("quality"))
            for batch in batches
            if "quality" in batch.schema.names
        ]
    except (pa.ArrowException, KeyError, ValueError, OSError, EOFError, struct.error):
        raise BadRequestError(
            f"The body is not an Arrow stream with a column 'code' of {width} bytes a value."
        ) from None
    joined = np.concatenate([np.empty((0, width), np.uint8), *codes])
    return joined, np.concatenate(qualities) if qualities else None


def write(judged: Judged) -> bytes:
    """A row for each match; ``query`` counts codes from 0."""
    names = pa.array([each.name for each in judged.lists], pa.string())
    query = judged.matches.queries()
    table = pa.table(
        {
            "query": pa.array(query, pa.int64()),
            "entry": pa.array(judged.matches.ids),
            "list": pa.DictionaryArray.from_arrays(pa.array(judged.list_of, pa.int32()), names),
            "distance": pa.array(judged.matches.distances),
            "action": pa.DictionaryArray.from_arrays(
                pa.array(judged.actions.astype(np.int8)), pa.array(ACTIONS)
            ),
        },
        metadata={"sequence": str(judged.sequence)},
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _batches(body: bytearray, most: int) -> Iterator[Any]:
    messages = iter(pa.ipc.MessageReader.open_stream(pa.py_buffer(body)))
    first = next(messages, None)
    if first is None or first.type != "schema":  # Arrow would take its bytes for a schema
        raise ValueError("a stream begins with its schema")
    schema = pa.ipc.read_schema(first)
    if "code" not in schema.names:
        raise KeyError("code")
    count = size = 0
    for message in messages:
        if message.type != "record batch":
            raise ValueError("neither codes nor qualities are encoded by a dictionary")
        size += _unpacked(message.metadata, message.body)
        if size > _UNPACKED_BYTES:
            raise BodyTooLargeError(
                f"The stream unpacks to more than {_UNPACKED_BYTES:,} bytes, the limit."
            )
        batch = pa.ipc.read_record_batch(message, schema)
        count += batch.num_rows
        if count > most:
            raise BadRequestError(f"There are more than {most:,} codes, the limit.")
        batch.validate(full=True)
        yield batch


def _unpacked(metadata: Any, body: Any) -> int:
    """Bytes that the buffers of a record batch take once they are unpacked.

    Arrow has verified the metadata, a flatbuffer, when it read the message.
    """
    data, packed = memoryview(metadata), memoryview(body)
    batch = _field(data, struct.unpack_from("<I", data, 0)[0], _HEADER)
    table = batch + struct.unpack_from("<I", data, batch)[0]
    buffers = _field(data, table, _BUFFERS)
    if not buffers:
        return 0
    is_packed = bool(_field(data, table, _COMPRESSION))
    vector = buffers + struct.unpack_from("<I", data, buffers)[0]
    total = 0
    for number in range(struct.unpack_from("<I", data, vector)[0]):
        offset, length = struct.unpack_from("<qq", data, vector + 4 + 16 * number)
        told = -1
        if is_packed and length >= 8:
            told = struct.unpack_from("<q", packed, offset)[0]
        total += length if told < 0 else told
    return total


def _field(data: memoryview, table: int, number: int) -> int:
    """Where a field of a flatbuffer's table stands; 0 where it is left out."""
    fields = table - struct.unpack_from("<i", data, table)[0]
    size = struct.unpack_from("<H", data, fields)[0]
    at = 4 + 2 * number
    if at >= size:
        return 0
    offset = struct.unpack_from("<H", data, fields + at)[0]
    return table + offset if offset else 0


def _codes(column: Any, width: int) -> Codes:
    if column.null_count:
        raise InvalidCodesError("A code is null.")
    column = column.cast(pa.binary(width))
    if not len(column):
        return np.empty((0, width), np.uint8)
    packed = np.frombuffer(column.buffers()[1], np.uint8)
    first = column.offset * width
    return packed[first : first + len(column) * width].reshape(-1, width)


def _qualities(column: Any) -> Qualities:
    if not (pa.types.is_integer(column.type) or pa.types.is_null(column.type)):
        raise InvalidCodesError("The column 'quality' is not of whole numbers.")
    known = column.is_valid().to_numpy(zero_copy_only=False)
    values = column.cast(pa.int64(), safe=False).fill_null(0).to_numpy(zero_copy_only=False)
    wrong = known & ((values < 0) | (values > 100))
    if wrong.any():
        raise InvalidCodesError(
            f"Quality {int(wrong.argmax()) + 1} of a batch is not null or a whole number to 100."
        )
    return np.where(known, values, -1).astype(np.int16)
