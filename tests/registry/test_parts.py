"""Parts come with a picture, are told of in the feed, and go with the case that sent them."""

from pathlib import Path

import pytest
from packing import packed_of_nothing, with_parts
from submitting import one_picture

from hashmatch.errors import InvalidHashError, SubmissionRefusedError
from hashmatch.registry import Fingerprint, Registry
from hashmatch.registry import parts as parts_module
from hashmatch.types import Hash

pytestmark = pytest.mark.usefixtures("quick_phrases")

ONE, TWO = packed_of_nothing(1), packed_of_nothing(2)


def listed(registry):
    return [tuple(row) for batch in registry.parts() for row in batch]


def test_parts_are_told_of_with_their_entry(registry, hashes):
    value, digest = hashes(1)[0], hashes(1, "sha256")[0]
    receipt = registry.submit([[*with_parts(value, ONE), Fingerprint(digest)]])
    assert listed(registry) == [(1, value.code, ONE)]
    assert len(receipt.entries) == 2
    added = registry.follow(1)
    assert [(change.kind, change.entry, change.parts) for change in added] == [
        ("add", 1, ONE),
        ("add", 2, None),
    ]
    assert registry.case(receipt.number).entries == 2


def test_a_withdrawn_case_leaves_no_parts(place, registry, hashes):
    (value,) = hashes(1)
    receipt = registry.submit([with_parts(value, ONE)])
    registry.withdraw_case(receipt.number, receipt.secret_phrase)
    assert listed(registry) == []
    assert [change.parts for change in registry.follow()] == [None] * 3
    if isinstance(place, Path):
        content = b"".join(path.read_bytes() for path in place.rglob("registry*"))
        assert ONE[8:40] not in content
        assert value.code not in content


def test_parts_go_with_their_case_though_the_entry_stays(registry, hashes):
    (value,) = hashes(1)
    registry.add("default", [value], source="test")
    receipt = registry.submit([with_parts(value, ONE)])
    change = registry.follow(2)[-1]
    assert (change.kind, change.entry, change.code, change.parts) == ("parts", 1, value.code, ONE)
    registry.withdraw_case(receipt.number, receipt.secret_phrase)
    assert listed(registry) == []
    change = registry.follow(3)[-1]
    assert (change.kind, change.entry, change.code, change.parts) == ("parts", 1, value.code, None)
    assert [batch.ids.tolist() for batch in registry.entries("pdq")] == [[1]]


def test_of_two_cases_the_older_one_counts_until_it_is_withdrawn(registry, hashes):
    (value,) = hashes(1)
    first = registry.submit([with_parts(value, ONE)])
    second = registry.submit([with_parts(value, TWO)])
    plain = registry.submit(one_picture([value]))
    assert listed(registry) == [(1, value.code, ONE)]
    before = registry.sequence()
    registry.withdraw_case(first.number, first.secret_phrase)
    assert listed(registry) == [(1, value.code, TWO)]
    (change,) = registry.follow(before)
    assert (change.kind, change.parts) == ("parts", TWO)
    registry.withdraw_case(plain.number, plain.secret_phrase)
    registry.withdraw_case(second.number, second.secret_phrase)
    assert listed(registry) == []
    assert registry.follow()[-1].kind == "withdraw"


def test_later_cases_may_go_in_silence(registry, hashes):
    (value,) = hashes(1)
    registry.submit([with_parts(value, ONE)])
    second = registry.submit([with_parts(value, TWO)])
    before = registry.sequence()
    registry.withdraw_case(second.number, second.secret_phrase)
    assert registry.sequence() == before
    assert listed(registry) == [(1, value.code, ONE)]


@pytest.mark.parametrize("how", ["operator", "list"])
def test_parts_go_with_their_entry(registry, hashes, how):
    registry.submit([with_parts(value, ONE) for value in hashes(2)])
    if how == "operator":
        registry.withdraw([1])
        assert [row[0] for row in listed(registry)] == [2]
    else:
        registry.remove_list("default")
        assert listed(registry) == []
    with registry._database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM parts").scalar()
    assert kept == len(listed(registry))


def test_a_picture_of_too_little_quality_has_no_parts(registry, hashes):
    poor = Hash("pdq", hashes(1)[0].code, 20)
    with pytest.raises(SubmissionRefusedError):
        registry.submit([with_parts(poor, ONE)])
    registry.submit([[*with_parts(poor, ONE), Fingerprint(hashes(1, "sha256")[0])]])
    assert listed(registry) == []


@pytest.mark.parametrize(
    "wrong",
    [
        lambda value: with_parts(value, ONE[:-1]),
        lambda value: [*with_parts(value, ONE), *with_parts(value, TWO)],
        lambda value: with_parts(value, ONE)[1:],
        lambda value: [Fingerprint(value), Fingerprint(value, "parts")],
        lambda value: [Fingerprint(value), Fingerprint(Hash("pdq-part", ONE))],
        lambda value: [Fingerprint(value), Fingerprint(Hash("pdq-part", ONE), "parts", "flip-y")],
    ],
)
def test_parts_that_are_none_are_refused(registry, hashes, wrong):
    with pytest.raises(InvalidHashError):
        registry.submit([wrong(hashes(1)[0])])
    assert registry.follow(1) == ()


def test_pages_hold_a_bounded_number_of_parts(registry, hashes, monkeypatch):
    monkeypatch.setattr(parts_module, "AT_ONCE", 4)
    values = hashes(11)
    for start in (0, 5):
        registry.submit([with_parts(value, ONE) for value in values[start : start + 5]])
    registry.add("default", values[10:], source="test")
    pages, last = [], 0
    while page := registry.follow(last):
        pages.append(page)
        last = page[-1].sequence
    assert max(sum(change.parts is not None for change in page) for page in pages) == 4
    told = [change for page in pages for change in page]
    assert [change.sequence for change in told] == [*range(1, 13)]
    assert [change.parts for change in told if change.entry] == [ONE] * 10 + [None]
    assert [len(batch) for batch in registry.parts()] == [10]


def test_a_repeated_request_with_parts_makes_one_case(registry, hashes):
    (value,) = hashes(1)
    key = "0f8fad5b-d9cb-469f-a165-70867728950e"
    first = registry.submit([with_parts(value, ONE)], retry_key=key)
    assert registry.submit([with_parts(value, ONE)], retry_key=key).number == first.number
    assert len(listed(registry)) == 1


def test_parts_survive_a_restart(place, registry, hashes):
    registry.submit([with_parts(hashes(1)[0], ONE)])
    with Registry.open(place) as again:
        assert listed(again) == listed(registry)
