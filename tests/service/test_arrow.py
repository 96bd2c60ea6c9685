import gzip
import struct

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashmatch.errors import BadRequestError, BodyTooLargeError, HashmatchError, InvalidCodesError
from hashmatch.service import arrow

CODES = [bytes(range(k, k + 32)) for k in range(5)]


def stream(columns, compression=None, batch=None):
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=batch)
    return bytearray(sink.getvalue())


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize("kind", [pa.binary(32), pa.binary(), pa.large_binary()])
@pytest.mark.parametrize("batch", [None, 2])
def test_any_way_to_write_codes(compression, kind, batch):
    columns = {
        "code": pa.array(CODES, kind),
        "quality": pa.array([90, None, 0, 100, None], pa.int8()),
    }
    codes, qualities = arrow.read(stream(columns, compression, batch), 32, 5)
    assert [code.tobytes() for code in codes] == CODES
    assert qualities.tolist() == [90, -1, 0, 100, -1]


def test_no_codes_and_no_qualities():
    codes, qualities = arrow.read(stream({"code": pa.array([], pa.binary(32))}), 32, 5)
    assert codes.shape == (0, 32)
    assert qualities is None


@pytest.mark.parametrize("compression", ["lz4", "zstd"])
def test_a_stream_that_unpacks_to_more_than_it_may(compression):
    """A gigabyte of zeros, in a few megabytes or less."""
    bomb = stream({"code": pa.array([bytes(200_000_000)])}, compression)
    assert len(bomb) < 4_000_000
    pool = pa.proxy_memory_pool(pa.default_memory_pool())  # counts from 0
    usual = pa.default_memory_pool()
    pa.set_memory_pool(pool)
    try:
        with pytest.raises(BodyTooLargeError, match="unpacks to more than 4,000,000"):
            arrow.read(bomb, 32, 10_000)
    finally:
        pa.set_memory_pool(usual)
    assert pool.max_memory() < 1_000_000


def test_lengths_count_together_over_columns_and_batches():
    part = {"code": pa.array(CODES[:1] * 2, pa.binary(32))}
    part |= {f"other {k}": pa.array([bytes(900_000)] * 2) for k in range(3)}
    for batch in (None, 1):
        with pytest.raises(BodyTooLargeError):
            arrow.read(stream(part, "zstd", batch), 32, 10)


def test_a_length_that_is_a_lie():
    """Arrow unpacks to as many bytes as were announced, and to no more."""
    body = stream({"code": pa.array(CODES * 2000, pa.binary(32))}, "zstd")
    length = struct.pack("<q", 32 * len(CODES) * 2000)
    at = body.index(length, body.index(b"\x28\xb5\x2f\xfd") - 8)
    body[at : at + 8] = struct.pack("<q", 320)
    with pytest.raises(BadRequestError):
        arrow.read(body, 32, 10_000)


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"code": pa.array([None], pa.binary(32))}, InvalidCodesError),
        ({"code": pa.array([b"x" * 16], pa.binary(16))}, BadRequestError),
        ({"code": pa.array(["x" * 32]).dictionary_encode()}, BadRequestError),
        ({"code": pa.array([1])}, BadRequestError),
        ({"codes": pa.array(CODES, pa.binary(32))}, BadRequestError),
        ({"code": pa.array(CODES * 3, pa.binary(32))}, BadRequestError),
    ],
)
def test_columns_that_are_refused(columns, error):
    with pytest.raises(error):
        arrow.read(stream(columns), 32, 10)


@pytest.mark.parametrize(
    "qualities",
    [
        pa.array([101]),
        pa.array([-1], pa.int8()),
        pa.array([2**64 - 1], pa.uint64()),
        pa.array([50.0]),
        pa.array([True]),
        pa.array(["x"]),
    ],
)
def test_qualities_that_are_none(qualities):
    columns = {"code": pa.array(CODES[:1], pa.binary(32)), "quality": qualities}
    with pytest.raises(InvalidCodesError):
        arrow.read(stream(columns), 32, 10)


BODIES = [
    bytes(stream({"code": pa.array(CODES, pa.binary(32)), "quality": pa.array([9] * 5)}, packed))
    for packed in (None, "zstd")
]


@given(
    body=st.sampled_from(BODIES),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=4),
    cut=st.integers(0, 2000),
)
@settings(max_examples=300)
def test_damaged_streams_are_read_or_refused(body, changes, cut):
    damaged = bytearray(body)
    for at, value in changes:
        damaged[at % len(damaged)] = value
    try:
        codes, _ = arrow.read(damaged[: max(cut, 1)], 32, 10)
    except HashmatchError:
        return
    assert codes.dtype == np.uint8
    assert codes.shape[1:] == (32,)


def test_a_stream_that_begins_with_its_codes():
    messages = bytes(BODIES[0]).split(b"\xff\xff\xff\xff")
    assert len(messages) == 4  # schema, batch, end
    with pytest.raises(BadRequestError):
        arrow.read(bytearray(b"\xff\xff\xff\xff".join([b"", *messages[2:]])), 32, 10)


def test_what_is_not_arrow_at_all():
    for body in (b"", b"x", bytes(100), gzip.compress(bytes(1000))):
        with pytest.raises(BadRequestError):
            arrow.read(bytearray(body), 32, 10)
