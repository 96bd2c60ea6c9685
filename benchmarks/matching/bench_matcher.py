"""From an upload to a verdict, beside the steps it cannot do without."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from hashmatch.hashers import hash_for_check
from hashmatch.indexes import RingIndex
from hashmatch.matching import Matcher
from hashmatch.registry import Registry
from hashmatch.types import Hash

ENTRIES = 200_000


@pytest.fixture(scope="module")
def codes():
    return np.random.default_rng(1).integers(0, 256, (ENTRIES, 32), np.uint8)


@pytest.fixture(scope="module")
def registry(tmp_path_factory, codes):
    with Registry.open(tmp_path_factory.mktemp("registry")) as opened:
        opened.add("default", (Hash("pdq", code.tobytes(), 80) for code in codes), source="test")
        yield opened


@pytest.fixture
def matcher(registry):
    return Matcher(registry)


def test_check_1_mp_jpeg(benchmark, race, matcher, codes):
    """The verdict costs next to nothing over the hash and the search."""
    file = io.BytesIO()
    Image.fromarray(load_sample_image("china.jpg")).resize((1224, 816)).save(file, "JPEG")
    data = file.getvalue()
    index = RingIndex.build(codes)

    def parts():
        code = np.frombuffer(hash_for_check(data).code, np.uint8).reshape(1, -1)
        return index.search(code, 45)

    race.compare(
        benchmark, lambda: matcher.check(data), {"hash and search alone": parts}, rounds=30
    )


def test_match_1000_codes(benchmark, race, matcher, codes):
    index = RingIndex.build(codes)
    queries = codes[:1000]
    race.compare(
        benchmark,
        lambda: matcher.match(queries, 31),
        {"search alone": lambda: index.search(queries, 31)},
        rounds=5,
    )


def test_refresh_after_one_addition(benchmark, registry, matcher):
    seeds = itertools.count()

    def add():
        registry.add("default", [Hash("pdq", next(seeds).to_bytes(32))], source="test")

    benchmark.pedantic(matcher.refresh, setup=add, rounds=50)


def test_load(benchmark, registry):
    benchmark.pedantic(lambda: Matcher(registry), rounds=3)
