"""StopNCII's feed with its oddities, and what is told back to it."""

import json
import logging
from datetime import timedelta

import pytest
from sources import StopNCIISource
from standin import Fault

from hashmatch.errors import (
    ExchangeCredentialsError,
    ExchangeRefusedError,
    ExchangeUnavailableError,
    FeedUnreadableError,
)
from hashmatch.exchanges import Feedback, Remote, StopNCII, fetch
from hashmatch.registry import Record
from hashmatch.types import Hash


@pytest.fixture
def source(tmp_path, pauses, registry):
    registry.add_exchange("feed", "stopncii", "default", {})
    made = StopNCIISource(tmp_path, pauses)
    yield made
    made.close()


@pytest.fixture
def get(registry, source):
    return lambda **options: fetch(registry, "feed", exchange=source.exchange, **options)


def questions(source):
    return [asked.query for asked in source.server.asked]


class TestRecords:
    @pytest.mark.parametrize(
        "more",
        [
            {"caseNumbers": []},
            {"caseNumbers": ["not a mapping"]},
            {"caseNumbers": None},
            {"CSPFeedbacks": None},
            {"CSPFeedbacks": [{"feedbackValue": "Undefined"}]},
            {"hashRegions": ["UK"]},
        ],
    )
    def test_what_is_not_needed_may_be_anything(self, get, source, hashes, more):
        (value,) = hashes(1)
        source.server.list(value, **more)
        assert get().added == 1

    @pytest.mark.parametrize("status", ["Withdrawn", "Deleted"])
    def test_a_withdrawal_counts_whatever_else_is_broken(
        self, get, registry, source, hashes, status, listed
    ):
        (value,) = hashes(1)
        source.list(value)
        get()
        source.later()
        source.server.list(value, status=status, age=10, caseNumbers=[], CSPFeedbacks="x")
        assert get().withdrawn == 1
        assert listed(registry) == set()

    def test_a_hash_of_no_picture_is_left_out_and_can_be_taken_back(self, get, source):
        flat = Hash("pdq", bytes(32))
        source.server.list(flat)
        done = get()
        assert (done.added, done.rejected) == (0, 1)
        assert "flat" in done.rejections[0].why
        source.server.list(flat, status="Withdrawn")
        (page,) = source.exchange.fetch(None)
        assert page.records[0] == Record(None, (flat,), gone=True)

    @pytest.mark.parametrize("kind", ["VideoTMK", "Text", "URL", "ImagePDNA", "Unknown"])
    def test_other_kinds_are_skipped(self, get, source, hashes, kind):
        (value,) = hashes(1)
        source.server.list(value, signalType=kind)
        done = get()
        assert (done.skipped, done.rejected, done.added) == (1, 0, 0)

    @pytest.mark.parametrize(
        "more",
        [
            {"signalType": "StopNCIISignalType.ImagePDQ"},
            {"signalType": None},
            {"signalType": ["ImagePDQ"]},
            {"hashStatus": "Unknown"},
            {"hashStatus": None},
            {"hashStatus": {}},
            {"hashValue": ""},
            {"hashValue": "zz" * 32},
            {"hashValue": "ab" * 31},
            {"hashValue": 12},
        ],
    )
    def test_bad_ones_are_told_without_their_hash(self, get, source, hashes, more):
        bad, good = hashes(2)
        source.server.list(bad, **more)
        source.list(good)
        done = get()
        assert (done.rejected, done.added) == (1, 1)
        assert bad.hex not in repr(done.rejections)


