import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from packing import JOINTS, packed_of_nothing

from hashmatch.errors import InvalidHashError
from hashmatch.packed import checked, pack, unpack


@given(st.integers(0, 1000), st.integers(0, 128), st.sampled_from([0, 50]))
def test_what_is_packed_is_unpacked(seed, parts, tiles):
    data = packed_of_nothing(seed, parts, tiles)
    assert checked(data) == data
    assert len(data) == 8 + 40 * parts + 33 * tiles
    held = unpack(data)
    assert (held.width, held.height) == (512, 384)
    assert held.codes.shape == (parts, 32)
    assert held.places.shape == (parts, 4)
    assert held.tiles.shape == (tiles, 32)
    assert held.joint == JOINTS[seed % len(JOINTS)]
    assert pack(held) == data


def test_a_listed_picture_takes_less_than_five_kilobytes():
    assert len(packed_of_nothing(1, 64)) <= 5_000


def _with(position, value):
    data = bytearray(packed_of_nothing(1))
    data[position] = value
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01" * 7,
        packed_of_nothing(1)[:-1],
        packed_of_nothing(1) + b"\0",
        _with(0, 2),
        _with(1, 129),
        _with(2, 49),
        _with(3, 2),
        _with(3, 127),
        _with(5, 0xFF),
        _with(-1, 101),
        packed_of_nothing(1)[:108] + bytes(2) + packed_of_nothing(1)[110:],
        packed_of_nothing(1)[:8] + bytes(32) + packed_of_nothing(1)[40:],
        packed_of_nothing(1)[:8] + 2 * packed_of_nothing(1)[8:40] + packed_of_nothing(1)[72:],
    ],
)
def test_what_is_no_parts_is_refused(data):
    with pytest.raises(InvalidHashError):
        checked(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_taken(data):
    try:
        held = unpack(checked(data))
    except InvalidHashError:
        return
    assert np.array_equal(np.frombuffer(pack(held), np.uint8), np.frombuffer(data, np.uint8))
