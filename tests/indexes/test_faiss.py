import faiss
import numpy as np
import pytest

from hashmatch.indexes import FaissIndex, threads, use_threads


@pytest.fixture(autouse=True)
def as_before():
    before, before_in_faiss = threads(), faiss.omp_get_max_threads()
    yield
    use_threads(before)
    faiss.omp_set_num_threads(before_in_faiss)


@pytest.mark.parametrize("count", [1, 2])
def test_faiss_works_on_as_many_threads_as_the_others(random, count):
    codes = random.integers(0, 256, (50, 32), np.uint8)
    faiss.omp_set_num_threads(3)
    use_threads(count)
    index = FaissIndex.build(codes)
    assert faiss.omp_get_max_threads() == count
    faiss.omp_set_num_threads(3)
    index.search(codes[:1], 0)
    assert faiss.omp_get_max_threads() == count
