"""Files that arrive in a folder are decided about once, when they are whole."""

import os
import threading
import time

import pytest
from known_uploads import AWAY, BLOCKED, CLEAN, REVIEWED, TEXT, Checker

from hashmatch.errors import ArchiveError
from hashmatch.hashers import DEFAULT_LIMITS
from hashmatch.pipeline.guards import EdgePolicy, Guard
from hashmatch.pipeline.watch import Watcher, folders


@pytest.fixture
def incoming(tmp_path):
    (tmp_path / "incoming/more").mkdir(parents=True)
    return tmp_path / "incoming"


@pytest.fixture
def arrive(incoming):
    """`arrive(name, data)`: a file that nobody writes to any more."""

    def arrive(name, data, age=60):
        (incoming / name).write_bytes(data)
        then = time.time() - age
        os.utime(incoming / name, (then, then))
        return incoming / name

    return arrive


@pytest.fixture
def watcher(incoming, tmp_path):
    def make(checker=None, moving=("pass", "hold", "refuse"), **policy):
        move = {action: tmp_path / action for action in moving}
        return Watcher(incoming, Guard(checker or Checker(), EdgePolicy(**policy)), move)

    return make


def test_files_are_moved_by_what_is_decided(watcher, arrive, incoming, tmp_path):
    for name, data in (("a.jpg", BLOCKED), ("more/b.jpg", REVIEWED), ("c.jpg", CLEAN)):
        arrive(name, data)
    arrive("notes.txt", TEXT)
    arrive("broken.jpg", TEXT)
    told = {each.path: (each.decision.action, each.moved_to) for each in watcher().look()}
    assert told == {
        "a.jpg": ("refuse", str(tmp_path / "refuse/a.jpg")),
        "more/b.jpg": ("hold", str(tmp_path / "hold/more/b.jpg")),
        "c.jpg": ("pass", str(tmp_path / "pass/c.jpg")),
        "notes.txt": ("pass", str(tmp_path / "pass/notes.txt")),
        "broken.jpg": ("hold", str(tmp_path / "hold/broken.jpg")),
    }
    assert not [path for path in incoming.rglob("*") if path.is_file()]
    assert (tmp_path / "refuse/a.jpg").read_bytes() == BLOCKED


def test_files_that_stay_are_decided_about_once_until_they_change(watcher, arrive):
    watcher = watcher(moving=())
    arrive("a.jpg", BLOCKED)
    assert [each.moved_to for each in watcher.look()] == [None]
    assert [*watcher.look()] == []
    arrive("a.jpg", CLEAN, age=30)
    assert [each.decision.action for each in watcher.look()] == ["pass"]


def test_a_file_that_is_being_written_is_left_alone(watcher, arrive):
    watcher = watcher()
    for name in ("a.jpg.part", ".a.jpg", "a.tmp"):
        arrive(name, BLOCKED)
    path = arrive("slow.jpg", BLOCKED[:3], age=-1)
    assert [*watcher.look()] == []
    arrive("slow.jpg", BLOCKED)
    assert [each.path for each in watcher.look()] == ["slow.jpg"]
    assert not path.exists()


def test_a_file_that_grows_while_it_is_read_is_left_alone(watcher, arrive, monkeypatch):
    path = arrive("slow.jpg", CLEAN)
    seen = folders._seen
    calls = []

    def grown(place):
        calls.append(place)
        found = seen(place)
        return found._replace(size=len(calls))

    with monkeypatch.context() as patched:
        patched.setattr(folders, "_seen", grown)
        assert [*watcher().look()] == []
    assert path.read_bytes() == CLEAN


@pytest.mark.parametrize(
    ("unavailable", "waits"), [("hold", True), ("refuse", True), ("pass", False)]
)
def test_files_wait_or_go_on_while_the_lists_are_away(
    watcher, arrive, unavailable, waits, tmp_path
):
    watcher = watcher(unavailable=unavailable)
    path = arrive("a.jpg", AWAY)
    for _ in range(2 if waits else 1):
        (handled,) = watcher.look()
        assert handled.decision.why == "unavailable"
        assert path.exists() == waits
        assert (handled.moved_to is None) == waits
    assert (tmp_path / "pass/a.jpg").exists() != waits


def test_nothing_is_written_over(watcher, arrive, tmp_path):
    watcher = watcher()
    for data in (BLOCKED, BLOCKED + b" too"):
        arrive("a.jpg", data)
        assert len([*watcher.look()]) == 1
    assert (tmp_path / "refuse/a.jpg").read_bytes() == BLOCKED
    assert (tmp_path / "refuse/a-1.jpg").read_bytes() == BLOCKED + b" too"


def test_what_cannot_be_moved_is_told_and_tried_again(watcher, arrive, tmp_path):
    path = arrive("a.jpg", BLOCKED)
    (tmp_path / "refuse").write_text("in the way")
    watcher = watcher()
    for _ in range(2):
        (handled,) = watcher.look()
        assert handled.problem.startswith("It cannot be moved: ")
    assert path.exists()
    (tmp_path / "refuse").unlink()
    (handled,) = watcher.look()
    assert handled.problem is None
    assert not path.exists()


def test_no_more_of_a_file_is_read_than_a_picture_may_have(watcher, arrive, monkeypatch):
    checker = Checker()
    monkeypatch.setattr(folders, "DEFAULT_LIMITS", DEFAULT_LIMITS.__class__(max_bytes=20))
    arrive("a.jpg", CLEAN + bytes(100))
    assert len([*watcher(checker).look()]) == 1
    assert [len(data) for data in checker.seen] == [21]


def test_it_looks_until_it_is_told_to_end(watcher, arrive):
    ending = threading.Event()
    arrive("a.jpg", CLEAN)
    found = []
    for handled in watcher().run(ending, every=0.01):
        found.append(handled.path)
        if len(found) == 3:
            ending.set()
        arrive(f"{len(found)}.jpg", CLEAN)
    assert found[:3] == ["a.jpg", "1.jpg", "2.jpg"]


def test_folders_that_cannot_be_meant_are_refused(incoming, tmp_path):
    guard = Guard(Checker())
    with pytest.raises(ArchiveError, match="lies inside of"):
        Watcher(incoming, guard, {"hold": incoming / "held"})
    with pytest.raises(ArchiveError, match="There is no folder"):
        Watcher(tmp_path / "nowhere", guard)
