"""NCMEC's feed with its oddities, and what is told back to it."""

import itertools
import logging
from datetime import timedelta

import pytest
from sources import NcmecSource
from standin import Fault
from standin_ncmec import NAMESPACE, from_iso

from hashmatch.errors import (
    ExchangeCredentialsError,
    ExchangeRefusedError,
    ExchangeUnavailableError,
    FeedUnreadableError,
)
from hashmatch.exchanges import Feedback, Ncmec, Remote, fetch, xml_documents
from hashmatch.types import Hash


@pytest.fixture
def source(tmp_path, pauses, registry):
    registry.add_exchange("feed", "ncmec", "default", {})
    made = NcmecSource(tmp_path, pauses)
    yield made
    made.close()


@pytest.fixture
def get(registry, source):
    return lambda **options: fetch(registry, "feed", exchange=source.exchange, **options)


def ranges(source):
    return [
        (from_iso(asked.query["from"]), from_iso(asked.query["to"]))
        for asked in source.server.asked
        if "from" in asked.query
    ]


class TestEntries:
    def test_hashes_are_taken_by_what_they_are_of(self, get, registry, source, hashes, listed):
        (pdq,), (md5, other) = hashes(1), hashes(2, "md5")
        source.server.list("a", {"md5": md5.hex, "sha1": "ab" * 20, "pdq": pdq.hex, "pdna": "x.."})
        source.server.list("b", {"md5": other.hex, "pdq": "no matter"}, kind="video")
        assert get().added == 3
        assert listed(registry) == {pdq.code}
        assert listed(registry, "md5") == {md5.code, other.code}

    def test_entries_without_a_hash_for_us_are_skipped(self, get, source):
        source.server.list("a", {"pdna": "x"})
        source.server.list("b", {"sha1": "ab" * 20, "tmk-pdqf": ""}, kind="video")
        done = get()
        assert (done.skipped, done.rejected, done.added) == (2, 0, 0)

    def test_an_entry_has_the_hashes_that_it_has_now(self, get, registry, source, hashes, listed):
        one, two = hashes(2)
        source.server.list("a", {"pdq": one.hex})
        get()
        source.later()
        source.server.list("a", {"pdq": two.hex}, age=10)
        get()
        assert listed(registry) == {two.code}
        source.later()
        source.server.list("a", {"pdna": "x"}, age=10)
        get()
        assert listed(registry) == set()

    def test_an_id_is_its_members_own(self, get, registry, source, hashes, listed):
        one, two = hashes(2)
        source.server.list("a", {"pdq": one.hex}, member=1)
        source.server.list("a", {"pdq": two.hex}, member=2)
        get()
        source.later()
        source.server.list("a", None, member=1, age=10)
        get()
        assert listed(registry) == {two.code}

    def test_the_good_hashes_of_an_entry_are_kept(self, get, source, hashes):
        (md5,) = hashes(1, "md5")
        source.server.list("a", {"md5": md5.hex, "pdq": "zz" * 32})
        done = get()
        assert (done.added, done.rejected) == (1, 1)
        assert done.rejections[0].external_id == "42/a"

    @pytest.mark.parametrize("entry_id", ["", "x" * 300, "a\tb"])
    def test_an_entry_without_a_good_id(self, get, source, entry_id):
        source.server.list(entry_id, {"pdq": "no matter"})
        assert get().rejected == 1


class TestRanges:
    @pytest.fixture
    def listing(self, source, hashes):
        values = hashes(40)
        source.small_pages()
        for number, value in enumerate(values):
            source.list(value, age=86_400 - 977 * (7 * number % 40))  # not by time
        return values

    def test_nothing_moves_before_a_range_is_exhausted(self, get, registry, source, listing):
        del listing
        start = 946_684_800
        source.server.faults = [None] * 4 + [Fault(500)] * 6
        with pytest.raises(ExchangeUnavailableError):
            get()
        state = registry.exchange("feed")
        assert state.entries == 21
        assert state.checkpoint["start"] == start
        assert state.checkpoint["page"].startswith("/v2/entries?")
        get()
        assert registry.exchange("feed").entries == 40
        assert registry.exchange("feed").checkpoint["start"] > start

    def test_a_link_that_has_expired_starts_the_range_anew(
        self, get, registry, source, listing, listed
    ):
        source.server.faults = [None] * 4 + [Fault(500)] * 6
        with pytest.raises(ExchangeUnavailableError):
            get()
        source.server.links = False
        source.server.page = 1000
        get()
        assert listed(registry) == {value.code for value in listing}

    def test_links_that_always_expire_end_it(self, get, source, listing):
        del listing
        source.server.links = False
        with pytest.raises(ExchangeRefusedError):
            get()
        assert len(source.server.asked) < 20

    @pytest.mark.parametrize("link", ["https://evil.example/x", "//evil.example/x"])
    def test_a_link_to_elsewhere_is_not_followed(self, get, source, listing, link):
        del listing
        source.server.spoil = lambda request, body: (
            body.replace(b"<next>/v2", f"<next>{link}".encode())
            if "entries" in request.path
            else body
        )
        with pytest.raises(ExchangeRefusedError):
            get()

    def test_a_link_in_a_circle(self, get, source, listing):
        del listing
        source.server.between = lambda: None
        answer = source.server._entries
        source.server._entries = lambda query: answer({**query, "start": "0"})
        with pytest.raises(FeedUnreadableError, match="read before"):
            get()

    def test_ranges_are_of_utc_and_leave_no_gap(self, get, source, monkeypatch):
        import time

        monkeypatch.setenv("TZ", "America/New_York")
        time.tzset()
        try:
            for _ in range(3):
                get()
                source.later()
        finally:
            monkeypatch.undo()
            time.tzset()
        found = ranges(source)
        assert len(found) == 3
        for (_, stop), (start, _) in itertools.pairwise(found):
            assert start == stop
        assert abs(found[-1][1] - (source.server.seconds() - 65)) <= 5

    @pytest.mark.parametrize("skew", [timedelta(days=-3), timedelta(days=3), timedelta(hours=-5)])
    def test_clocks_that_differ(self, get, registry, source, hashes, listed, skew):
        source.server.skew = skew
        one, two = hashes(2)
        source.list(one)
        get()
        source.later()
        source.list(two, age=10)
        get()
        assert listed(registry) == {one.code, two.code}
        source.server.skew -= timedelta(hours=1)
        before = registry.exchange("feed").checkpoint
        get()
        assert registry.exchange("feed").checkpoint == before

    def test_a_feed_that_moves_while_it_is_read(self, get, registry, source, listing, listed):
        """Entries leave the range as it is read; the next one has them."""
        moves = iter(listing[:5])
        source.server.skew = timedelta(minutes=-1)

        def move():
            value = next(moves, None)
            if value is not None:
                source.server.list(f"n{value.hex[:8]}", None, age=-30)

        source.server.between = move
        get()
        source.server.skew = timedelta()
        get()
        assert listed(registry) == {value.code for value in listing[5:]}


