from datetime import timedelta

import pytest
from submitting import pictures_of

from hashmatch.errors import CaseNotFoundError
from hashmatch.registry import Sighting, clock

pytestmark = pytest.mark.usefixtures("quick_phrases")


@pytest.fixture
def later(monkeypatch):
    """`later(hours)`: set the clock forward."""
    passed = [timedelta(0)]
    now = clock.now

    def forward(hours):
        passed[0] += timedelta(hours=hours)

    monkeypatch.setattr(clock, "now", lambda: now() + passed[0])
    return forward


@pytest.fixture
def receipt(registry, hashes):
    registry.issue_credential("site", {"check"})
    registry.issue_credential("us", {"operate"})
    return registry.submit(pictures_of(hashes(2)))


def at(registry, receipt, platform="site"):
    clocks = {each.platform: each for each in registry.case_clock(receipt.number).platforms}
    return clocks[platform]


def test_from_received_to_settled(registry, receipt, later):
    case = registry.case_clock(receipt.number)
    assert case.deadline - case.received == timedelta(hours=48)
    assert [each.platform for each in case.platforms] == ["site"]
    assert at(registry, receipt).state == "not_served"
    later(2)
    registry.report("site", receipt.sequence - 1)
    assert at(registry, receipt).state == "not_served"
    later(1)
    registry.report("site", receipt.sequence)
    there = at(registry, receipt)
    assert (there.state, there.served - case.received) == ("served", timedelta(hours=3))
    later(5)
    registry.report("site", receipt.sequence, [Sighting(receipt.entries[0], 2)])
    there = at(registry, receipt)
    assert (there.state, there.blocked, there.served) == ("blocked", 2, there.served)
    assert there.first_match - case.received == timedelta(hours=8)
    registry.report("site", receipt.sequence, [Sighting(receipt.entries[1], 0, 1)])
    there = at(registry, receipt)
    assert (there.state, there.reviewed) == ("to_review", 1)
    assert there.deadline == there.first_match + timedelta(hours=48)
    later(4)
    registry.give_opinion(receipt.entries[1], "site", is_match=True, removed=True)
    there = at(registry, receipt)
    assert (there.state, there.outcome) == ("settled", "removed")
    assert there.settled - case.received == timedelta(hours=12)
    assert registry.case_clock(receipt.number).true_opinions == 1
    assert not there.overdue


def test_a_platform_that_has_it_not_in_time(registry, receipt, later):
    later(47)
    assert registry.overdue_cases() == ()
    later(2)
    (late,) = registry.overdue_cases()
    assert late == registry.case_clock(receipt.number)
    assert late.overdue
    assert registry.count_overdue_cases() == 1
    registry.report("site", registry.sequence())
    assert registry.overdue_cases() == ()
    assert registry.count_overdue_cases() == 0


def test_a_review_that_is_not_settled_in_time(registry, receipt, later):
    registry.report("site", registry.sequence())
    later(10)
    registry.report("site", 0, [Sighting(receipt.entries[0], 0, 1)])
    later(47)
    assert registry.overdue_cases() == ()
    later(3)
    assert [each.number for each in registry.overdue_cases()] == [receipt.number]
    registry.give_opinion(receipt.entries[0], "site", is_match=False)
    assert registry.overdue_cases() == ()
    assert at(registry, receipt).outcome == "rejected"


def test_what_is_listed_is_what_is_overdue(registry, receipt, hashes, later):
    """The list is asked of the database, and each case's clock is worked out apart."""
    registry.issue_credential("other", {"check"})
    later(1)
    receipts = [receipt]
    for number in range(6):
        later(13)
        receipts.append(registry.submit(pictures_of(hashes(1))))
        if number % 2:
            registry.report("site", receipts[number].sequence)
        if number % 3 == 0:
            registry.report("other", registry.sequence(), [Sighting(number + 1, 1, number % 2)])
    for _ in range(8):
        later(11)
        overdue = {each.number for each in registry.overdue_cases()}
        assert overdue == {
            each.number for each in receipts if registry.case_clock(each.number).overdue
        }
        assert registry.count_overdue_cases() == len(overdue)
    assert len(overdue) > 1


def test_a_withdrawn_case_is_never_overdue(registry, receipt, later):
    registry.withdraw_case(receipt.number, receipt.secret_phrase)
    later(100)
    assert registry.overdue_cases() == ()
    assert not at(registry, receipt).overdue


def test_a_platform_whose_credential_has_ended_is_not_waited_for(registry, receipt, later):
    later(100)
    assert registry.count_overdue_cases() == 1
    for each in registry.credentials():
        registry.revoke_credential(each.key_id)
    assert registry.overdue_cases() == ()
    assert registry.case_clock(receipt.number).platforms == ()


def test_a_platform_that_came_later_has_its_own_48_hours(registry, receipt, later):
    registry.report("site", registry.sequence())
    later(100)
    issued = registry.issue_credential("new", {"check"})
    assert registry.overdue_cases() == ()
    there = at(registry, receipt, "new")
    assert (there.state, there.overdue) == ("not_served", False)
    later(47)
    registry.rotate_credential(issued.credential.key_id)
    assert registry.overdue_cases() == ()
    later(2)
    assert [each.number for each in registry.overdue_cases()] == [receipt.number]
    assert at(registry, receipt, "new").overdue


def test_a_platform_cannot_have_more_than_there_is(registry, receipt, hashes):
    registry.report("site", 10**15)
    later = registry.submit(pictures_of(hashes(1)))
    assert at(registry, receipt).state == "served"
    assert at(registry, later).state == "not_served"


def test_an_entry_may_be_older_than_the_case(registry, hashes, later):
    old = hashes(1)
    (entry,) = registry.add("default", old, source="keeper").entries
    registry.report("site", registry.sequence(), [Sighting(entry, 1)])
    later(5)
    young = registry.submit(pictures_of(old))
    there = at(registry, young)
    assert there.first_match == registry.case_clock(young.number).received


def test_numbers_that_are_not_there(registry):
    for number in ("4821-0937-5523", "x"):
        with pytest.raises(CaseNotFoundError):
            registry.case_clock(number)


class TestEvidence:
    def test_tells_all_but_the_hashes(self, registry, receipt):
        registry.report("site", receipt.sequence, [Sighting(receipt.entries[0], 60)])
        registry.give_opinion(receipt.entries[0], "site", is_match=False, why="a landscape")
        found = registry.evidence(receipt.number)
        assert found.report["case"]["number"] == receipt.number
        assert [each["entry"] for each in found.report["entries"]] == list(receipt.entries)
        assert found.report["platforms"][0]["blocked"] == 60
        assert found.report["opinions"][0]["why"] == "a landscape"
        actions = [line["action"] for line in found.report["audit"]]
        assert actions == ["case.open", "entry.hold", "opinion"]
        assert found.timeline.startswith("time,who,what\n")
        assert "registry,entry.hold: entry 1" in found.timeline
        for batch in registry.entries("pdq"):
            for code in batch.codes:
                assert code.tobytes().hex() not in repr(found)
        assert registry.audit()[-1].action == "audit.export"

    def test_a_name_that_a_table_program_would_run(self, registry, receipt):
        registry.report("=cmd()", receipt.sequence, [Sighting(receipt.entries[0], 1)])
        assert ",'=cmd()," in registry.evidence(receipt.number).timeline
