"""A fetch that is killed at work loses nothing and doubles nothing, wherever it was."""

import random
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest
from registry_writers import active, replayed
from standin_ncmec import NcmecStandin
from standin_stopncii import StopNCIIStandin

from hashmatch.exchanges import fetch, kinds
from hashmatch.registry import Registry

FETCHER = textwrap.dedent(
    """
    import sys
    from hashmatch.exchanges import fetch
    from hashmatch.exchanges import fetching
    from hashmatch.registry import Registry

    fetching._TOGETHER = 1
    with Registry.open(sys.argv[1]) as registry:
        fetch(registry, "feed", progress=lambda done: print(done.pages, flush=True))
    """
)
KEYS = {
    "SUBSCRIPTION_KEY": "subscription",
    "FETCH_KEY": "key of FetchHashes",
    "USER": "user",
    "PASSWORD": "password",
}


@pytest.fixture(params=["stopncii", "ncmec"])
def server(request, place, monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(f"HASHMATCH_EXCHANGE_FEED_{name}", value)
    made = {"stopncii": StopNCIIStandin, "ncmec": NcmecStandin}[request.param]()
    made.page = 10
    path = "/v1" if request.param == "stopncii" else ""
    with Registry.open(place) as registry:
        kinds.add(registry, "feed", request.param, "default", url=made.url + path)
    yield made
    made.close()


def put(server, value, *, listed, age):
    if isinstance(server, StopNCIIStandin):
        server.list(value, status="Active" if listed else "Withdrawn", age=age)
    else:
        server.list(f"n{value.hex[:8]}", {"pdq": value.hex} if listed else None, age=age)


def killed(place, pages):
    """Fetch in a process that is killed after so many pages; whether it was at work then."""
    fetcher = subprocess.Popen(
        [sys.executable, "-c", FETCHER, str(place)], stdout=subprocess.PIPE, text=True
    )
    for _ in range(pages):
        fetcher.stdout.readline()
    fetcher.kill()
    fetcher.communicate()
    return fetcher.returncode == -signal.SIGKILL


def test_kill_9(place, server, hashes, listed):
    generator = random.Random(9)
    values = hashes(300)
    for value in values:
        put(server, value, listed=True, age=3600)
    gone = []
    kills = 0
    for turn in range(4):
        gone += values[turn * 50 : turn * 50 + 10]
        for value in gone[-10:]:  # people withdraw while it is read
            put(server, value, listed=False, age=0)
        kills += killed(place, generator.randint(1, 7))
        with Registry.open(place) as registry:
            assert replayed(registry.follow(0, 10**6)) == active(registry)
            assert registry.exchange("feed").entries == len(active(registry))
    assert kills >= 2
    server.skew += timedelta(minutes=1)
    with Registry.open(place) as registry:
        fetch(registry, "feed")
        fetch(registry, "feed")  # what moved behind the reader
        assert listed(registry) == {value.code for value in values if value not in gone}
        changes = registry.follow(0, 10**6)
        assert replayed(changes) == active(registry)
        added = [change.code for change in changes if change.code is not None]
        assert len(added) == len(set(added)) == 260
