"""How much more two Ray workers scan than one: `python benchmarks/batch/scaling.py`, with Ray.

Turn by turn on one local cluster. What is timed is the scan at work: from when as many row groups
have come back as there are workers, to the last one. The start of workers, their opening of the
lists, and Ray's own preparations are left out; that workers wait for each other at the end is not.
"""

import argparse
import logging
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import ray
import ray.data

from hashmatch.batch import publish, scan_archive
from hashmatch.registry import Registry
from hashmatch.types import Hash


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--codes", type=int, default=1 << 20)
    parser.add_argument("-e", "--entries", type=int, default=100_000)
    parser.add_argument("--groups", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), asked)
    finally:
        ray.shutdown()


def measure(folder, asked):
    generator = np.random.default_rng(1)
    entries = generator.integers(0, 256, (asked.entries, 32), np.uint8)
    codes = generator.integers(0, 256, (asked.codes, 32), np.uint8)
    codes[::1024] = entries[generator.integers(0, len(entries), len(codes[::1024]))]
    values = pa.array([code.tobytes() for code in codes], pa.binary(32))
    archive, group = folder / "archive.parquet", -(-len(codes) // asked.groups)
    pq.write_table(pa.table({"hash": values}), archive, row_group_size=group)
    with Registry.open(folder / "registry") as registry:
        told = (Hash("pdq", code.tobytes(), 90) for code in entries)
        registry.add("default", told, source="bench")
    publish(folder / "registry", folder / "lists")

    def rate(workers):
        data = scan_archive(str(archive), folder / "lists", workers=workers)
        came = [
            time.perf_counter() for _ in data.iter_batches(batch_size=None, batch_format="pyarrow")
        ]
        assert len(came) == asked.groups
        return (asked.groups - workers) * group / (came[-1] - came[workers - 1])

    rates = {1: [], 2: []}
    for turn in range(asked.rounds + 1):
        for workers, each in rates.items():
            measured = rate(workers)
            if turn:
                each.append(measured)
    one, two = (statistics.median(each) for each in rates.values())
    print(
        f"{asked.codes:,} codes, {asked.entries:,} entries: one worker {one:,.0f} codes/s, "
        f"two {two:,.0f} codes/s, {two / one:.2f} x"
    )


if __name__ == "__main__":
    main()
