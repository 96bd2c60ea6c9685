"""A service in this process, and matchers that follow it."""

import contextlib
import io
import shutil
from dataclasses import replace

import argon2
import httpx
import numpy as np
import pytest
from PIL import Image
from serving import served, until
from sklearn.datasets import load_sample_image

from hashmatch.matching import Matcher, snapshots_of
from hashmatch.registry import Registry, phrases
from hashmatch.service import Settings, create_app
from hashmatch.types import Hash


@pytest.fixture(autouse=True)
def _quick_phrases(monkeypatch):
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(phrases, "_hasher", cheap)


@pytest.fixture(scope="session")
def photo():
    return np.array(load_sample_image("china.jpg"))


@pytest.fixture(scope="session")
def picture(photo):
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture(scope="session")
def empty_place(tmp_path_factory):
    """A registry as it is made, to be copied: making one takes a while."""
    place = tmp_path_factory.mktemp("empty") / "registry"
    Registry.open(place).close()
    return place


@pytest.fixture(scope="session")
def filled_place(tmp_path_factory, empty_place, codes):
    """A registry that is worth a snapshot, entries 1 to 1500, and that has one."""
    place = tmp_path_factory.mktemp("filled") / "registry"
    shutil.copytree(empty_place, place)
    with Registry.open(place) as registry:
        some = [Hash("pdq", code.tobytes(), 80) for code in codes]
        registry.add("default", some, source="test")
        Matcher(registry, snapshots=snapshots_of(place, None)).close()
    return place


@pytest.fixture
def registry(tmp_path, request, empty_place):
    place = empty_place
    if {"filled", "published"} & {*request.fixturenames}:
        place = request.getfixturevalue("filled_place")
    shutil.copytree(place, tmp_path / "registry")
    with Registry.open(tmp_path / "registry") as opened:
        yield opened


@pytest.fixture
def token(registry):
    return registry.issue_credential("platform", {"check", "submit"}).token


@pytest.fixture
def settings(tmp_path):
    # nothing is decoded by it: starting a decoder takes longer than most tests
    return Settings(place=str(tmp_path / "registry"), refresh_seconds=0.02, decoders=0)


@pytest.fixture
def start(settings, registry):
    """`start()`: a context with the URL of a service over the registry, ready; see `port`."""
    del registry

    @contextlib.contextmanager
    def serve():
        with served(create_app(replace(settings))) as client:
            until(lambda: client.get("/readyz").status_code == 200)
            yield str(client.base_url).rstrip("/")

    return serve


@pytest.fixture
def url(start, token):
    del token
    with start() as here:
        yield here


@pytest.fixture(scope="session")
def codes():
    return np.random.default_rng(3).integers(0, 256, (1500, 32), np.uint8)


@pytest.fixture
def filled(registry):
    """The registry, as `filled_place` has it."""
    return registry


@pytest.fixture
def published(filled, url, token):
    """The URL of a service that has a snapshot of it."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers) as client:
        until(lambda: client.get("/v1/snapshot").status_code == 200)
    del filled
    return url


@pytest.fixture
def opened(tmp_path, token):
    """`opened(url)`: a matcher that follows a service, with the test's cache."""
    matchers = []

    def follow(place, cache="cache", **options):
        options = {"token": token, "every": 0.02, **options}
        matchers.append(Matcher.open(place, cache=tmp_path / cache, **options))
        return matchers[-1]

    yield follow
    for matcher in matchers:
        matcher.close()
