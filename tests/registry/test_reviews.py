from datetime import timedelta

import pytest
from sqlalchemy import select

from hashmatch.errors import EntryNotFoundError, InvalidOpinionError
from hashmatch.registry import Sighting, clock, schema


@pytest.fixture
def entry(registry, hashes):
    """The id of an entry of the list ``default``."""
    return registry.add("default", hashes(1), source="test").entries[0]


@pytest.fixture
def later(monkeypatch):
    """`later(seconds)`: set the clock forward."""
    passed = [timedelta(0)]
    now = clock.now

    def forward(seconds):
        passed[0] += timedelta(seconds=seconds)

    monkeypatch.setattr(clock, "now", lambda: now() + passed[0])
    return forward


def kinds(registry, entry):
    return [change.kind for change in registry.follow() if change.entry == entry]


class TestFloods:
    def test_an_entry_that_matches_too_much_is_held_back(self, registry, entry):
        assert registry.report("site", 2, [Sighting(entry, blocked=50)]) == ()
        assert registry.held() == {}
        assert registry.report("site", 2, [Sighting(entry, reviewed=1)]) == (entry,)
        assert registry.held() == {entry: "flood"}
        assert kinds(registry, entry) == ["add", "hold"]
        assert registry.report("site", 2, [Sighting(entry, blocked=1000)]) == ()

    def test_reports_of_all_nodes_count_together(self, registry, entry):
        for node in range(5):
            held = registry.report(f"site {node}", 2, [Sighting(entry, blocked=10)])
            assert held == ()
        assert registry.report("another", 2, [Sighting(entry, 1), Sighting(entry, 0, 1)]) == (
            entry,
        )

    def test_what_is_older_than_the_window_does_not_count(self, registry, entry, later):
        registry.update_list("default", flood_matches=10, flood_window=600)
        assert registry.report("site", 2, [Sighting(entry, 10)]) == ()
        later(1000)
        assert registry.report("site", 2, [Sighting(entry, 10)]) == ()
        later(100_000)
        registry.report("site", 2)
        with registry._database.reading() as connection:
            assert connection.execute(select(schema.floods)).all() == []

    @pytest.mark.parametrize("settings", [{"flood_matches": 0}, {"allow_list": True}])
    def test_lists_without_a_bound(self, registry, entry, settings):
        registry.update_list("default", **settings)
        assert registry.report("site", 2, [Sighting(entry, 10_000)]) == ()

    def test_a_confirmed_entry_is_not_held_back_again(self, registry, entry):
        registry.report("site", 2, [Sighting(entry, 51)])
        registry.give_opinion(entry, "site", is_match=True)
        assert registry.held() == {}
        assert registry.report("site", 2, [Sighting(entry, 1000)]) == ()
        assert kinds(registry, entry) == ["add", "hold", "release"]

    def test_what_an_operator_demotes_is_not_released_by_others(self, registry, entry):
        registry.report("site", 2, [Sighting(entry, 51)])
        registry.decide(entry, "demote")
        assert registry.held() == {entry: "operator"}
        registry.give_opinion(entry, "site", is_match=True)
        assert registry.held() == {entry: "operator"}
        assert kinds(registry, entry) == ["add", "hold", "hold"]

    def test_entries_that_are_gone_or_never_were(self, registry, entry):
        registry.withdraw([entry])
        assert registry.report("site", 2, [Sighting(entry, 100), Sighting(99, 100)]) == ()

    @pytest.mark.parametrize("wrong", [{"blocked": -1}, {"reviewed": 1 << 60}, {"nearest": -1}])
    def test_counts_that_are_none(self, registry, entry, wrong):
        with pytest.raises(InvalidOpinionError):
            registry.report("site", 2, [Sighting(entry, **wrong)])

    def test_many_entries_in_one_report(self, registry, hashes):
        ids = registry.add("default", hashes(1200), source="test").entries
        counts = [Sighting(each, 51 if each % 2 else 1, 0, each % 30) for each in ids]
        assert set(registry.report("site", 2, counts)) == {each for each in ids if each % 2}
        assert len(registry.reviews(limit=10_000)) == 600


