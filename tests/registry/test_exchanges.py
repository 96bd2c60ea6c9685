"""Exchanges: what they hold, what pages change, and that both change together."""

import pytest
from registry_writers import active, replayed
from submitting import pictures_of

from hashmatch.errors import (
    ExchangeBusyError,
    ExchangeExistsError,
    ExchangeNotFoundError,
    FeedShrankError,
    InvalidExchangeError,
    InvalidHashError,
    ListNotFoundError,
)
from hashmatch.registry import Page, Record, Rejected, audit
from hashmatch.types import Hash


@pytest.fixture
def feed(registry):
    """`feed(*records, name=, **page)`: apply a page of an exchange, which is made on first use."""
    turns = {}

    def apply(*records, name="feed", may_shrink=False, **page):
        if name not in turns:
            registry.add_exchange(name, "csv", "default", {})
            turns[name] = 0
        applied = registry.apply_page(
            name, Page(records, {"at": turns[name]}, **page), turns[name], may_shrink=may_shrink
        )
        turns[name] = applied.turn
        return applied

    return apply


def codes(registry):
    return {code.tobytes() for batch in registry.entries("pdq") for code in batch.codes}


class TestExchanges:
    def test_one_from_adding_to_removing(self, registry):
        made = registry.add_exchange("stop.ncii", "stopncii", "default", {"url": "https://x"})
        assert made.settings == {"url": "https://x"}
        assert (made.checkpoint, made.turn, made.entries, made.fetched) == (None, 0, 0, None)
        assert registry.exchange("stop.ncii") == made
        assert registry.exchanges() == (made,)
        assert registry.remove_exchange("stop.ncii") == 0
        assert registry.exchanges() == ()

    @pytest.mark.parametrize("name", ["", "With Capitals", "-x", "a" * 65, "a\0"])
    def test_bad_names(self, registry, name):
        with pytest.raises(InvalidExchangeError):
            registry.add_exchange(name, "csv", "default", {})
        with pytest.raises(ExchangeNotFoundError):
            registry.exchange(name)

    def test_a_name_is_given_once(self, registry):
        registry.add_exchange("feed", "csv", "default", {})
        with pytest.raises(ExchangeExistsError):
            registry.add_exchange("feed", "hma", "default", {})

    def test_a_list_must_be_there(self, registry):
        with pytest.raises(ListNotFoundError):
            registry.add_exchange("feed", "csv", "nowhere", {})

    def test_failures_are_seen_until_a_page_succeeds(self, registry, feed):
        feed()
        registry.note_exchange_failure("feed", "exchange_unavailable")
        state = registry.exchange("feed")
        assert state.failure == "exchange_unavailable"
        assert state.failed is not None
        feed()
        assert registry.exchange("feed").failure is None

    def test_removing_withdraws_what_only_it_holds(self, registry, feed, hashes):
        mine, shared, theirs = hashes(3)
        registry.add("default", [mine], source="test")
        feed(Record(None, (mine, shared, theirs)))
        feed(Record("a", (shared,)), name="other")
        assert registry.remove_exchange("feed") == 1
        assert codes(registry) == {mine.code, shared.code}

    def test_removing_can_keep_the_entries(self, registry, feed, hashes):
        values = hashes(1_500)
        feed(Record(None, tuple(values)))
        assert registry.remove_exchange("feed", keep=True) == 0
        assert codes(registry) == {value.code for value in values}

    def test_a_list_that_was_removed(self, registry, feed, hashes):
        feed(Record(None, tuple(hashes(2))))
        registry.remove_list("default")
        with pytest.raises(ListNotFoundError, match="Remove the exchange"):
            feed(Record(None, tuple(hashes(1))))
        assert registry.remove_exchange("feed") == 0


class TestPages:
    def test_a_page_and_its_checkpoint_are_one(self, registry, feed, hashes):
        good = hashes(3)
        feed(Record(None, tuple(good)))
        before = registry.exchange("feed"), registry.sequence()
        with pytest.raises(InvalidHashError):
            feed(Record(None, (*hashes(2), Hash("pdq", b"short"))))
        assert (registry.exchange("feed"), registry.sequence()) == before
        assert codes(registry) == {value.code for value in good}

    def test_the_same_page_again_changes_nothing(self, registry, feed, hashes):
        one, two, three = hashes(3)
        page = (Record("a", (one, two)), Record(None, (three,)), Record("gone", (), gone=True))
        feed(*page)
        before = registry.sequence()
        assert feed(*page).added == 0
        assert registry.sequence() == before

    def test_an_old_turn_is_refused(self, registry, feed):
        feed()
        with pytest.raises(ExchangeBusyError):
            registry.apply_page("feed", Page((), {}), 0)

    def test_the_later_record_of_a_page_counts(self, registry, feed, hashes):
        one, two = hashes(2)
        feed(
            Record(None, (one, two)),
            Record(None, (one,), gone=True),
            Record("a", (one,)),
            Record("a", (), gone=True),
        )
        assert codes(registry) == {two.code}

    def test_a_record_has_the_hashes_that_it_has_now(self, registry, feed, hashes):
        one, two, three = hashes(3)
        feed(Record("a", (one, two)))
        applied = feed(Record("a", (two, three)))
        assert (applied.added, applied.withdrawn) == (1, 1)
        assert codes(registry) == {two.code, three.code}

    def test_two_records_of_one_hash(self, registry, feed, hashes):
        (shared,) = hashes(1)
        feed(Record("a", (shared,)), Record("b", (shared,)))
        assert registry.exchange("feed").entries == 1
        assert feed(Record("a", (), gone=True)).withdrawn == 0
        assert codes(registry) == {shared.code}
        assert feed(Record("b", (), gone=True)).withdrawn == 1
        assert codes(registry) == set()

    def test_more_records_than_fit_one_question(self, feed, hashes):
        values = hashes(2_500)
        records = [Record(f"id {n}", (value,)) for n, value in enumerate(values)]
        assert feed(*records).added == 2_500
        assert feed(*(Record(name, (), gone=True) for name, _, _ in records)).withdrawn == 2_500
        loose = [Record(None, (value,)) for value in hashes(2_500)]
        feed(*loose)
        assert feed(*(each._replace(gone=True) for each in loose)).withdrawn == 2_500

    def test_hashers_that_nobody_knows_here_can_be_taken_back(self, feed):
        assert feed(Record(None, (Hash("other", b"x"),), gone=True)).withdrawn == 0

    def test_the_feed_of_changes_tells_all_of_it(self, registry, feed, hashes, all_changes):
        values = hashes(20)
        feed(*(Record(None, (value,)) for value in values))
        feed(*(Record(None, (value,), gone=True) for value in values[5:]))
        assert replayed(all_changes(registry)) == active(registry)

    def test_the_audit_tells_what_was_done(self, registry, feed, hashes):
        feed(Record(None, tuple(hashes(3))))
        feed()
        registry.remove_exchange("feed")
        with registry._database.reading() as connection:
            lines = audit.read(connection, 0, 100, "exchange feed")
            audit.verify(connection)
        assert [(line.action, line.detail) for line in lines] == [
            ("exchange.add", {"kind": "csv", "list": "default"}),
            ("exchange.fetch", {"added": 3, "withdrawn": 0}),
            ("exchange.remove", {"kept": False, "withdrawn": 3}),
        ]


