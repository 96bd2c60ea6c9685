"""The ring index beside its peers: one query, batches, skew, radius, building."""

import numpy as np
import pytest

from hashmatch.indexes import RingIndex, order, threads, use_threads

PEERS = ["faiss-flat", "faiss-multihash-11x23", "faiss-multihash-16x16"]


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("peer", PEERS)
def test_one_query(peer, workload, benchmark):
    """Blocks of queries to one index, then to the other, as each would be used."""
    ring, other = workload.index_of("ring"), workload.index_of(peer)
    queries = workload.queries_of(workload.codes_of("uniform"), 3000)
    same = ring.search(queries[:20], workload.radius), other.search(queries[:20], workload.radius)
    np.testing.assert_array_equal(same[0].ids, same[1].ids)
    mine, theirs = [], []
    for turn in range(5):
        theirs.append(np.median(workload.singly(other, queries[turn * 10 :][:10])))
        mine.append(np.median(workload.singly(ring, queries[turn * 500 :][:500])))
    benchmark.extra_info["ratio"] = round(float(np.median(theirs) / np.median(mine)))
    benchmark.extra_info["peer_us"] = round(float(np.median(theirs)) * 1e6)
    each = iter(np.resize(np.arange(3000), 10**7))
    benchmark.pedantic(
        ring.search,
        setup=lambda: ((queries[(row := next(each)) : row + 1], workload.radius), {}),
        rounds=3000,
    )


@pytest.mark.usefixtures("one_thread")
def test_batch(workload, benchmark):
    ring, flat = workload.index_of("ring"), workload.index_of("faiss-flat")
    queries = workload.queries_of(workload.codes_of("uniform"), 8192)
    mine, theirs = workload.interleaved(ring, flat, queries, 8192, 64)
    benchmark.extra_info["ratio"] = round(theirs / mine)
    benchmark.extra_info["us_per_query"] = round(mine * 1e6, 2)
    benchmark(ring.search, queries, workload.radius)


def test_batch_on_two_threads(workload, benchmark):
    ring = workload.index_of("ring")
    queries = workload.queries_of(workload.codes_of("uniform"), 8192)
    before, times = threads(), {1: [], 2: []}
    for _ in range(5):
        for count, taken in times.items():
            use_threads(count)
            taken.append(
                workload.interleaved(ring, workload.index_of("flat"), queries, 8192, 1, 1)[0]
            )
    benchmark.extra_info["ratio"] = round(float(np.median(times[1]) / np.median(times[2])), 2)
    benchmark(ring.search, queries, workload.radius)
    use_threads(before)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("bits", ["plain", "dealt", "standard"])
def test_natural_codes(bits, workload, benchmark):
    """p99 against p50 on natural codes, with and without the bit order."""
    codes = workload.codes_of("natural")
    index = RingIndex.build(codes, bit_order=getattr(order, bits)(256))
    queries = workload.queries_of(codes, 5000)
    times = np.median([workload.singly(index, queries) for _ in range(3)], axis=0)
    p50, p99 = np.percentile(times, [50, 99])
    benchmark.extra_info["p50_us"], benchmark.extra_info["p99_us"] = (
        round(p50 * 1e6, 1),
        round(p99 * 1e6, 1),
    )
    benchmark.extra_info["p99/p50"] = round(p99 / p50, 2)
    benchmark.extra_info["skew"] = round(index.inspect()["buckets"]["skew"], 2)
    benchmark(index.search, queries[:1], workload.radius)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("radius", [45, 63])
def test_wide_radius(radius, workload, benchmark):
    ring, flat = workload.index_of("ring"), workload.index_of("flat")
    queries = workload.queries_of(workload.codes_of("uniform"), 40)
    mine, theirs = (
        float(np.median(workload.singly(index, queries, radius))) for index in (ring, flat)
    )
    benchmark.extra_info["ratio"] = round(theirs / mine, 1)
    benchmark(ring.search, queries[:1], radius)


def test_build(workload, benchmark):
    codes = workload.codes_of("uniform")
    index = benchmark.pedantic(RingIndex.build, (codes,), rounds=3)
    benchmark.extra_info["bytes_per_code"] = round(index.inspect()["bytes"] / workload.count, 1)
