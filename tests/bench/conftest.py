"""What the tests of the benchmarks share: photographs, a report, rows of one."""

import numpy as np
import pytest

from hashmatch.bench.results import BatchResult, Report, Result


@pytest.fixture
def random():
    return np.random.default_rng(20_240_229)


@pytest.fixture(scope="session")
def pictures(photographs):
    """Photographs small enough to hash by the thousand."""
    return [photo[::2, ::2] for photo in photographs.values()]


def result(recipe="ring", codes=1_000_000, **changed):
    values = {
        "recipe": recipe, "kind": "ring", "codes": codes, "bits": 256, "exact": True, "recall": 1.0,
        "same": True, "checked": 512, "found": 300, "queries": 1000, "p50_us": 11.0,
        "p90_us": 14.0, "p99_us": 21.0, "steady_p99_us": 16.0, "ratio": 90.0,
        "batches": (BatchResult(8192, 8192, 1, 250_000.0, 300.0),
                    BatchResult(8192, 8192, 2, 480_000.0, 310.0)),
        "build_seconds": 0.4, "build_threads": 2, "bytes_per_code": 132.2, "rss": 300 << 20,
        "peak": 400 << 20, "open_ms": 2.0, "bucket_skew": 1.02,
    }  # fmt: skip
    return Result(**values | changed)


@pytest.fixture
def make_result():
    return result


@pytest.fixture
def report():
    """Two recipes on two lists; the second is the peer, slow and not exact."""
    slow = {
        "kind": "faiss-hnsw", "exact": False, "recall": 0.93, "same": False, "ratio": None,
        "open_ms": None, "bucket_skew": None, "p50_us": 900.0, "p90_us": 1200.0, "p99_us": 1500.0,
        "batches": (BatchResult(8192, 100, 1, 900.0, None),
                    BatchResult(8192, 100, 2, 1700.0, None)),
    }  # fmt: skip
    return Report(
        machine={
            "cpu": "A <fast> one", "memory": 24 << 30, "load": 0.25, "flags": ["avx2"],
            "packages": {"numpy": "2.4", "faiss-cpu": None}, "l3_cache": None,
        },
        workload={"codes": "natural", "radius": 31, "planted": 0.5, "photos": None,
                  "batches": [8192]},
        rounds=7,
        peer="faiss-hnsw",
        results=tuple(
            row
            for codes in (100_000, 1_000_000)
            for row in (result(codes=codes), result("faiss-hnsw", codes, **slow))
        ),
        command="hashmatch bench index -n 1e5,1e6 --codes 'a <b>.npy'",
        measured="2026-01-02T03:04:05+00:00",
    )  # fmt: skip