class TestBrokenPages:
    def test_one_that_is_broken_once(self, get, registry, source, hashes, listed):
        (value,) = hashes(1)
        source.list(value)
        broken = iter((False, True))
        source.server.spoil = lambda _, body: body[:-30] if next(broken, False) else body
        assert get().rejected == 0
        assert listed(registry) == {value.code}

    def test_one_that_stays_broken_costs_its_second(self, get, registry, source, hashes, listed):
        values = hashes(20)
        for number, value in enumerate(values):
            source.list(value, age=1_000_000 + 5_000 * number)
        key = ("image", 42, f"n{values[7].hex[:8]}")
        source.server.poison = source.server.entries[key][0]
        done = get()
        assert done.rejected == 1
        assert "broken" in done.rejections[0].why
        assert listed(registry) == {value.code for value in values if value is not values[7]}
        assert get().rejected == 0

    @pytest.mark.parametrize(
        "body",
        [b"", b"<html/>", b"<!DOCTYPE x><queryResult/>", b"<queryResult>", b"\xff\xfe", b"{}"],
    )
    def test_a_feed_that_is_nothing_else_moves_nothing(self, get, registry, source, body):
        source.server.spoil = lambda *_: body
        with pytest.raises(FeedUnreadableError):
            get()
        assert registry.exchange("feed").checkpoint is None

    def test_refused_credentials(self, registry, source):
        wrong = Ncmec(Remote(source.server.url, auth=("user", "wrong")))
        with pytest.raises(ExchangeCredentialsError):
            fetch(registry, "feed", exchange=wrong)
        wrong.close()


class TestBack:
    @pytest.fixture
    def picture(self, hashes):
        return hashes(1)[0]

    def test_a_confirmation(self, source, picture):
        assert source.exchange.report([Feedback(picture, "confirmed", "42/a b")]).sent == 1
        ((path, body),) = source.server.told
        assert path == "/v2/entries/42/a%20b/PDQ/feedback"
        root = xml_documents.read(body).root
        assert NAMESPACE.split('"')[1].encode() in body
        assert root.tag == "feedbackSubmission"
        assert [child.tag for child in root] == ["affirmative"]

    @pytest.mark.parametrize(
        "reason", [None, "Not what it says", "01234567-abcd-0123-4567-012345678900"]
    )
    def test_a_rejection_has_a_reason(self, source, picture, reason):
        feedback = Feedback(picture, "rejected", "42/a", reason=reason)
        assert source.exchange.report([feedback, feedback]).sent == 2
        root = xml_documents.read(source.server.told[0][1]).root
        assert root.findtext("negative/reasonIds/guid") == "01234567-abcd-0123-4567-012345678900"
        asked = [each.path for each in source.server.asked]
        assert asked.count("/v2/feedback/PDQ/reasons") == 1

    def test_a_reason_must_be_one_of_theirs(self, source, picture):
        source.server.reasons["Another"] = "another-guid"
        reported = source.exchange.report(
            [
                Feedback(picture, "rejected", "42/a"),
                Feedback(picture, "rejected", "42/a", reason="Mine"),
                Feedback(picture, "rejected", "42/a", reason="Another"),
            ]
        )
        assert reported.sent == 1
        assert all("Another, Not what it says" in each.why for each in reported.rejected)

    def test_what_cannot_be_told(self, source, picture):
        reported = source.exchange.report(
            [
                Feedback(picture, "confirmed"),
                Feedback(picture, "pending", "42/a"),
                Feedback(Hash("phash", bytes(8)), "confirmed", "42/a"),
            ]
        )
        assert reported.sent == 0
        assert len(reported.rejected) == 3
        assert source.server.told == []


def test_no_hash_and_no_password_in_logs_or_addresses(get, source, hashes, caplog):
    caplog.set_level(logging.DEBUG)
    (value,) = hashes(1)
    source.server.list("a", {"pdq": value.hex})
    get()
    source.exchange.report([Feedback(value, "confirmed", "42/a")])
    told = caplog.text + str([(asked.path, asked.query) for asked in source.server.asked])
    assert "/v2/entries" in told
    for secret in (value.hex, "password", source.server.asked[0].headers["authorization"]):
        assert secret not in told
