import pytest
from sqlalchemy import select
from submitting import one_picture

from hashmatch.errors import (
    CaseNotFoundError,
    InvalidHashError,
    InvalidListError,
    SubmissionRefusedError,
    UnknownHasherError,
)
from hashmatch.registry import Fingerprint, case_numbers, schema
from hashmatch.types import Hash

pytestmark = pytest.mark.usefixtures("quick_phrases")


def active(registry):
    return [int(entry) for batch in registry.entries("pdq") for entry in batch.ids]


def test_a_case_from_beginning_to_end(registry, hashes):
    receipt = registry.submit(one_picture([*hashes(2), *hashes(1, "sha256", 32)]))
    assert receipt.entries == (1, 2, 3)
    assert receipt.sequence == registry.sequence()
    case = registry.case(receipt.number)
    assert (case.state, case.list_name, case.entries, case.active) == ("open", "default", 3, 3)
    case = registry.withdraw_case(receipt.number, receipt.secret_phrase)
    assert (case.state, case.entries, case.active) == ("withdrawn", 3, 0)
    assert [each.state for each in case.pictures] == ["withdrawn"]
    assert "taken back" in case.pictures[0].words
    assert registry.withdraw_case(receipt.number, receipt.secret_phrase) == case
    assert registry.case(receipt.number) == case
    assert active(registry) == []
    assert [change.kind for change in registry.follow(1)] == ["add"] * 3 + ["withdraw"] * 3


def test_times_of_a_case_are_whole_hours_wherever_they_stand(registry, hashes):
    receipt = registry.submit(one_picture(hashes(1)))
    case = registry.withdraw_case(receipt.number, receipt.secret_phrase)
    times = [case.created, case.withdrawn, *(change.at for change in registry.follow(1))]
    with registry._database.reading() as connection:
        for table in (schema.cases, schema.entries):
            rows = connection.execute(select(table.c.created_at, table.c.withdrawn_at))
            assert all(time.timestamp() % 3600 == 0 for row in rows for time in row)
    assert len(times) == 4
    assert all((time.minute, time.second, time.microsecond) == (0, 0, 0) for time in times)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_the_phrase_is_kept_only_as_argon2id(registry, hashes, place):
    receipt = registry.submit(one_picture(hashes(1)))
    assert receipt.secret_phrase not in repr(receipt)
    registry.close()
    content = b"".join(file.read_bytes() for file in place.iterdir())
    assert b"$argon2id$" in content
    assert receipt.number.encode() in content
    assert receipt.secret_phrase.encode() not in content


def test_how_number_and_phrase_are_typed_does_not_matter(registry, hashes):
    receipt = registry.submit(one_picture(hashes(1)))
    typed = receipt.number.replace("-", " ")
    assert registry.case(typed).number == receipt.number
    assert registry.withdraw_case(typed, receipt.secret_phrase.upper()).state == "withdrawn"


def test_wrong_credentials_withdraw_nothing_and_do_not_tell_which_is_wrong(registry, hashes):
    receipt = registry.submit(one_picture(hashes(1)))
    other = next(n for n in iter(case_numbers.new, None) if n != receipt.number)
    with pytest.raises(CaseNotFoundError) as wrong_phrase:
        registry.withdraw_case(receipt.number, "acorn bridge candle daisy echo forest")
    with pytest.raises(CaseNotFoundError) as wrong_number:
        registry.withdraw_case(other, receipt.secret_phrase)
    assert str(wrong_phrase.value).replace(receipt.number, other) == str(wrong_number.value)
    assert registry.case(receipt.number).state == "open"
    assert active(registry) == [1]


def test_numbers_that_are_not_there(registry):
    with pytest.raises(CaseNotFoundError, match="There is no case 4821-0937-5523"):
        registry.case("4821-0937-5523")
    for mistyped in ("4821-0937-5524", "", "'; DROP TABLE cases"):
        with pytest.raises(CaseNotFoundError, match="twelve digits"):
            registry.case(mistyped)
        with pytest.raises(CaseNotFoundError, match="twelve digits"):
            registry.withdraw_case(mistyped, "acorn")


class TestAnEntryStaysWhileSomebodyElseHoldsIt:
    def test_another_case(self, registry, hashes):
        some = hashes(2)
        first = registry.submit(one_picture(some))
        second = registry.submit(one_picture(some[:1]))
        assert second.entries == (1,)
        registry.withdraw_case(first.number, first.secret_phrase)
        assert active(registry) == [1]
        assert registry.case(second.number).active == 1
        registry.withdraw_case(second.number, second.secret_phrase)
        assert active(registry) == []

    def test_the_keeper_of_the_list_was_first(self, registry, hashes):
        some = hashes(2)
        registry.add("default", some[:1], source="keeper")
        receipt = registry.submit(one_picture(some))
        registry.withdraw_case(receipt.number, receipt.secret_phrase)
        assert active(registry) == [1]

    def test_the_keeper_of_the_list_came_later(self, registry, hashes):
        some = hashes(2)
        receipt = registry.submit(one_picture(some))
        assert registry.add("default", some[:1], source="keeper").new == ()
        registry.withdraw_case(receipt.number, receipt.secret_phrase)
        assert active(registry) == [1]