class TestHolders:
    @pytest.fixture(autouse=True)
    def _quick(self, quick_phrases):
        del quick_phrases

    def test_a_case_keeps_what_a_source_takes_back(self, registry, feed, hashes):
        (value,) = hashes(1)
        case = registry.submit(pictures_of([value]))
        feed(Record(None, (value,)))
        assert feed(Record(None, (value,), gone=True)).withdrawn == 0
        registry.withdraw_case(case.number, case.secret_phrase)
        assert codes(registry) == set()

    def test_a_source_keeps_what_a_case_takes_back(self, registry, feed, hashes):
        (value,) = hashes(1)
        feed(Record("a", (value,)))
        case = registry.submit(pictures_of([value]))
        assert registry.withdraw_case(case.number, case.secret_phrase).active == 1
        assert feed(Record("a", (), gone=True)).withdrawn == 1

    def test_another_source_keeps_it(self, feed, hashes):
        (value,) = hashes(1)
        feed(Record(None, (value,)))
        feed(Record("a", (value,)), name="other")
        assert feed(Record(None, (value,), gone=True)).withdrawn == 0
        assert feed(Record("a", (), gone=True), name="other").withdrawn == 1

    def test_what_the_source_calls_it(self, registry, feed, hashes):
        one, two, three = hashes(3)
        feed(Record("a", (one,)), Record("b", (one,)))
        feed(Record(None, (two,)))
        other = registry.add("default", [three], source="test").new
        held = registry.held_hashes("feed", [1, 2, *other, 99])
        assert [(each.entry, each.external_id) for each in held] == [(1, "a"), (1, "b"), (2, None)]
        assert {each.hash.code for each in held} == {one.code, two.code}

    def test_the_hashes_of_a_case(self, registry, hashes):
        values = hashes(3)
        case = registry.submit(pictures_of(values))
        assert {value.code for value in registry.case_hashes(case.number)} == {
            value.code for value in values
        }
        registry.withdraw_case(case.number, case.secret_phrase)
        assert registry.case_hashes(case.number) == ()
        assert registry.case_hashes("no number") == ()


class TestWholeReadings:
    def test_what_did_not_come_up_goes(self, registry, feed, hashes):
        one, two, three = hashes(3)
        feed(Record("a", (one,)), Record(None, (two,)), begins=True)
        feed(Record(None, (three,)), complete=True)
        assert len(codes(registry)) == 3
        feed(Record("a", (one,)), begins=True)
        assert registry.exchange("feed").whole
        assert feed(complete=True).withdrawn == 2
        assert codes(registry) == {one.code}
        assert not registry.exchange("feed").whole

    def test_the_end_of_changes_takes_nothing(self, registry, feed, hashes):
        feed(Record(None, tuple(hashes(3))), begins=True, complete=True)
        assert feed(complete=True).withdrawn == 0
        assert len(codes(registry)) == 3

    def test_a_record_that_is_spoilt_today_stays(self, registry, feed, hashes):
        (one,) = hashes(1)
        feed(Record("a", (one,)), begins=True, complete=True)
        spoilt = Rejected("line 1", "it is spoilt", "a")
        assert feed(begins=True, complete=True, rejected=(spoilt,)).withdrawn == 0
        assert registry.exchange("feed").rejected == 1
        assert feed(begins=True, complete=True).withdrawn == 1

    def test_nearly_everything_gone_is_taken_for_a_fault(self, registry, feed, hashes):
        values = hashes(250)
        feed(Record(None, tuple(values)), begins=True, complete=True)
        before = registry.exchange("feed")
        with pytest.raises(FeedShrankError, match="150 of the 250"):
            feed(Record(None, tuple(values[:100])), begins=True, complete=True)
        assert registry.exchange("feed") == before
        feed(Record(None, tuple(values[:100])), begins=True, complete=True, may_shrink=True)
        assert len(codes(registry)) == 100

    def test_half_may_go(self, feed, hashes):
        values = hashes(300)
        feed(Record(None, tuple(values)), begins=True, complete=True)
        applied = feed(Record(None, tuple(values[:150])), begins=True, complete=True)
        assert applied.withdrawn == 150
