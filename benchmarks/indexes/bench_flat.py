"""The flat scan beside FAISS's, one query and batches."""

import pytest


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("batch", [1, 64])
def test_scan(batch, workload, benchmark):
    mine, theirs = workload.index_of("flat"), workload.index_of("faiss-flat")
    queries = workload.queries_of(workload.codes_of("uniform"), 512)
    ours, faiss_flat = workload.interleaved(mine, theirs, queries, batch, batch)
    benchmark.extra_info["ratio"] = round(faiss_flat / ours, 2)
    benchmark(mine.search, queries[:batch], workload.radius)
