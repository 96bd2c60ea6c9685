"""A receiver that fails, hangs, trickles, refuses and repeats; and an upload path that goes on."""

import json
import socket
import threading

import pytest
from known_uploads import BLOCKED, CLEAN, CUT, Checker
from receiving import QUICK, SECRET
from serving import until

from hashmatch.pipeline.guards import EdgePolicy, Guard
from hashmatch.pipeline.webhooks import Counts, Event, Webhooks, verify


def event(number=0):
    return Event(f"event-{number}", json.dumps({"number": number}).encode())


def test_decisions_arrive_signed_and_hold_no_hash(receiver, hooked):
    webhooks = hooked()
    guard = Guard(Checker(), EdgePolicy(), tell=webhooks)
    assert guard.decide(BLOCKED).is_refused
    assert guard.decide(CLEAN).action == "pass"
    assert webhooks.close() == Counts(delivered=1)
    ((headers, body),) = receiver.got
    told = json.loads(body)
    assert verify(SECRET, headers, body) == told["id"]
    assert headers["Content-Type"] == "application/json"
    del told["id"], told["at"]
    assert told == {
        "type": "decision",
        "upload": None,
        "action": "refuse",
        "meant": "refuse",
        "why": "checked",
        "verdict": {
            "action": "block",
            "status": "ok",
            "matches": [
                {
                    "entry": 7,
                    "list": "default",
                    "hasher": "pdq",
                    "distance": 3,
                    "action": "block",
                    "view": "original",
                }
            ],
        },
    }
    assert bytes(8).hex().encode() not in body


def test_what_a_shadow_meant_and_what_could_not_be_decoded_is_told(receiver, hooked):
    webhooks = hooked()
    webhooks.tell(Guard(Checker(), EdgePolicy(shadow=True)).decide(BLOCKED), upload="upload 5")
    webhooks.tell(Guard(Checker()).decide(CUT))
    webhooks.tell(Guard(Checker()).decide(CLEAN))
    webhooks.close()
    told = sorted((json.loads(body) for _, body in receiver.got), key=lambda each: each["why"])
    assert [(each["upload"], each["action"], each["meant"], each["why"]) for each in told] == [
        ("upload 5", "pass", "refuse", "checked"),
        (None, "hold", "hold", "undecodable"),
    ]


@pytest.mark.parametrize("answer", [500, 503, 429, 408, "drop"])
def test_an_event_is_repeated_under_one_id(receiver, hooked, answer):
    receiver.answers = [answer, answer]
    webhooks = hooked()
    webhooks.send(event())
    assert webhooks.close(20) == Counts(delivered=1)
    assert len(receiver.got) == 3
    assert {verify(SECRET, headers, body) for headers, body in receiver.got} == {"event-0"}


@pytest.mark.parametrize("answer", [301, 400, 401, 404, 410])
def test_a_refusal_is_taken_for_one(receiver, hooked, answer, caplog):
    receiver.answers = [answer]
    webhooks = hooked()
    webhooks.send(event())
    assert webhooks.close(20) == Counts(failed=1)
    assert len(receiver.got) == 1
    assert f"Event event-0 was not delivered to 127.0.0.1: {answer} after 1" in caplog.text
    assert "/hook" not in caplog.text


@pytest.mark.parametrize("answer", ["hang", "trickle"])
def test_a_receiver_that_hangs_is_cut_off_and_asked_again(receiver, hooked, answer):
    receiver.answers = [answer]
    webhooks = hooked(seconds=0.2)
    webhooks.send(event())
    assert webhooks.close(20) == Counts(delivered=1)
    assert len(receiver.got) == 2


def test_an_event_is_given_up_after_its_attempts(receiver, hooked):
    receiver.answers = [500] * 9
    webhooks = hooked()
    webhooks.send(event())
    assert webhooks.close(20) == Counts(failed=1)
    assert len(receiver.got) == QUICK.attempts


def test_the_upload_path_goes_on_while_a_receiver_hangs(receiver, hooked, caplog):
    receiver.answers = ["hang"] * 99
    webhooks = hooked(room=3, at_once=1, seconds=30.0)
    guard = Guard(Checker(), tell=webhooks)
    decisions = [guard.decide(BLOCKED) for _ in range(10)]
    assert all(decision.is_refused for decision in decisions)
    assert webhooks.counts == Counts(waiting=3, dropped=7)
    assert caplog.text.count("is full") == 1
    assert webhooks.close(0) == Counts(failed=3, dropped=7)
    assert webhooks.send(event()) is False


def test_a_receiver_that_is_not_there_does_no_harm(hooked):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    webhooks = Webhooks(url, SECRET, patience=QUICK)
    assert Guard(Checker(), tell=webhooks).decide(BLOCKED).is_refused
    assert webhooks.close(20) == Counts(failed=1)
    del hooked


def test_many_threads_may_send(receiver, hooked):
    webhooks = hooked()
    threads = [
        threading.Thread(target=lambda k=k: [webhooks.send(event(20 * k + n)) for n in range(20)])
        for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: webhooks.counts.delivered == 80)
    assert sorted(json.loads(body)["number"] for _, body in receiver.got) == [*range(80)]


@pytest.mark.parametrize(
    ("url", "secret"), [("ftp://host/", SECRET), ("https://", SECRET), ("https://host/", b"short")]
)
def test_settings_that_cannot_be_meant_are_refused(url, secret):
    with pytest.raises(ValueError, match=r"A receiver has a URL|A secret has 16 bytes"):
        Webhooks(url, secret)
