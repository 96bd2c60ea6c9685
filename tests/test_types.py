import copy
import dataclasses
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch.errors import HasherMismatchError, InvalidHashError
from hashmatch.types import Hash, Matches

CODES = st.binary(min_size=8, max_size=40)


@given(CODES)
def test_hexadecimal_digits_round_trip_in_either_case(code):
    value = Hash("pdq", code, 77)
    assert Hash.from_hex("pdq", value.hex, 77) == value
    assert Hash.from_hex("pdq", f" \t{value.hex.upper()}\n", 77) == value
    assert value.bits == 8 * len(code)


@given(st.binary(min_size=32, max_size=32), st.sets(st.integers(0, 255)))
def test_distance_counts_the_bits_that_differ(code, flipped):
    other = int.from_bytes(code)
    for bit in flipped:
        other ^= 1 << bit
    assert Hash("pdq", code) - Hash("pdq", other.to_bytes(32)) == len(flipped)


@pytest.mark.parametrize("text", ["", " ", "0", "0g", "00 00", "é0", "00\n00", "0x00", "-1", "+1"])
def test_other_texts_are_refused_and_not_repeated(text):
    with pytest.raises(InvalidHashError) as refusal:
        Hash.from_hex("pdq", text)
    if len(text.strip()) > 1:
        assert text not in str(refusal.value)


@pytest.mark.parametrize("other", [Hash("phash", bytes(8)), Hash("pdq", bytes(8))])
def test_hashes_of_other_kinds_have_no_distance(other):
    with pytest.raises(HasherMismatchError, match="hash both pictures with one hasher"):
        Hash("pdq", bytes(32)) - other
    with pytest.raises(TypeError):
        other - 3


def test_a_hash_does_not_show_its_code_by_accident():
    value = Hash("pdq", bytes(range(32)), 9)
    assert value.hex not in repr(value)
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.quality = 5


def matches():
    return Matches(
        np.array([0, 2, 2, 3], np.int64),
        np.array([7, 3, 9], np.int64),
        np.array([0, 5, 31], np.uint16),
    )


def test_matches_are_slices_without_copies():
    found = matches()
    assert len(found) == 3
    assert [(list(n.ids), list(n.distances)) for n in found] == [
        ([7, 3], [0, 5]),
        ([], []),
        ([9], [31]),
    ]
    assert found[-1].ids.base is found.ids
    assert list(found[-3].ids) == [7, 3]


@pytest.mark.parametrize("queries", [4, 400])
def test_matches_tell_their_queries(queries):
    counts = np.zeros(queries, np.int64)
    counts[[1, 3]] = 2, 3
    offsets = np.concatenate([[0], np.cumsum(counts)])
    found = Matches(offsets, np.arange(5), np.zeros(5, np.uint16))
    assert found.queries().tolist() == [1, 1, 3, 3, 3]
    assert found.queries().dtype == np.int64
    none = Matches(np.zeros(queries + 1, np.int64), np.empty(0, np.int64), np.empty(0, np.uint16))
    assert none.queries().tolist() == []


@pytest.mark.parametrize("query", [3, -4])
def test_matches_of_no_query(query):
    with pytest.raises(IndexError):
        matches()[query]


@pytest.mark.parametrize(
    "again",
    [
        copy.copy,
        copy.deepcopy,
        dataclasses.replace,
        lambda found: pickle.loads(pickle.dumps(found)),  # noqa: S301  # made right here
    ],
    ids=["copy", "deepcopy", "replace", "pickle"],
)
def test_matches_are_copied_whole_and_cannot_be_changed(again):
    found = Matches(offsets=np.array([0, 1]), ids=np.array([7]), distances=np.array([3], np.uint16))
    other = again(found)
    assert other is not found
    for field in ("offsets", "ids", "distances"):
        np.testing.assert_array_equal(getattr(other, field), getattr(found, field))
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(other, field, np.arange(2))
    with pytest.raises(TypeError):
        Matches(found.offsets, found.ids)
