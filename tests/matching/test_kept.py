"""What a matcher holds is kept up to date, also in a child that was forked after it was opened."""

import os
import pickle
import subprocess
import sys

import pytest

from hashmatch.matching import Matcher
from hashmatch.registry import Registry

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")

PROGRAM = """
import os, sys, threading, time
import numpy as np
from hashmatch.matching import Matcher
from hashmatch.registry import Registry
from hashmatch.types import Hash

place, way = sys.argv[1:]
code = np.random.default_rng(5).integers(0, 256, (1, 32), np.uint8)

def until(holds, what):
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.01)

matcher = Matcher.open(place, every=0.02)
matcher.check_then(np.zeros((64, 64), np.uint8), lambda verdict: None)  # its threads are there
if way == "locked":
    matcher._kept._refreshing.acquire()  # as by a thread that refreshes while the process forks
child = os.fork()
if child == 0:
    try:
        if way == "refresh":
            until(lambda: matcher.refresh() > 1, "nothing refreshed")
        until(lambda: len(matcher.match(code)[0].ids), "the child does not follow")
        assert matcher.state == "ready"
        late = threading.Event()
        for _ in range(20):
            matcher.check_then(np.zeros((64, 64), np.uint8), lambda verdict: late.set())
        assert late.wait(60), "nothing is looked at later in the child"
        matcher.close()
    except BaseException as error:
        print(repr(error), flush=True)
        os._exit(1)
    os._exit(0)
if way == "locked":
    matcher._kept._refreshing.release()
with Registry.open(place) as registry:
    registry.add("default", [Hash("pdq", code.tobytes(), 90)], source="test")
until(lambda: len(matcher.match(code)[0].ids), "the parent does not follow")
status = os.waitpid(child, 0)[1]
until(lambda: matcher.age < 1, "the parent does not follow any more")
matcher.close()
sys.exit(bool(status))
"""


@FORKS
@pytest.mark.parametrize("way", ["check", "refresh", "locked"])
def test_a_forked_child_keeps_up_by_itself(tmp_path, way):
    Registry.open(tmp_path / "registry").close()
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PROGRAM,
         str(tmp_path / "registry"), way],
        capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_a_matcher_is_opened_by_each_process_not_sent_to_it(matcher):
    with pytest.raises(TypeError, match=r"Matcher\.open"):
        pickle.dumps(matcher)


def test_another_depth_is_refused(matcher):
    with pytest.raises(ValueError, match="'fast' or 'thorough', not 'deep'"):
        matcher.check(b"", depth="deep")


def test_what_opens_the_source_is_closed_when_the_lists_cannot_be_read(tmp_path, monkeypatch):
    closed = []

    def close(registry):
        closed.append(registry)

    monkeypatch.setattr(Registry, "close", close)
    monkeypatch.setattr(
        "hashmatch.matching.follower.Follower.catch_up", lambda _: (_ for _ in ()).throw(OSError)
    )
    with pytest.raises(OSError):
        Matcher.open(tmp_path / "registry")
    assert len(closed) == 1
