"""Saving, opening and verifying a snapshot."""

from hashmatch.indexes import RingIndex


def test_save(tmp_path, workload, benchmark):
    ring, numbers = workload.index_of("ring"), iter(range(100))
    benchmark.pedantic(ring.save, setup=lambda: ((tmp_path / str(next(numbers)),), {}), rounds=3)


def test_open(tmp_path, workload, benchmark):
    workload.index_of("ring").save(tmp_path / "a")
    benchmark(RingIndex.open, tmp_path / "a")


def test_verify(tmp_path, workload, benchmark):
    workload.index_of("ring").save(tmp_path / "a")
    benchmark.pedantic(RingIndex.open, (tmp_path / "a",), {"verify": True}, rounds=3)
