"""Adding, removing, and searching while changes come in, and while they are folded in."""

import threading
import time

import numpy as np
import pytest

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


@pytest.mark.parametrize("together", [10, 1])
def test_search_while_changing(workload, benchmark, together):
    """A thousand additions and a hundred removals a second, for five seconds.

    The changes are at hand, as arrays: what else a writer does is not measured. It sleeps in
    between, as one does that waits for a socket, without the interpreter.

    Args:
        together: codes that are added by one call. A feed is read by the page; but even if each
            change were a call of its own, a search should not have to wait.
    """
    codes = workload.codes_of("uniform")
    index = LiveIndex.build(np.arange(workload.count), codes)
    queries = workload.queries_of(codes, 2000)
    workload.singly(index, queries)
    quiet = np.median([np.percentile(workload.singly(index, queries), 99) for _ in range(5)])
    ending = threading.Event()
    changes = [
        (names, queries[names % len(queries)], names[:1] // 10 - workload.count // 10)
        for names in np.arange(workload.count, workload.count + 20_000).reshape(-1, together)
    ]

    def change():
        begin = time.perf_counter()
        for turn, (names, codes, gone) in enumerate(changes):
            if ending.is_set():
                break
            index.add(names, codes)
            if turn * together % 10 == 0:
                index.remove(gone)
            time.sleep(max(0, begin + (turn + 1) * together / 1000 - time.perf_counter()))

    changing = threading.Thread(target=change)
    changing.start()
    end, busy = time.monotonic() + 5, []
    while time.monotonic() < end:
        busy.append(np.percentile(workload.singly(index, queries), 99))
    ending.set()
    assert changing.is_alive()  # there were changes to the end
    changing.join()
    benchmark.extra_info["quiet_p99_us"] = round(float(quiet) * 1e6, 1)
    benchmark.extra_info["busy_p99_us"] = round(float(np.median(busy)) * 1e6, 1)
    benchmark(index.search, queries[:1], workload.radius)
    index.close()


def test_search_while_compacting(workload, benchmark):
    """Beside 30,000 additions and 3,000 removals, before they are folded and meanwhile."""
    codes = workload.codes_of("uniform")
    index = LiveIndex.build(np.arange(workload.count), codes)
    queries = workload.queries_of(codes, 2000)
    added = np.random.default_rng(3).integers(0, 256, (30_000, codes.shape[1]), np.uint8)
    index.add(np.arange(workload.count, workload.count + len(added)), added)
    index.remove(np.arange(3000))
    workload.singly(index, queries)
    before = np.median([np.percentile(workload.singly(index, queries), 99) for _ in range(5)])
    compacting = threading.Thread(target=index.compact)
    compacting.start()
    busy = []
    while compacting.is_alive():
        busy.append(workload.singly(index, queries))
    compacting.join()
    benchmark.extra_info["before_p99_us"] = round(float(before) * 1e6, 1)
    benchmark.extra_info["busy_p99_us"] = round(float(np.percentile(busy, 99)) * 1e6, 1)
    benchmark.extra_info["busy_most_us"] = round(float(np.max(busy)) * 1e6)
    benchmark(index.search, queries[:1], workload.radius)
    index.close()