class TestOpinions:
    def test_two_platforms_hold_an_entry_back(self, registry, entry):
        registry.give_opinion(entry, "one", is_match=False, why="a landscape")
        registry.give_opinion(entry, "one", is_match=False, why="I said so")
        assert registry.held() == {}
        registry.give_opinion(entry, "two", is_match=False)
        assert registry.held() == {entry: "opinions"}
        told = registry.opinions(entry)
        assert [(each.platform, each.why) for each in told] == [("one", "I said so"), ("two", "")]
        assert all(each.at == each.at.replace(minute=0, second=0) for each in told)

    def test_who_says_the_contrary_counts_too(self, registry, entry):
        for name in ("one", "two"):
            registry.give_opinion(entry, name, is_match=True)
        for name in ("three", "four"):
            registry.give_opinion(entry, name, is_match=False)
        assert registry.held() == {}
        registry.give_opinion(entry, "five", is_match=False)
        assert registry.held() == {entry: "opinions"}

    def test_one_operator_is_enough(self, registry, entry):
        registry.give_opinion(entry, "us", is_match=False, operator=True)
        assert registry.held() == {entry: "operator"}
        registry.give_opinion(entry, "a site", is_match=True)
        assert registry.held() == {entry: "operator"}
        registry.give_opinion(entry, "us", is_match=True, operator=True)
        assert registry.held() == {}

    def test_a_list_may_do_without(self, registry, entry):
        registry.update_list("default", false_opinions=0)
        for number in range(5):
            registry.give_opinion(entry, f"site {number}", is_match=False)
        assert registry.held() == {}

    def test_what_cannot_be_one(self, registry, entry):
        with pytest.raises(EntryNotFoundError):
            registry.give_opinion(99, "site", is_match=True)
        for why in ("x" * 501, "a\0b"):
            with pytest.raises(InvalidOpinionError):
                registry.give_opinion(entry, "site", is_match=True, why=why)
        registry.withdraw([entry])
        with pytest.raises(EntryNotFoundError):
            registry.give_opinion(entry, "site", is_match=True)


class TestReviews:
    def test_are_told_in_numbers(self, registry, entry):
        registry.report("one", 2, [Sighting(entry, 40, 2, 12)])
        registry.report("two", 2, [Sighting(entry, 8, 0, 7)])
        registry.give_opinion(entry, "two", is_match=False)
        assert registry.reviews() == ()
        registry.decide(entry, "demote")
        (review,) = registry.reviews()
        assert (review.entry, review.list_name, review.hasher) == (entry, "default", "pdq")
        assert (review.held, review.quality) == ("operator", 80)
        assert (review.blocked, review.reviewed, review.nearest, review.platforms) == (48, 2, 7, 2)
        assert (review.true_opinions, review.false_opinions) == (0, 1)
        assert review.since >= review.created

    def test_pages(self, registry, hashes):
        ids = registry.add("default", hashes(3), source="test").entries
        for each in ids:
            registry.decide(each, "demote")
        assert [each.entry for each in registry.reviews(limit=2)] == [1, 2]
        assert [each.entry for each in registry.reviews(after=2)] == [3]

    def test_decisions(self, registry, entry):
        registry.decide(entry, "demote", "a logo")
        registry.decide(entry, "demote")
        registry.decide(entry, "confirm")
        registry.decide(entry, "confirm")
        assert kinds(registry, entry) == ["add", "hold", "release"]
        registry.decide(entry, "withdraw")
        assert registry.count_entries("default") == 0
        with pytest.raises(EntryNotFoundError):
            registry.decide(entry, "confirm")
        with pytest.raises(InvalidOpinionError, match="confirm, demote, withdraw"):
            registry.decide(entry, "delete")

    def test_a_withdrawal_erases_what_is_held_back_too(self, registry, entry):
        registry.decide(entry, "demote")
        assert registry.withdraw([entry]) == (entry,)
        assert registry.held() == {}
        assert registry.reviews() == ()
        with registry._database.reading() as connection:
            assert connection.scalars(select(schema.entries.c.code)).all() == [None]
