import struct

import pytest
from hashers.pictures import exif
from hypothesis import given
from hypothesis import strategies as st

from hashmatch.hashers.formats.exif import orientation


@pytest.mark.parametrize("value", range(1, 9))
def test_what_pillow_writes(value):
    assert orientation(exif(value)) == value
    assert orientation(exif(value).removeprefix(b"Exif\0\0")) == value


def directory(*entries, order="<", start=8, count=None):
    mark = b"II*\0" if order == "<" else b"MM\0*"
    body = b"".join(struct.pack(order + "HHIHxx", *entry) for entry in entries)
    length = len(entries) if count is None else count
    return mark + struct.pack(order + "IH", start, length) + body


@pytest.mark.parametrize("order", "<>")
def test_the_first_directory_in_either_byte_order(order):
    assert orientation(directory((0x0100, 3, 1, 5), (0x0112, 3, 1, 6), order=order)) == 6


def test_a_long_instead_of_a_short():
    assert orientation(b"MM\0*\0\0\0\x08\0\1\1\x12\0\4\0\0\0\1\0\0\0\3") == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"II",
        b"II*\0",
        b"JUNK\x08\0\0\0",
        directory((0x0112, 3, 1, 0)),
        directory((0x0112, 3, 1, 9)),
        directory((0x0112, 2, 1, 6)),
        directory((0x0112, 3, 2, 6)),
        directory((0x0100, 3, 1, 6)),
        directory((0x0112, 3, 1, 6), start=1 << 31),
        directory((0x0112, 3, 1, 6), start=4),
        directory(count=65535),
    ],
)
def test_whatever_makes_no_sense_counts_as_upright(data):
    assert orientation(data) == 1


@given(st.binary(max_size=200))
def test_no_bytes_are_too_bad(tail):
    for head in (b"", b"II*\0", b"MM\0*\0\0\0\x08"):
        assert 1 <= orientation(head + tail) <= 8
