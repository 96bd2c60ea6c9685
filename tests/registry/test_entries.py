import sqlite3

import numpy as np
import pytest

from hashmatch.errors import (
    HasherMismatchError,
    InvalidHashError,
    RegistryError,
    UnknownHasherError,
)
from hashmatch.registry import dialects
from hashmatch.types import Hash


def test_entries_are_numbered_in_the_order_given(registry, hashes):
    added = registry.add("default", hashes(3), source="test")
    assert added.entries == added.new == (1, 2, 3)
    assert added.already_there == 0
    assert added.sequence == registry.sequence() == 4


def test_adding_again_changes_nothing_and_says_so(registry, hashes):
    some = hashes(3)
    first = registry.add("default", some, source="test")
    again = registry.add("default", [*some, some[0]], source="another")
    assert again.entries == (1, 2, 3, 1)
    assert again.new == ()
    assert again.already_there == 4
    assert again.sequence == first.sequence


def test_a_hash_given_twice_is_added_once(registry, hashes):
    (value,) = hashes(1)
    added = registry.add("default", [value, value], source="test")
    assert (added.entries, added.new) == ((1, 1), (1,))


def test_more_than_one_statement_holds(registry, hashes):
    some = hashes(2500)
    added = registry.add("default", iter(some), source="test")
    assert added.new == tuple(range(1, 2501))
    assert registry.add("default", some, source="test").already_there == 2500
    (batch,) = registry.entries("pdq")
    assert [bytes(code) for code in batch.codes] == [value.code for value in some]


def test_nothing_to_add(registry):
    added = registry.add("default", [], source="test")
    assert (added.entries, added.new, added.sequence) == ((), (), 1)


def test_one_code_in_two_lists_and_by_two_hashers(registry, hashes):
    registry.create_list("other")
    (value,) = hashes(1)
    same_bits = Hash("sha256", value.code)
    assert registry.add("default", [value, same_bits], source="test").new == (1, 2)
    assert registry.add("other", [value], source="test").new == (3,)


def test_withdrawing(registry, hashes):
    registry.add("default", hashes(5), source="test")
    assert registry.withdraw([4, 2, 2, 99]) == (2, 4)
    assert registry.withdraw([2, 4]) == ()
    (batch,) = registry.entries("pdq")
    assert batch.ids.tolist() == [1, 3, 5]
    assert registry.count_entries("default") == 3


def test_what_was_withdrawn_can_be_added_again_as_a_new_entry(registry, hashes):
    some = hashes(2)
    registry.add("default", some, source="test")
    registry.withdraw([1])
    added = registry.add("default", some, source="test")
    assert (added.entries, added.new) == ((3, 2), (3,))


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_withdrawn_code_is_nowhere_in_the_files(registry, place, hashes):
    some = hashes(400)
    registry.add("default", some, source="test")
    gone = some[100:300]
    registry.withdraw(range(101, 301))
    content = b"".join(file.read_bytes() for file in place.iterdir())
    assert not [value for value in gone if value.code in content]
    assert all(value.code in content for value in some[:100])


def test_a_reader_at_work_does_not_hinder_a_withdrawal(registry, hashes):
    registry.add("default", hashes(10), source="test")
    with registry._database.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM entries").all()
        assert registry.withdraw([1, 2]) == (1, 2)
    assert registry.count_entries("default") == 8


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_withdrawal_counts_even_if_tidying_up_after_it_fails(registry, hashes, monkeypatch):
    def fail(_):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(dialects, "forget_deleted", fail)
    registry.add("default", hashes(2), source="test")
    assert registry.withdraw([1]) == (1,)
    assert registry.count_entries("default") == 1


def test_arrays_for_an_index(registry, hashes):
    registry.create_list("other")
    some = [
        Hash("pdq", value.code, quality)
        for value, quality in zip(hashes(4), (0, 100, None, 7), strict=True)
    ]
    registry.add("default", some[:3], source="test")
    registry.add("other", some[3:], source="test")
    registry.add("default", hashes(2, "md5", 16), source="test")
    (batch,) = registry.entries("pdq")
    assert len(batch) == 4
    assert (batch.ids.dtype, batch.ids.tolist()) == (np.int64, [1, 2, 3, 4])
    assert (batch.qualities.dtype, batch.qualities.tolist()) == (np.int16, [0, 100, -1, 7])
    assert (batch.list_ids.dtype, batch.list_ids.tolist()) == (np.int32, [1, 1, 1, 2])
    assert (batch.codes.dtype, batch.codes.shape) == (np.uint8, (4, 32))
    (batch,) = registry.entries("md5")
    assert batch.codes.shape == (2, 16)
    assert list(registry.entries("sha256")) == []
    assert list(registry.entries("unheard_of")) == []


def test_arrays_come_in_batches_of_bounded_size(registry, hashes, monkeypatch):
    monkeypatch.setattr("hashmatch.registry.doors.entries._BATCH", 10)
    registry.add("default", hashes(25), source="test")
    batches = list(registry.entries("pdq"))
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert np.concatenate([batch.ids for batch in batches]).tolist() == list(range(1, 26))


def test_a_read_that_is_under_way_sees_one_state(registry, hashes, monkeypatch):
    monkeypatch.setattr("hashmatch.registry.doors.entries._BATCH", 10)
    registry.add("default", hashes(25), source="test")
    reading = registry.entries("pdq")
    next(reading)
    registry.add("default", hashes(25), source="test")
    registry.withdraw(range(11, 26))
    assert sum(len(batch) for batch in reading) == 15


class TestRefusals:
    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (Hash("pdq", b"short"), "Hash 3 .* 64 hexadecimal digits, not 10"),
            (Hash("pdq", b""), "Hash 3 .* not 0"),
            (Hash("md5", bytes(32)), "32 hexadecimal digits, not 64"),
            (Hash("pdq", bytes(32), 101), "0 to 100"),
            (Hash("pdq", bytes(32), -1), "0 to 100"),
        ],
    )
    def test_nothing_is_added_when_one_is_wrong(self, registry, hashes, value, words):
        with pytest.raises(InvalidHashError, match=words):
            registry.add("default", [*hashes(2), value], source="test")
        assert registry.count_entries("default") == 0
        assert registry.sequence() == 1

    def test_an_unknown_hasher(self, registry):
        with pytest.raises(UnknownHasherError, match=r"'dhash512'.*pdq"):
            registry.add("default", [Hash("dhash512", bytes(64))], source="test")

    @pytest.mark.parametrize("source", ["", "  ", "two\nlines", "x" * 201, "bell\a"])
    def test_a_source_that_is_none(self, registry, hashes, source):
        with pytest.raises(RegistryError, match="source"):
            registry.add("default", hashes(1), source=source)


class TestFurtherHashers:
    def test_are_made_known_with_their_width(self, registry):
        registry.know_hasher("dhash512", 512)
        registry.know_hasher("dhash512", 512)
        assert registry.hashers()["dhash512"] == 512
        assert registry.add("default", [Hash("dhash512", bytes(64))], source="test").new == (1,)

    def test_have_one_width(self, registry):
        with pytest.raises(HasherMismatchError, match="256 bits; 64 bits"):
            registry.know_hasher("pdq", 64)

    @pytest.mark.parametrize(
        ("name", "bits"), [("", 64), ("a b", 64), ("x", 0), ("x", 65), ("x", -8)]
    )
    def test_have_a_name_and_whole_bytes(self, registry, name, bits):
        with pytest.raises(InvalidHashError):
            registry.know_hasher(name, bits)
