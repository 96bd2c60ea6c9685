"""Codes come out of Arrow columns whatever way they lie in them."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch.matching.archives import columns

KINDS = {
    "binary": pa.binary(),
    "large_binary": pa.large_binary(),
    "fixed": pa.binary(4),
    "string": pa.string(),
    "large_string": pa.large_string(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
}


def column(values, kind):
    if "string" in kind or kind == "dictionary":
        values = [None if value is None else value.hex() for value in values]
    return pa.array(values, pa.string() if kind == "dictionary" else KINDS[kind]).cast(KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
@given(
    values=st.lists(st.none() | st.binary(min_size=4, max_size=4), max_size=20),
    start=st.integers(0, 5),
    cut=st.integers(0, 20),
)
def test_codes_of_slices_and_chunks_are_read_as_they_are(kind, values, start, cut):
    whole = column(values, kind).slice(start)
    wanted = values[start:]
    for given_column in (whole, pa.chunked_array([whole[:cut], whole[cut:]], KINDS[kind])):
        rows, codes = columns.read_codes(given_column, 4)
        assert rows.tolist() == [k for k, value in enumerate(wanted) if value is not None]
        assert [code.tobytes() for code in codes] == [v for v in wanted if v is not None]
        assert codes.flags.c_contiguous


def test_what_is_no_code_is_left_out():
    rows, codes = columns.read_codes(pa.array(["00ff", "00fg", "00", None, "00FE"]), 2)
    assert rows.tolist() == [0, 4]
    assert codes.tolist() == [[0, 255], [0, 254]]
    rows, codes = columns.read_codes(pa.array([b"ab", b"abc", b"cd"]), 2)
    assert rows.tolist() == [0, 2]
    assert codes.tobytes() == b"abcd"
    rows, codes = columns.read_codes(pa.array([b"abc"], pa.binary(3)), 2)
    assert (rows.shape, codes.shape) == ((0,), (0, 2))
    rows, codes = columns.read_codes(pa.chunked_array([], pa.binary()), 2)
    assert (rows.shape, codes.shape) == ((0,), (0, 2))


def test_qualities_that_are_not_known_are_minus_one():
    assert columns.read_qualities(pa.table({"hash": ["00"]})).tolist() == [-1]
    table = pa.table({"quality": pa.array([7, None, 100], pa.int64())})
    qualities = columns.read_qualities(table)
    assert (qualities.tolist(), qualities.dtype) == ([7, -1, 100], np.int16)
