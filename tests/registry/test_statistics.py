from datetime import timedelta

import pytest

from hashmatch.registry import Fingerprint, ListCounts, Sighting, clock
from hashmatch.registry.statistics import DAYS, HOURS


@pytest.fixture
def at(monkeypatch):
    """`at(time)`: what time it is from now on."""

    def set_clock(time):
        monkeypatch.setattr(clock, "now", lambda: time)
        monkeypatch.setattr(
            clock, "this_hour", lambda: time.replace(minute=0, second=0, microsecond=0)
        )

    return set_clock


def test_an_empty_registry(registry):
    found = registry.statistics()
    assert found.lists == (ListCounts("default", 0, 0, 0, 0),)
    assert (found.held, found.open_cases, found.withdrawn_cases) == ({}, 0, 0)
    assert [count for _, count in found.matches] == [0] * HOURS
    assert [counts for _, *counts in found.cases] == [[0, 0]] * DAYS


def test_lists_and_what_is_held_back(registry, hashes):
    registry.create_list("other")
    one, two, three = registry.add("default", hashes(3), source="test").entries
    registry.report("site", 0, [Sighting(one, 5, 1), Sighting(two, 2), Sighting(three, 100)])
    registry.report("chat", 0, [Sighting(one, 1, 1)])
    registry.decide(two, "demote")
    found = registry.statistics()
    assert found.lists == (ListCounts("default", 3, 2, 108, 2), ListCounts("other", 0, 0, 0, 0))
    assert found.held == {"flood": 1, "operator": 1}
    registry.withdraw([three])
    assert registry.statistics().lists[0] == ListCounts("default", 2, 1, 8, 2)
    assert registry.statistics().held == {"operator": 1}


def test_matches_by_the_hour_and_cases_by_the_day(registry, hashes, at):
    now = clock.now().replace(hour=12, minute=30)
    (entry,) = registry.add("default", hashes(1), source="test").entries
    for hours, count in ((23, 1), (2, 3), (2, 4), (0, 2)):
        at(now - timedelta(hours=hours))
        registry.report("site", 0, [Sighting(entry, count)])
    receipts = []
    for days in (31, 29, 1, 1, 0):
        at(now - timedelta(days=days))
        receipts.append(registry.submit([[Fingerprint(hashes(1)[0])]]))
    registry.withdraw_case(receipts[0].number, receipts[0].secret_phrase)
    found = registry.statistics()
    hours = [count for _, count in found.matches]
    assert hours == [1, *[0] * 20, 7, 0, 2]
    assert found.matches[-1][0] == now.replace(minute=0, second=0)
    opened = [each for _, each, _ in found.cases]
    assert (opened[0], opened[-2:], sum(opened)) == (1, [2, 1], 4)
    assert [each for _, _, each in found.cases][-1] == 1
    assert found.cases[-1][0] == now.replace(hour=0, minute=0, second=0)
    assert (found.open_cases, found.withdrawn_cases) == (4, 1)


def test_the_audit_is_searched_from_its_end(registry, hashes):
    registry.create_list("other")
    registry.add("default", hashes(2), source="test")
    entry = registry.entries("pdq").__next__().ids[0]
    registry.decide(int(entry), "demote")
    newest = registry.search_audit()
    assert [line.number for line in newest] == [line.number for line in registry.audit()][::-1]
    assert registry.search_audit(limit=1) == newest[:1]
    assert registry.search_audit(newest[1].number) == newest[2:]
    assert [each.action for each in registry.search_audit(action="list.")] == [
        each.action for each in newest if each.action.startswith("list.")
    ]
    assert registry.search_audit(action="list_") == registry.search_audit(action="%") == ()
    assert {each.subject for each in registry.search_audit(subject=f"entry {entry}")} == {
        f"entry {entry}"
    }
    assert registry.search_audit(actor="local") != ()
    assert registry.search_audit(actor="nobody") == ()
