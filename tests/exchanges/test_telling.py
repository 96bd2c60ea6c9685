"""Opinions on a source's hashes reach the source: once each, and whatever happens on the way."""

import signal
import subprocess
import sys
import textwrap

import pytest
from sources import NcmecSource, StopNCIISource
from standin import Fault

from hashmatch.errors import ExchangeUnavailableError
from hashmatch.exchanges import StopNCII, fetch, telling
from hashmatch.exchanges import tell as tell_source
from hashmatch.registry import Registry, Told

SERVERS = {"stopncii": StopNCIISource, "ncmec": NcmecSource}


@pytest.fixture(params=SERVERS)
def source(request, tmp_path, pauses, registry):
    made = SERVERS[request.param](tmp_path, pauses)
    if request.param == "ncmec":
        made.server.reasons = {"Not what it says": "guid-1"}
    registry.add_exchange("feed", request.param, "default", {})
    yield made
    made.close()


@pytest.fixture
def entries(registry, source, hashes):
    """Entries 1 to 5, as the source has them."""
    for value in hashes(5):
        source.list(value)
    fetch(registry, "feed", exchange=source.exchange)
    return registry


def tell(registry, source):
    done = tell_source(registry, "feed", exchange=source.exchange)
    return done.told, done.refused


def judged(source):
    """What the source was told of hashes, in order."""
    if isinstance(source, StopNCIISource):
        return [
            each["feedbackValue"] == "Blocked"
            for _, body in source.server.told
            for each in body["hashFeedbacks"]
        ]
    return [b"affirmative" in body for _, body in source.server.told]


def test_opinions_reach_their_source_once(entries, source):
    entries.give_opinion(1, "platform", is_match=True)
    entries.give_opinion(2, "platform", is_match=False)
    assert tell(entries, source) == (2, 0)
    assert judged(source) == [True, False]
    assert tell(entries, source) == (0, 0)
    entries.give_opinion(1, "another", is_match=True)  # nothing new to the source
    assert tell(entries, source) == (0, 0)
    entries.give_opinion(2, "platform", is_match=True)
    assert tell(entries, source) == (1, 0)
    assert judged(source) == [True, False, True]


def test_the_majority_counts_and_operators_overrule_it(entries, source):
    entries.give_opinion(1, "platform", is_match=True)
    entries.give_opinion(1, "another", is_match=False)
    assert tell(entries, source) == (0, 0)  # a draw
    entries.give_opinion(1, "a third", is_match=True)
    assert tell(entries, source) == (1, 0)
    entries.give_opinion(1, "operator", is_match=False, operator=True)
    assert tell(entries, source) == (1, 0)
    assert judged(source) == [True, False]


def test_entries_of_others_are_not_told_of(entries, source, hashes):
    (ours,) = entries.add("default", [hashes(6)[-1]], source="ours").entries
    entries.give_opinion(ours, "platform", is_match=True)
    entries.give_opinion(1, "platform", is_match=True)
    entries.withdraw([1])
    assert entries.untold("feed") == ()
    assert tell(entries, source) == (0, 0)


def test_a_few_at_a_time(entries, source, monkeypatch):
    monkeypatch.setattr(telling, "_AT_ONCE", 2)
    for entry in range(1, 6):
        entries.give_opinion(entry, "platform", is_match=entry % 2 == 0)
    assert tell(entries, source) == (5, 0)
    assert judged(source) == [False, True, False, True, False]


@pytest.mark.parametrize(
    "fault", [Fault(429, {"retry-after": "7"}), Fault(503)], ids=["429", "503"]
)
def test_a_source_that_is_overloaded_is_told_after_a_pause(entries, source, fault, pauses):
    entries.give_opinion(1, "platform", is_match=True)
    source.server.faults = [fault]
    assert tell(entries, source) == (1, 0)
    assert len(pauses) == 1
    assert judged(source) == [True]


def test_what_a_source_does_not_hear_is_told_later(entries, source, monkeypatch):
    monkeypatch.setattr(telling, "_AT_ONCE", 1)
    for entry in (1, 2):
        entries.give_opinion(entry, "platform", is_match=True)
    source.server.faults = [None, *[Fault(500)] * 6]
    with pytest.raises(ExchangeUnavailableError):
        tell(entries, source)
    assert entries.exchange("feed").failure == "exchange_unavailable"
    assert judged(source) == [True]
    assert [each.held.entry for each in entries.untold("feed")] == [2]
    assert tell(entries, source) == (1, 0)
    assert judged(source) == [True, True]


