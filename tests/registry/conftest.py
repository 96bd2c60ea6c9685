"""A registry for each test, and hashes without pictures."""

import random
import shutil
from pathlib import Path

import argon2
import pytest

from hashmatch.registry import Registry, phrases
from hashmatch.types import Hash


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """A place of each kind; tests of one kind only choose it by parametrizing this."""
    if request.param == "sqlite":
        return tmp_path / "registry"
    return request.getfixturevalue("postgres").new_registry()


@pytest.fixture(scope="session")
def empty_place(tmp_path_factory):
    """A registry as it is made, to be copied: making one takes a while."""
    place = tmp_path_factory.mktemp("empty") / "registry"
    Registry.open(place).close()
    return place


@pytest.fixture
def registry(place, empty_place):
    if isinstance(place, Path):
        shutil.copytree(empty_place, place)
    with Registry.open(place) as opened:
        yield opened


@pytest.fixture
def hashes():
    """`hashes(n)`: n different PDQ hashes, other ones at each call."""
    generator = random.Random(1)

    def make(count, hasher="pdq", width=32):
        return [Hash(hasher, generator.randbytes(width), 80) for _ in range(count)]

    return make


@pytest.fixture
def quick_phrases(monkeypatch):
    """Hash phrases with the least work that argon2 allows: not what these tests are about."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(phrases, "_hasher", cheap)


@pytest.fixture
def all_changes():
    """`all_changes(registry)`: the whole feed, read in small pages."""

    def read(registry, limit=1000):
        found = []
        while page := registry.follow(found[-1].sequence if found else 0, limit):
            found.extend(page)
        return found

    return read
