import multiprocessing
import os
import time
from dataclasses import replace

import pytest
from other_processes import join_crew

from hashmatch.service.crew import Crew

pytestmark = pytest.mark.skipif(os.name == "nt", reason="places are locked by POSIX's means")


@pytest.fixture
def settings(settings, tmp_path):
    Crew.prepare(tmp_path, 2)
    return replace(settings, workers=2, shared=str(tmp_path), stale_seconds=10.0)


class Other:
    """Another process of the server, which does as it is told."""

    def __init__(self, settings):
        spawning = multiprocessing.get_context("spawn")
        self.line, theirs = spawning.Pipe()
        self.process = spawning.Process(target=join_crew, args=(settings, theirs), daemon=True)
        self.process.start()
        theirs.close()  # so that its end is noticed here
        self.tell("join")

    def tell(self, *order):
        self.line.send(order)
        assert self.line.recv() == "done"

    def kill(self):
        self.process.kill()
        self.process.join()
        self.line.close()


@pytest.fixture
def other(settings):
    started = Other(settings)
    yield started
    started.kill()


def test_a_server_of_one_process(settings):
    crew = Crew(replace(settings, shared=None))
    assert crew.standing().state == "not_loaded"
    crew.join()
    assert crew.standing().state == "not_loaded"
    crew.tell(time.monotonic(), 7)
    assert crew.standing()[:2] == ("ready", 7)
    crew.tell(time.monotonic() - 60, 7)
    assert crew.standing()[:2] == ("stale", 7)


def test_all_are_as_far_as_the_slowest(settings, other):
    crew = Crew(settings)
    crew.join()
    crew.tell(time.monotonic(), 9)
    assert crew.standing() == ("not_loaded", None, None, 2)
    other.tell("tell", time.monotonic(), 8)
    assert crew.standing()[:2] == ("ready", 8)
    other.tell("tell", time.monotonic() - 60, 9)
    assert crew.standing()[:2] == ("stale", 9)
    assert crew.standing().age > 59
    other.tell("leave")
    assert crew.standing()[:2] == ("not_loaded", None)


def test_the_place_of_a_process_that_died_is_taken_by_the_next(settings, other):
    crew = Crew(settings)
    crew.join()
    crew.tell(time.monotonic(), 1)
    other.tell("tell", time.monotonic(), 1)
    other.kill()
    replacement = Other(settings)
    try:
        assert crew.standing() == ("not_loaded", None, None, 2)
        replacement.tell("tell", time.monotonic(), 2)
        assert crew.standing()[:2] == ("ready", 1)
        assert crew.standing().processes == 2
    finally:
        replacement.kill()
