"""What the processes of one machine share of a large list: time to start, and memory.

    python benchmarks/matching/sharing.py --entries 1e7 --workers 4 [--folder FOLDER]

Fills a registry with uniform codes, then starts processes that match with it: first one that finds
no snapshot and publishes one, then several that find it. Memory is the proportional set size of
``/proc/*/smaps_rollup``: of a page that several processes map, each is charged its part.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hashmatch.registry import Registry
from hashmatch.registry.database import FILE_NAME

BATCH = 100_000
WORKER = """
import sys, time
import numpy as np
began = time.perf_counter()
from hashmatch.matching import Matcher, snapshots_of
from hashmatch.registry import Registry
imported = time.perf_counter()
place, shared = sys.argv[1], sys.argv[2] == "shared"
registry = Registry.open(place)
matcher = Matcher(registry, snapshots=snapshots_of(place, None) if shared else None)
opened = time.perf_counter()
queries = np.random.default_rng(1).integers(0, 256, (2_000, 32), np.uint8)
matcher.match(queries[:1])
first = time.perf_counter()
matcher.match(queries)
size = len(matcher._kept.generation.shelves["pdq"])
print(opened - imported, first - opened, size, flush=True)
sys.stdin.read()
"""


def fill(folder, count):
    """Entries and their changes, straight into SQLite: the registry itself would take longer."""
    Registry.open(folder).close()
    database = sqlite3.connect(folder / FILE_NAME)
    database.execute("PRAGMA synchronous = OFF")
    ((pdq,),) = database.execute("SELECT id FROM hashers WHERE name = 'pdq'")
    ((list_id,),) = database.execute("SELECT id FROM lists")
    ((before,),) = database.execute("SELECT value FROM counters WHERE name = 'change'")
    now = int(time.time())
    # rising, so that the index on codes is filled along: what is searched is not in that order
    codes = sorted(os.urandom(32) for _ in range(count))
    for start in range(0, count, BATCH):
        ids = range(start + 1, min(start + BATCH, count) + 1)
        database.executemany(
            "INSERT INTO entries (id, list_id, hasher_id, code, quality, source, direct, kind, "
            "state, created_at) VALUES (?, ?, ?, ?, 90, 'benchmark', 1, 'whole', 'active', ?)",
            ((number, list_id, pdq, codes[number - 1], now) for number in ids),
        )
        database.executemany(
            "INSERT INTO changes (sequence, kind, list_id, entry_id, at) "
            "VALUES (?, 'add', ?, ?, ?)",
            ((before + number, list_id, number, now) for number in ids),
        )
    database.execute("UPDATE counters SET value = ? WHERE name = 'entry'", (count,))
    database.execute("UPDATE counters SET value = ? WHERE name = 'change'", (before + count,))
    database.commit()
    database.close()


class Worker:
    def __init__(self, folder, kind):
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(folder), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def report(self):
        return [float(number) for number in self.process.stdout.readline().split()]

    def memory(self):
        """Mebibytes: proportional, resident, and what is the process's own."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()[1:]
        told = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
        private = told["Private_Clean"] + told["Private_Dirty"]
        return told["Pss"], told["Rss"], private

    def end(self):
        self.process.communicate("")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=float, default=1e6)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--folder", type=Path, help="kept, and used again when it is there")
    parser.add_argument("--alone", action="store_true", help="measure one without snapshots too")
    options = parser.parse_args()
    count = int(options.entries)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary) / "registry"
        if not (folder / FILE_NAME).exists():
            began = time.perf_counter()
            fill(folder, count)
            print(f"filled with {count:,} entries in {time.perf_counter() - began:.1f} s")
        shutil.rmtree(folder / "snapshots", ignore_errors=True)
        if options.alone:
            show("without snapshots", [Worker(folder, "alone")], count)
        show("the first, which publishes", [Worker(folder, "shared")], count)
        show("one that finds the snapshot", [Worker(folder, "shared")], count)
        workers = [Worker(folder, "shared") for _ in range(options.workers)]
        show(f"{options.workers} that find it", workers, count)


def show(title, workers, count):
    reports = [worker.report() for worker in workers]
    assert all(report[2] == count for report in reports)
    memory = [worker.memory() for worker in workers]
    for worker in workers:
        worker.end()
    opened = max(report[0] for report in reports)
    first = max(report[1] for report in reports)
    pss, rss, private = (sum(numbers) for numbers in zip(*memory, strict=True))
    print(
        f"{title:30} opened in {opened:8.3f} s, first match {first:6.3f} s; in all "
        f"PSS {pss:7,.0f} MiB, RSS {rss:7,.0f} MiB, private {private:7,.0f} MiB"
    )


if __name__ == "__main__":
    main()