class TestPages:
    @pytest.fixture
    def listing(self, source, hashes):
        values = hashes(40)
        source.small_pages()
        for value in values:
            source.list(value)
        return values

    def test_a_token_that_has_expired_starts_the_reading_anew(
        self, get, registry, source, listing, listed
    ):
        expired = iter((False, False, True))
        source.server.between = lambda: next(expired, False) and source.server.tokens.clear()
        get()
        assert [("nextPageToken" in asked) for asked in questions(source)].count(False) == 2
        assert listed(registry) == {value.code for value in listing}

    def test_tokens_that_always_expire_end_it(self, get, source, listing):
        del listing
        answer = source.server._fetch
        source.server._fetch = lambda query: (
            Fault(410) if "nextPageToken" in query else answer(query)
        )
        with pytest.raises(ExchangeRefusedError):
            get()
        assert len(source.server.asked) < 20

    def test_an_interrupted_fetch_goes_on_with_its_token(self, get, source, listing):
        del listing
        source.server.faults = [None] * 3 + [Fault(503)] * 6
        with pytest.raises(ExchangeUnavailableError):
            get()
        first = len(source.server.asked)
        get()
        assert "nextPageToken" in questions(source)[first]

    def test_or_without_it_when_that_has_expired(self, get, registry, source, listing, listed):
        source.server.faults = [None] * 3 + [Fault(503)] * 6
        with pytest.raises(ExchangeUnavailableError):
            get()
        source.server.tokens.clear()
        get()
        assert listed(registry) == {value.code for value in listing}

    def test_a_page_that_leads_to_itself(self, get, source, listing):
        del listing
        source.server.spoil = lambda _, body: json.dumps(
            {**json.loads(body), "nextPageToken": "again"}
        ).encode()
        source.server.tokens["again"] = (list(source.server.records), 7)
        with pytest.raises(FeedUnreadableError, match="no page that was not read"):
            get()

    def test_more_without_a_token(self, get, source, listing):
        del listing
        source.server.spoil = lambda _, body: json.dumps(
            {**json.loads(body), "nextPageToken": None}
        ).encode()
        with pytest.raises(FeedUnreadableError):
            get()

    def test_a_page_that_is_broken_once(self, get, registry, source, listing, listed):
        broken = iter((False, True))
        source.server.spoil = lambda _, body: body[:-40] if next(broken, False) else body
        assert get().rejected == 0
        assert listed(registry) == {value.code for value in listing}

    def test_a_page_that_stays_broken_costs_one_record(
        self, get, registry, source, listing, listed
    ):
        poisoned = listing[9]

        def spoil(_, body):
            return body.replace(f'"{poisoned.hex}"'.encode(), b'"\x01')

        source.server.spoil = spoil
        done = get()
        assert done.rejected == 1
        assert "1 of its records" in done.rejections[0].why
        assert listed(registry) == {value.code for value in listing if value is not poisoned}

    def test_a_page_that_is_always_cut_short(self, get, registry, source, listing, listed):
        source.server.spoil = lambda _, body: body[: len(body) * 3 // 4]
        done = get()
        assert done.rejected == 6
        assert 0 < len(listed(registry)) < len(listing)

    @pytest.mark.parametrize(
        "body", [b"", b"null", b"[]", b"<html>", b'{"hashRecords": []}', b'{"hashRecords": {}}']
    )
    def test_a_page_of_which_nothing_can_be_used(self, get, registry, source, body):
        source.server.spoil = lambda *_: body
        with pytest.raises(FeedUnreadableError):
            get()
        state = registry.exchange("feed")
        assert state.checkpoint is None
        assert state.failure == "feed_unreadable"

    def test_refused_keys(self, registry, source):
        wrong = StopNCII(Remote(source.server.url + "/v1"), {"fetch_key": "wrong"})
        with pytest.raises(ExchangeCredentialsError):
            fetch(registry, "feed", exchange=wrong)
        wrong.close()
        assert registry.exchange("feed").failure == "exchange_credentials"


class TestTime:
    def test_a_feed_that_moves_while_it_is_read(self, get, registry, source, hashes, listed):
        """Withdrawn behind the reader's back, and in no order: the next reading finds it."""
        values = hashes(40)
        source.small_pages()
        for value in values:
            source.list(value)
        moves = iter(values[:5])

        def move():
            value = next(moves, None)
            if value is not None:
                place = list(source.server.records)
                source.server.list(value, status="Withdrawn", age=0)
                records = source.server.records
                source.server.records = {key: records[key] for key in place}

        source.server.between = move
        get()
        get()
        assert listed(registry) == {value.code for value in values[5:]}

    @pytest.mark.parametrize("skew", [timedelta(days=-3), timedelta(days=3), timedelta(hours=-5)])
    def test_clocks_that_differ(self, get, registry, source, hashes, listed, skew):
        source.server.skew = skew
        one, two = hashes(2)
        source.list(one)
        get()
        source.later()
        source.server.list(two, age=1)
        source.take_back(one)
        get()
        assert listed(registry) == {two.code}

    def test_only_what_changed_is_asked_for(self, get, source, hashes):
        for number, value in enumerate(hashes(5)):
            source.list(value, age=86_400 + number)
        get()
        assert get().records == 1
        assert int(questions(source)[-1]["startTimestamp"]) > source.server.seconds() - 90_000

    def test_a_feed_that_says_it_ends_in_the_future(self, get, registry, source, hashes, listed):
        one, two = hashes(2)
        source.list(one)
        source.server.spoil = lambda _, body: json.dumps(
            {**json.loads(body), "nextSetTimestamp": 1 << 60}
        ).encode()
        get()
        source.server.list(two, age=0)
        get()
        assert listed(registry) == {one.code, two.code}

    def test_after_a_month_it_is_read_as_a_whole(self, get, registry, source, hashes, listed):
        """Withdrawals are no longer in the feed then, so what does not come up is gone."""
        one, two, three = hashes(3)
        for value in (one, two):
            source.list(value)
        get()
        del source.server.records[one.hex]
        source.list(three)
        source.server.skew += timedelta(days=31)
        source.exchange._now = source.server.now
        assert get().withdrawn == 1
        assert questions(source)[-1]["startTimestamp"] == "10"
        assert listed(registry) == {two.code, three.code}

    def test_a_broken_page_is_not_taken_for_withdrawals(
        self, get, registry, source, hashes, listed
    ):
        kept, gone = hashes(2)
        source.list(kept)
        source.list(gone)
        get()
        del source.server.records[gone.hex]
        source.server.skew += timedelta(days=31)
        source.exchange._now = source.server.now
        source.server.spoil = lambda _, body: body.replace(f'"{kept.hex}"'.encode(), b'"\x01')
        done = get()
        assert (done.withdrawn, done.rejected) == (0, 1)
        assert listed(registry) == {kept.code, gone.code}
        source.server.spoil = lambda _, body: body
        assert get().withdrawn == 1
        assert listed(registry) == {kept.code}

    def test_within_a_month_it_is_not(self, get, source, hashes):
        source.list(hashes(1)[0])
        get()
        source.server.skew += timedelta(days=20)
        source.exchange._now = source.server.now
        get()
        assert questions(source)[-1]["startTimestamp"] != "10"


class TestBack:
    def test_feedback_as_it_is_written(self, source, hashes):
        one, two, three = hashes(3)
        reported = source.exchange.report(
            [
                Feedback(one, "confirmed", tags=("Nude",)),
                Feedback(two, "rejected"),
                Feedback(three, "pending"),
            ]
        )
        assert (reported.sent, reported.rejected) == (3, ())
        assert source.server.told == [
            (
                "SubmitFeedback",
                {
                    "count": 3,
                    "hashFeedbacks": [
                        {"hashValue": one.hex, "feedbackValue": "Blocked", "tags": ["Nude"]},
                        {"hashValue": two.hex, "feedbackValue": "NotBlocked", "tags": []},
                        {"hashValue": three.hex, "feedbackValue": "PendingReview", "tags": []},
                    ],
                },
            )
        ]

    def test_hashes_as_they_are_submitted(self, source, hashes):
        (picture,), (video,) = hashes(1), hashes(1, "md5")
        other = Hash("phash", bytes(8))
        reported = source.exchange.submit([picture, other, video], tags=["Threat"])
        assert reported.sent == 2
        assert "phash" in reported.rejected[0].why
        ((endpoint, body),) = source.server.told
        assert endpoint == "SubmitHashes"
        assert body["count"] == 2
        for record in body["hashRecords"]:
            assert abs(record.pop("lastModtimestamp") - source.server.seconds()) < 100
        feedback = [{"feedbackValue": "Blocked", "tags": ["Threat"]}]
        assert body["hashRecords"] == [
            {"signalType": "ImagePDQ", "hashValue": picture.hex, "CSPFeedbacks": feedback},
            {"signalType": "VideoMD5", "hashValue": video.hex, "CSPFeedbacks": feedback},
        ]

    def test_many_go_in_several_requests(self, source, hashes):
        assert source.exchange.submit(hashes(2_000)).sent == 2_000
        assert [body["count"] for _, body in source.server.told] == [800, 800, 400]

    def test_nothing_asks_for_nothing(self, source):
        assert source.exchange.report([]).sent == 0
        assert source.server.asked == []

    def test_a_key_of_its_own_is_needed(self, source, hashes):
        only_fetches = StopNCII(Remote(source.server.url), {"fetch_key": "x"})
        with pytest.raises(ExchangeRefusedError, match="submit_key"):
            only_fetches.submit(hashes(1))
        only_fetches.close()


def test_no_hash_and_no_key_in_logs_or_addresses(get, source, hashes, caplog):
    caplog.set_level(logging.DEBUG)
    (value,) = hashes(1)
    source.list(value)
    get()
    source.exchange.report([Feedback(value, "confirmed")])
    source.exchange.submit([value])
    told = caplog.text + str([(asked.path, asked.query) for asked in source.server.asked])
    assert "FetchHashes" in told
    for secret in (value.hex, "key of", "subscription"):
        assert secret not in told
