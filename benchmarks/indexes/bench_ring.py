"""What is the ring index's own: skew and bit order, wide radii, building. Peers: bench_index."""

import numpy as np
import pytest

from hashmatch.indexes import RingIndex, order


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
