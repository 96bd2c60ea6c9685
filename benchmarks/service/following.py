"""A node that follows a registry over HTTP: first sync, and how soon a change is matched there.

    python benchmarks/service/following.py --entries 1e6 [--hours 24]

The service runs in a process of its own, the follower in this one, on one machine. With ``--hours``
so many hours of 10 changes a second (half of them additions, half withdrawals) go by as fast as
they are taken, and the memory and the cache of the follower are told meanwhile.
"""

import argparse
import contextlib
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "matching"))
from sharing import fill

from hashmatch import Matcher
from hashmatch.matching import publisher
from hashmatch.registry import Registry
from hashmatch.types import Hash

PORT = 8499
CHANGES_A_SECOND = 10
BATCH = 1_000


class Service:
    """`hashmatch serve` in a process of its own."""

    def __init__(self, place):
        command = [
            sys.executable, "-m", "hashmatch", "serve", "--registry", str(place),
            "--port", str(PORT), "--decoders", "1",
        ]  # fmt: skip
        self.url = f"http://127.0.0.1:{PORT}"
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def wait(self, token):
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=self.url, headers=headers) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if client.get("/v1/snapshot").status_code == 200:
                        return
                time.sleep(0.05)

    def end(self):
        self.process.terminate()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=float, default=1e6)
    parser.add_argument("--hours", type=float, default=0)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place, cache = Path(temporary) / "registry", Path(temporary) / "cache"
        fill(place, int(options.entries))
        registry = Registry.open(place)
        token = registry.issue_credential("follower", {"check"}).token
        service = Service(place)
        try:
            service.wait(token)
            measure(registry, service, token, cache, options)
        finally:
            service.end()
            registry.close()


def measure(registry, service, token, cache, options):
    began = time.perf_counter()
    matcher = Matcher.open(service.url, token=token, cache=cache)
    print(f"first sync {time.perf_counter() - began:.2f} s, {size(cache):,.0f} MiB in the cache")
    times = {"added": [], "withdrawn": []}
    for _ in range(options.rounds):
        code = secrets.token_bytes(32)
        (entry,) = registry.add("default", [Hash("pdq", code, 90)], source="benchmark").entries
        times["added"].append(until(matcher, code, there=True))
        registry.withdraw([entry])
        times["withdrawn"].append(until(matcher, code, there=False))
    for what, taken in times.items():
        median, most = statistics.median(taken), max(taken)
        print(f"{what}: effective there after {median:.2f} s, at most {most:.2f} s")
    matcher.close()
    if options.hours:
        with Matcher.open(service.url, token=token, cache=cache, every=0.02) as matcher:
            go_by(registry, matcher, cache, options.hours)
    began = time.perf_counter()
    Matcher.open(service.url, token=token, cache=cache).close()
    print(f"start from the cache {time.perf_counter() - began:.2f} s")


def go_by(registry, matcher, cache, hours):
    publisher._REST = 0  # it lasts seconds, which are hours here
    batches = int(hours * 3600 * CHANGES_A_SECOND / BATCH)
    began = time.perf_counter()
    for batch in range(1, batches + 1):
        codes = [secrets.token_bytes(32) for _ in range(BATCH // 2)]
        added = registry.add("default", [Hash("pdq", c, 90) for c in codes], source="benchmark")
        registry.withdraw(added.entries)
        while matcher.sequence < registry.sequence():
            time.sleep(0.005)
        if batch % max(1, batches // 8) == 0:
            print(
                f"{batch * BATCH / CHANGES_A_SECOND / 3600:5.1f} h: "
                f"resident {resident():,.0f} MiB ({resident('RssAnon'):,.0f} private), cache "
                f"{size(cache):,.0f} MiB, journal {size(cache, '*.jsonl'):.1f} MiB, "
                f"generation {matcher.generation}",
                flush=True,
            )
    print(f"{batches * BATCH:,} changes in {time.perf_counter() - began:.0f} s")


def until(matcher, code, *, there):
    began = time.perf_counter()
    query = np.frombuffer(code, np.uint8).reshape(1, -1)
    while bool(len(matcher.match(query, 0).ids)) != there:
        time.sleep(0.005)
    return time.perf_counter() - began


def resident(what="VmRSS"):
    lines = Path(f"/proc/{os.getpid()}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def size(folder, names="*"):
    return sum(path.stat().st_size for path in folder.rglob(names) if path.is_file()) / (1 << 20)


if __name__ == "__main__":
    main()
