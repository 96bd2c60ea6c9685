"""A scan from Parquet, beside the same searches by the same index in batches of 8,192, in memory.

`python benchmarks/pipeline/bench_scan.py [-n CODES] [-e ENTRIES] [--rounds N]`: batches are
asked as `hashmatch bench index` asks them, at radius 45, as far as a list reaches that nobody set
otherwise; on all threads. The scan's rate is that of all row groups but the first four: it is what
the whole archive takes more than one of those four, for opening the lists takes as long for both,
and so do the first row group and the last. A row group in which nothing is found needs no paths
(`--one-in`). Turn by turn; the ratio is that of medians.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hashmatch.indexes import RingIndex, threads
from hashmatch.matching.archives import Lists
from hashmatch.pipeline.scan import scan
from hashmatch.registry import Registry
from hashmatch.types import Hash

BATCH = 8_192
RADIUS = 45
FIRST = 4
"""Row groups that do not count."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--codes", type=int, default=5_242_880)
    parser.add_argument("-e", "--entries", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--groups", type=int, default=20, help="row groups of the archive")
    parser.add_argument("--one-in", type=int, default=512, help="codes, one is that of an entry")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(f"{asked.codes:,} codes in {asked.groups} row groups, {threads()} threads")
    for count in asked.entries:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), asked, count)


def measure(folder, asked, count):
    generator = np.random.default_rng(1)
    entries = generator.integers(0, 256, (count, 32), np.uint8)
    codes = generator.integers(0, 256, (asked.codes, 32), np.uint8)
    planted = codes[:: asked.one_in]  # a view
    planted[:] = entries[generator.integers(0, count, len(planted))]
    group = asked.codes // asked.groups
    values = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(32), len(codes), [None, pa.py_buffer(codes)]
    )
    table = pa.table(
        {
            "path": [f"pictures/{number:09d}.jpg" for number in range(len(codes))],
            "hash": values,
            "quality": pa.array(np.full(len(codes), 90, np.int16)),
        }
    )
    few = FIRST * group
    pq.write_table(table, folder / "all.parquet", row_group_size=group)
    pq.write_table(table.slice(0, few), folder / "few.parquet", row_group_size=group)
    del table
    with Registry.open(folder / "registry") as registry:
        registry.add(
            "default", (Hash("pdq", code.tobytes(), 90) for code in entries), source="bench"
        )
    with Lists.open(folder / "registry") as lists:
        index = RingIndex.build(entries)
        assert lists.mark.entry == count
    times = {"batches": [], "scan": []}
    for turn in range(asked.rounds + 1):
        begin = time.perf_counter()
        found = sum(
            len(index.search(codes[start : start + BATCH], RADIUS).ids)
            for start in range(few, len(codes), BATCH)
        )
        batches = time.perf_counter() - begin
        (all_of_them, spent), (some, less) = (timed(folder, name) for name in ("all", "few"))
        assert all_of_them - some == found
        if turn:
            times["batches"].append(batches)
            times["scan"].append(spent - less)
    rate = {name: (len(codes) - few) / statistics.median(taken) for name, taken in times.items()}
    print(
        f"{count:>10,} entries: batches {rate['batches']:>12,.0f} codes/s, scan "
        f"{rate['scan']:>12,.0f} codes/s, {rate['scan'] / rate['batches']:.2f} x",
        flush=True,
    )


def timed(folder, name):
    """What a scan found, and its seconds."""
    begin = time.perf_counter()
    summary = scan(folder / f"{name}.parquet", folder / "out", folder / "registry")
    spent = time.perf_counter() - begin
    shutil.rmtree(folder / "out")
    return summary.block + summary.review, spent


if __name__ == "__main__":
    main()
