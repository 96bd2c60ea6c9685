"""Codes, queries and indexes that the benchmarks of the index room share; all seeded.

`HASHMATCH_BENCH_CODES` sets the size of the lists (default 1e6; 1e7 takes 4 GB and some minutes).
"""

import os
import time
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import faiss
import numpy as np
import pytest

from hashmatch.indexes import build, load_recipe, threads, use_threads

COUNT = int(float(os.environ.get("HASHMATCH_BENCH_CODES", "1e6")))
RADIUS = 31
RECIPES = Path(__file__).parents[2] / "indexes"


@cache
def codes_of(kind):
    """Uniform codes, or natural ones: crops of photographs with some bits flipped."""
    random = np.random.default_rng(1)
    if kind == "uniform":
        return random.integers(0, 256, (COUNT, 32), np.uint8)
    beside = Path(__file__).parents[3] / "shared"
    place = Path(os.environ.get("HASHMATCH_SHARED", beside)) / "photos/pdq_natural_crops.npy"
    if not place.is_file():
        pytest.skip("the natural codes kept beside the repository are not on this machine")
    crops = np.load(place).reshape(-1, 32)
    codes = crops[random.integers(0, len(crops), COUNT)]
    for _ in range(24):  # about 24 bits flipped, anywhere
        bits = random.integers(0, 256, COUNT)
        codes[np.arange(COUNT), bits // 8] ^= (1 << bits % 8).astype(np.uint8)
    return codes


def queries_of(codes, count):
    """Queries with up to 31 bits flipped from codes of the list: all have a match."""
    random = np.random.default_rng(2)
    queries = codes[random.integers(0, len(codes), count)]
    flips = random.integers(0, RADIUS + 1, count)
    for turn in range(RADIUS):
        bits = random.integers(0, 256, count)
        flip = np.where(turn < flips, 1 << bits % 8, 0).astype(np.uint8)
        queries[np.arange(count), bits // 8] ^= flip
    return queries


@cache
def index_of(recipe, kind="uniform"):
    return build(load_recipe(RECIPES / f"{recipe}.toml"), codes_of(kind))


@pytest.fixture
def one_thread():
    before = threads()
    use_threads(1)
    faiss.omp_set_num_threads(1)
    yield
    use_threads(before)


def interleaved(mine, peer, queries, mine_size, peer_size, rounds=5):
    """Seconds a query of both, the median of rounds that alternate between them."""
    times = {mine: [], peer: []}
    for turn in range(rounds):
        for index, size in ((mine, mine_size), (peer, peer_size)):
            start = turn * size % (len(queries) - size + 1)
            asked = queries[start : start + size]
            begin = time.perf_counter()
            index.search(asked, RADIUS)
            times[index].append((time.perf_counter() - begin) / size)
    return tuple(float(np.median(times[index])) for index in (mine, peer))


def singly(index, queries, radius=RADIUS):
    """Seconds of each query, asked one by one."""
    each = [queries[row : row + 1] for row in range(len(queries))]
    times = np.empty(len(each))
    for row, query in enumerate(each):
        begin = time.perf_counter()
        index.search(query, radius)
        times[row] = time.perf_counter() - begin
    return times


@pytest.fixture(scope="session")
def workload():
    """The functions above, for the benchmarks beside this file."""
    return SimpleNamespace(
        count=COUNT, radius=RADIUS, codes_of=codes_of, index_of=index_of,
        interleaved=interleaved, queries_of=queries_of, singly=singly,
    )  # fmt: skip
