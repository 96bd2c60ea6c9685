"""Registries and sources for exchanges."""

import random
import shutil

import pytest
from sources import SOURCES

from hashmatch.registry import Registry
from hashmatch.types import Hash


@pytest.fixture(scope="session")
def empty_place(tmp_path_factory):
    place = tmp_path_factory.mktemp("empty") / "registry"
    Registry.open(place).close()
    return place


@pytest.fixture
def place(empty_place, tmp_path):
    shutil.copytree(empty_place, tmp_path / "registry")
    return tmp_path / "registry"


@pytest.fixture
def registry(place):
    with Registry.open(place) as opened:
        yield opened


@pytest.fixture
def hashes():
    """`hashes(n)`: n different hashes, other ones at each call."""
    generator = random.Random(1)

    def make(count, hasher="pdq"):
        width = {"pdq": 32, "md5": 16}[hasher]
        return [Hash(hasher, generator.randbytes(width)) for _ in range(count)]

    return make


@pytest.fixture
def pauses():
    """The pauses that a client would have made."""
    return []


@pytest.fixture(params=SOURCES)
def source(request, tmp_path, pauses, registry):
    """A source of each kind, known to the registry as ``feed``."""
    made = SOURCES[request.param](tmp_path, pauses)
    registry.add_exchange("feed", request.param, "default", {})
    yield made
    made.close()


@pytest.fixture
def listed():
    """`listed(registry)`: the codes in it."""

    def read(registry, hasher="pdq"):
        return {code.tobytes() for batch in registry.entries(hasher) for code in batch.codes}

    return read
