"""Photographs from the packages that are installed for the tests, and registries to match with."""

import io
import shutil

import argon2
import numpy as np
import pytest
from PIL import Image
from reposting import NAMES, fingerprints
from sklearn.datasets import load_sample_image

from hashmatch.matching import Matcher
from hashmatch.registry import Registry, phrases


@pytest.fixture(scope="session")
def photo():
    """A photograph, 640 x 427."""
    return np.array(load_sample_image("china.jpg"))


@pytest.fixture(scope="session")
def stranger():
    """Another photograph."""
    return np.array(load_sample_image("flower.jpg"))


@pytest.fixture(scope="session")
def encode():
    """`encode(pixels, format, **options)`: the bytes of a file."""

    def encoded(pixels, kind="JPEG", **options):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, kind, **options)
        return file.getvalue()

    return encoded


@pytest.fixture(autouse=True)
def _quick_phrases(monkeypatch):
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(phrases, "_hasher", cheap)


@pytest.fixture(scope="session")
def empty_place(tmp_path_factory):
    """A registry as it is made, to be copied: making one takes a while."""
    place = tmp_path_factory.mktemp("empty") / "registry"
    Registry.open(place).close()
    return place


@pytest.fixture
def registry(tmp_path, empty_place):
    shutil.copytree(empty_place, tmp_path / "registry")
    with Registry.open(tmp_path / "registry") as opened:
        yield opened


@pytest.fixture
def matcher(registry):
    """A matcher of the registry; empty as long as nobody refreshes it."""
    with Matcher(registry) as opened:
        yield opened


@pytest.fixture
def listing(registry, photographs):
    """A matcher of four photographs, listed with their parts as entries 1, 2, 3 and 4."""
    registry.submit([fingerprints(photographs[name]) for name in NAMES])
    with Matcher(registry) as matcher:
        yield matcher


def flip(code, count):
    """A code whose distance to the given one is ``count``."""
    bits = np.unpackbits(np.frombuffer(code, np.uint8))
    bits[:count] ^= 1
    return np.packbits(bits).tobytes()


@pytest.fixture(name="flip", scope="session")
def _flip():
    return flip
