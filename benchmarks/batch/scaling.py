"""How much more two Ray workers scan than one: `python benchmarks/batch/scaling.py`, with Ray.

Turn by turn on one local cluster; a worker's start, and its opening of the lists, are left out: a
scan of one small row group by each worker comes off every time.
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
    parser.add_argument("--groups", type=int, default=16)
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
    for name, some, groups in (("all", codes, asked.groups), ("few", codes[:64], 4)):
        values = pa.array([code.tobytes() for code in some], pa.binary(32))
        table = pa.table({"hash": values})
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=-(-len(some) // groups))
    with Registry.open(folder / "registry") as registry:
        told = (Hash("pdq", code.tobytes(), 90) for code in entries)
        registry.add("default", told, source="bench")
    publish(folder / "registry", folder / "lists")

    def seconds(name, workers):
        begin = time.perf_counter()
        data = scan_archive(str(folder / f"{name}.parquet"), folder / "lists", workers=workers)
        assert data.count() > 0
        return time.perf_counter() - begin

    taken = {1: [], 2: []}
    for turn in range(asked.rounds + 1):
        for workers, each in taken.items():
            spent = seconds("all", workers) - seconds("few", workers)
            if turn:
                each.append(spent)
    one, two = (asked.codes / statistics.median(each) for each in taken.values())
    print(
        f"{asked.codes:,} codes, {asked.entries:,} entries: one worker {one:,.0f} codes/s, "
        f"two {two:,.0f} codes/s, {two / one:.2f} x"
    )


if __name__ == "__main__":
    main()