def test_what_a_source_refuses_is_not_told_again_until_it_is_judged_otherwise(
    registry, tmp_path, pauses, hashes
):
    source = NcmecSource(tmp_path, pauses)
    try:
        registry.add_exchange("feed", "ncmec", "default", {})
        for value in hashes(2):
            source.list(value)
        fetch(registry, "feed", exchange=source.exchange)
        source.server.reasons = {"Another": "guid-1", "Not what it says": "guid-2"}
        registry.give_opinion(1, "platform", is_match=False)  # which takes a reason
        registry.give_opinion(2, "platform", is_match=True)
        done = tell_source(registry, "feed", exchange=source.exchange)
        assert (done.told, done.refused) == (1, 1)
        assert "NCMEC asks for a reason" in done.refusals[0].why
        assert tell(registry, source) == (0, 0)
        registry.give_opinion(1, "platform", is_match=True)
        assert tell(registry, source) == (1, 0)
    finally:
        source.close()


def test_without_the_means_nothing_is_told(registry, tmp_path, pauses, hashes):
    source = StopNCIISource(tmp_path, pauses)
    try:
        registry.add_exchange("feed", "stopncii", "default", {})
        registry.add_exchange("silent", "stopncii", "default", {"feedback": False})
        source.list(*hashes(1))
        for name in ("feed", "silent"):
            fetch(registry, name, exchange=source.exchange)
        registry.give_opinion(1, "platform", is_match=True)
        assert tell_source(registry, "silent", exchange=source.exchange).told == 0
        only_fetches = StopNCII(source.exchange._remote, {"fetch_key": "key of FetchHashes"})
        assert tell_source(registry, "feed", exchange=only_fetches).told == 0
        assert source.server.told == []
        assert tell(registry, source) == (1, 0)
    finally:
        source.close()


def test_who_tells_is_in_the_audit_with_counts_only(entries, source):
    entries.give_opinion(1, "platform", is_match=True)
    tell(entries, source)
    (line,) = entries.search_audit(action="exchange.report")
    assert line.subject == "exchange feed"
    assert line.detail == {"told": 1, "refused": 0}


def test_an_exchange_that_was_told_can_be_removed(entries, source):
    entries.give_opinion(1, "platform", is_match=True)
    tell(entries, source)
    assert entries.remove_exchange("feed") == 5
    assert entries.exchanges() == ()


TELLER = textwrap.dedent(
    """
    import sys
    from hashmatch.exchanges import tell, telling
    from hashmatch.registry import Registry

    telling._AT_ONCE = 1
    real = Registry.note_told

    def slowly(*arguments):
        print("told", flush=True)
        if sys.stdin.readline() == "go on\\n":
            real(*arguments)

    Registry.note_told = slowly
    with Registry.open(sys.argv[1]) as registry:
        tell(registry, "feed")
    """
)


def test_kill_9(place, hashes, monkeypatch, tmp_path, pauses):
    """Killed between telling and writing it down, it tells that one again, and the others once."""
    monkeypatch.setenv("HASHMATCH_EXCHANGE_FEED_SUBSCRIPTION_KEY", "subscription")
    monkeypatch.setenv("HASHMATCH_EXCHANGE_FEED_FETCH_KEY", "key of FetchHashes")
    monkeypatch.setenv("HASHMATCH_EXCHANGE_FEED_FEEDBACK_KEY", "key of SubmitFeedback")
    source = StopNCIISource(tmp_path, pauses)
    try:
        values = hashes(4)
        for value in values:
            source.list(value)
        with Registry.open(place) as registry:
            registry.add_exchange("feed", "stopncii", "default", {"url": f"{source.server.url}/v1"})
            fetch(registry, "feed")
            for entry in range(1, 5):
                registry.give_opinion(entry, "platform", is_match=True)
        process = subprocess.Popen(
            [sys.executable, "-c", TELLER, str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2):
            assert process.stdout.readline() == "told\n"
            process.stdin.write("go on\n")
            process.stdin.flush()
        assert process.stdout.readline() == "told\n"
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        with Registry.open(place) as registry:
            assert [each.held.entry for each in registry.untold("feed")] == [3, 4]
            assert tell_source(registry, "feed").told == 2
        told = [
            each["hashValue"] for _, body in source.server.told for each in body["hashFeedbacks"]
        ]
        assert sorted(told) == sorted([*(value.hex for value in values), told[2]])
    finally:
        source.close()


def test_it_does_not_matter_who_writes_it_down_first(entries):
    entries.give_opinion(1, "platform", is_match=True)
    for _ in range(2):
        entries.note_told("feed", [Told(1, True, True)])
    assert entries.untold("feed") == ()