def test_an_entry_that_the_keeper_withdraws_is_gone_from_the_case(registry, hashes):
    receipt = registry.submit(one_picture(hashes(2)))
    registry.withdraw([1])
    assert registry.case(receipt.number).active == 1
    registry.withdraw_case(receipt.number, receipt.secret_phrase)
    assert active(registry) == []


def test_a_case_outlives_its_list(registry, hashes):
    registry.create_list("short-lived")
    receipt = registry.submit(one_picture(hashes(2)), "short-lived")
    registry.remove_list("short-lived")
    case = registry.case(receipt.number)
    assert (case.list_name, case.state, case.active) == ("short-lived", "open", 0)
    assert registry.withdraw_case(receipt.number, receipt.secret_phrase).state == "withdrawn"


def test_the_same_hash_twice_in_one_case(registry, hashes):
    (value,) = hashes(1)
    receipt = registry.submit(one_picture([value, value]))
    assert receipt.entries == (1,)
    assert registry.case(receipt.number).entries == 1


def test_submissions_that_are_refused_leave_nothing(registry):
    registry.create_list("harmless", allow_list=True)
    before = registry.sequence()
    for hashes, list_name, error in (
        ([], "default", InvalidHashError),
        ([Hash("pdq", b"short")], "default", InvalidHashError),
        ([Hash("pdq", bytes(32)), Hash("nohash", bytes(32))], "default", UnknownHasherError),
        ([Hash("pdq", bytes(32))], "harmless", InvalidListError),
    ):
        with pytest.raises(error):
            registry.submit(one_picture(hashes), list_name)
    assert registry.sequence() == before
    assert active(registry) == []


def test_the_kind_and_the_view_stand_beside_an_entry(registry, hashes):
    whole, turned, mirrored = hashes(3)
    registry.submit([
        [Fingerprint(whole), Fingerprint(turned, "view", "rotate-90")],
        [Fingerprint(mirrored, "view", "flip-y"), Fingerprint(whole, "view", "flip-x")],
    ])  # fmt: skip
    entries = schema.entries
    with registry._database.reading() as connection:
        asked = select(entries.c.id, entries.c.kind, entries.c.view).order_by(entries.c.id)
        assert connection.execute(asked).all() == [
            (1, "whole", None), (2, "view", "rotate-90"), (3, "view", "flip-y"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "view", "words"),
    [
        ("tile", None, "'tile'.*whole, view"),
        ("view", None, "which view"),
        ("view", "Ä", "which view"),
        ("whole", "flip-y", "Only"),
    ],
)
def test_fingerprints_that_there_are_not(registry, hashes, kind, view, words):
    (value,) = hashes(1)
    with pytest.raises(InvalidHashError, match=words):
        registry.submit([[Fingerprint(value, kind, view)]])


class TestPicturesOfLowQuality:
    def test_are_refused_one_by_one(self, registry, hashes):
        good, bad = hashes(1)[0], Hash("pdq", hashes(1)[0].code, 49)
        digest = Hash("sha256", hashes(1)[0].code)
        bad_only, bad_with_digest = [Fingerprint(bad)], [Fingerprint(bad), Fingerprint(digest)]
        receipt = registry.submit([[Fingerprint(good)], bad_only, bad_with_digest])
        assert [(each.state, each.reason) for each in receipt.pictures] == [
            ("live", None), ("refused", "low_quality"), ("live", "low_quality"),
        ]  # fmt: skip
        assert registry.count_entries("default") == len(receipt.entries) == 2
        assert receipt.pictures[0].words == "This picture is being looked for."

    def test_nothing_is_kept_of_a_case_of_them(self, registry, hashes):
        blank = Hash("pdq", hashes(1)[0].code, 0)
        with pytest.raises(SubmissionRefusedError) as refusal:
            registry.submit([[Fingerprint(blank)]])
        (told,) = refusal.value.pictures
        assert (told.state, told.reason) == ("refused", "low_quality")
        assert blank.hex not in str(refusal.value)
        assert registry.sequence() == 1


def test_a_number_is_never_given_out_twice(registry, hashes, monkeypatch):
    numbers = iter(["4821-0937-5523", "4821-0937-5523", "0000-0000-0000"])
    monkeypatch.setattr(case_numbers, "new", lambda: next(numbers))
    assert registry.submit(one_picture(hashes(1))).number == "4821-0937-5523"
    assert registry.submit(one_picture(hashes(1))).number == "0000-0000-0000"
