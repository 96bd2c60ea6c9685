"""Adding, removing, and searching while a thousand changes a second come in."""

import threading
import time

import numpy as np

from hashmatch.indexes import LiveIndex


def test_add_and_find(workload, benchmark):
    codes = workload.codes_of("uniform")
    index = LiveIndex.build(np.arange(workload.count), codes)
    code, numbers = codes[:1] ^ np.uint8(1), iter(range(workload.count, 2 * workload.count))

    def add_and_find():
        name = next(numbers)
        index.add(np.array([name]), code)
        assert name in index.search(code, 0).ids

    benchmark.pedantic(add_and_find, rounds=500)
    index.close()


def test_search_while_changing(workload, benchmark):
    """A thousand additions and a hundred removals a second, for five seconds."""
    codes = workload.codes_of("uniform")
    index = LiveIndex.build(np.arange(workload.count), codes)
    queries = workload.queries_of(codes, 2000)
    workload.singly(index, queries)
    quiet = np.percentile(workload.singly(index, queries), 99)
    stop = threading.Event()

    def change():
        turn = 0
        while not stop.wait(0.01):
            index.add(
                np.arange(workload.count + 10 * turn, workload.count + 10 * turn + 10), queries[:10]
            )
            index.remove(np.array([turn]))
            turn += 1

    changing = threading.Thread(target=change)
    changing.start()
    end, busy = time.monotonic() + 5, []
    while time.monotonic() < end:
        busy.append(np.percentile(workload.singly(index, queries), 99))
    stop.set()
    changing.join()
    benchmark.extra_info["quiet_p99_us"] = round(quiet * 1e6, 1)
    benchmark.extra_info["busy_p99_us"] = round(float(np.median(busy)) * 1e6, 1)
    benchmark(index.search, queries[:1], workload.radius)
    index.close()
