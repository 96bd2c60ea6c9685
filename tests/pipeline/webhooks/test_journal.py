"""Events that wait on the disk outlive whoever was to send them."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import textwrap

import pytest
from known_uploads import BLOCKED, CLEAN, Checker
from receiving import QUICK, SECRET
from serving import until

from hashmatch.pipeline.guards import Guard
from hashmatch.pipeline.webhooks import Counts, Event, Webhooks, verify
from hashmatch.pipeline.webhooks.journal import Journal

SENDER = textwrap.dedent(
    """
    import sys
    from hashmatch.pipeline.webhooks import Event, Webhooks

    webhooks = Webhooks(sys.argv[1], b"sixteen bytes or more", journal=sys.argv[2])
    for number in range(int(sys.argv[3])):
        webhooks.send(Event(f"event-{number}", b'{"number": %d}' % number))
        print("sent", flush=True)
    sys.stdin.read()
    """
)


def event(number=0):
    return Event(f"event-{number}", json.dumps({"number": number}).encode())


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock")


def numbers(receiver):
    return sorted(json.loads(body)["number"] for _, body in receiver.got)


@pytest.mark.parametrize("answer", ["hang", 503])
def test_kill_9(receiver, hooked, tmp_path, answer):
    receiver.answers = [answer] * 99
    process = subprocess.Popen(
        [sys.executable, "-c", SENDER, receiver.url, str(tmp_path / "journal"), "7"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    for _ in range(7):
        assert process.stdout.readline() == b"sent\n"
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    receiver.answers = []
    receiver.got.clear()
    webhooks = hooked(journal=tmp_path / "journal")
    until(lambda: webhooks.counts.delivered == 7)
    assert numbers(receiver) == [*range(7)]
    assert {verify(SECRET, *each) for each in receiver.got} == {f"event-{n}" for n in range(7)}
    assert files(tmp_path) == []


def test_what_was_delivered_or_refused_is_not_sent_again(receiver, hooked, tmp_path):
    receiver.answers = [204, 400]
    webhooks = hooked(journal=tmp_path, at_once=1)
    webhooks.send(event(1))
    webhooks.send(event(2))
    assert webhooks.close(20) == Counts(delivered=1, failed=1)
    assert files(tmp_path) == []
    assert hooked(journal=tmp_path).close(20) == Counts()
    assert len(receiver.got) == 2


def test_what_waits_when_it_is_closed_is_left_to_the_next(receiver, hooked, tmp_path):
    receiver.answers = ["hang"] * 9
    webhooks = hooked(journal=tmp_path, at_once=1)
    for number in range(3):
        webhooks.send(event(number))
    assert webhooks.close(0) == Counts(waiting=3)
    receiver.answers = []
    receiver.got.clear()
    assert hooked(journal=tmp_path).close(20) == Counts(delivered=3)
    assert numbers(receiver) == [0, 1, 2]


def test_what_stands_on_the_disk_is_what_is_sent_and_for_its_owner_only(receiver, hooked, tmp_path):
    receiver.answers = ["hang"] * 9
    webhooks = hooked(journal=tmp_path / "journal")
    guard = Guard(Checker(), tell=webhooks)
    guard.decide(BLOCKED)
    guard.decide(CLEAN)  # of which nothing is told
    (file,) = files(tmp_path)
    until(lambda: receiver.got)
    name, _, body = file.read_bytes().partition(b"\n")
    assert body == receiver.got[0][1]
    assert json.loads(name) == json.loads(body)["id"]
    assert BLOCKED not in file.read_bytes()
    assert bytes(8).hex().encode() not in file.read_bytes()  # the hash of what was checked
    if os.name != "nt":
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "journal").rglob("*")}
        assert modes <= {0o600, 0o700}


def test_senders_may_share_a_journal(receiver, hooked, tmp_path):
    receiver.answers = ["hang"] * 2
    first, second = (hooked(journal=tmp_path, at_once=1) for _ in range(2))
    first.send(event(1))
    second.send(event(2))
    until(lambda: len(receiver.got) == 2)
    third = hooked(journal=tmp_path)  # takes nothing from those who are at work
    assert third.counts == Counts()
    first.close(0)
    fourth = hooked(journal=tmp_path)
    until(lambda: fourth.counts == Counts(delivered=1))
    assert numbers(receiver) == [1, 1, 2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_forked_child_has_a_drawer_of_its_own(receiver, tmp_path):
    program = """
import os, sys
from hashmatch.pipeline.webhooks import Event, Webhooks
webhooks = Webhooks(sys.argv[1], b"sixteen bytes or more", journal=sys.argv[2])
child = os.fork()
webhooks.send(Event(f"event-{child > 0}", b'{"number": %d}' % (child > 0)))
if child == 0:
    webhooks.close(20)
    os._exit(0)
os.waitpid(child, 0)
webhooks.close(20)
"""
    command = [sys.executable, "-c", program, receiver.url, str(tmp_path)]
    subprocess.run(command, check=True, timeout=120)
    assert numbers(receiver) == [0, 1]
    assert {path.parent.name for path in tmp_path.rglob("lock")} == {"000", "001"}


def test_what_a_power_cut_left_is_passed_over(receiver, hooked, tmp_path):
    (tmp_path / "000").mkdir()
    for number, data in enumerate([b"", b'"event-1"\n', b"\0" * 40, b'7\n{"number": 7}']):
        (tmp_path / f"000/{number}.event").write_bytes(data)
    (tmp_path / "000/9.event").write_bytes(b'"event-9"\n{"number": 9}')
    assert hooked(journal=tmp_path).close(20) == Counts(delivered=1)
    assert numbers(receiver) == [9]
    assert files(tmp_path) == []


def test_a_full_disk_does_no_harm(receiver, hooked, tmp_path, monkeypatch, caplog):
    webhooks = hooked(journal=tmp_path)
    real = os.open

    def full(path, *arguments, **more):
        if str(path).endswith(".unfinished"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, *arguments, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", full)
        assert webhooks.send(event(1))
    assert webhooks.close(20) == Counts(delivered=1)
    assert "waits in memory only: No space left on device" in caplog.text
    assert numbers(receiver) == [1]


def test_a_folder_that_cannot_be_used_is_refused(tmp_path):
    (tmp_path / "journal").write_text("in the way")
    with pytest.raises(OSError, match="journal"):
        Webhooks("https://host/", SECRET, patience=QUICK, journal=tmp_path / "journal")


def test_events_come_in_their_order(tmp_path):
    journal = Journal(tmp_path)
    for number in range(3):
        journal.put(event(number))
    journal.close()
    again = Journal(tmp_path)
    assert [each.id for each in again.waiting()] == ["event-0", "event-1", "event-2"]
    again.close()
