"""A service in processes of its own, over a list of a million codes, and what puts load on it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1] / "matching"))
from loaded import Generator
from serving import Started, until
from sharing import fill

from hashmatch.matching import Matcher
from hashmatch.registry import Registry

ENTRIES = 1_000_000


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(scope="module")
def registry(place):
    """A list of a million codes."""
    fill(place, ENTRIES)
    with Registry.open(place) as opened:
        yield opened


@pytest.fixture(scope="module")
def service(registry, place, tmp_path_factory):
    del registry  # it is filled before the service starts
    logs = tmp_path_factory.mktemp("logs") / "logs"
    with Started(place, logs) as started:
        yield started


@pytest.fixture(scope="module")
def load(registry, service):
    """What puts load on a service that is ready."""
    token = registry.issue_credential("load", {"check"}).token
    authorization = f"Bearer {token}"
    headers = {"Authorization": authorization}
    until(lambda: service.client.get("/v1/lists", headers=headers).status_code == 200)
    generator = Generator(service.port, authorization)
    yield generator
    generator.close()


@pytest.fixture(scope="module")
def matcher(registry, place):
    """The same lists in this process."""
    del registry
    with Matcher.open(place) as opened:
        yield opened


@pytest.fixture
def reach(registry, service, matcher):
    """`reach(bits)`: sets how far the list reaches, here and in the service."""

    def set_to(bits):
        registry.update_list("default", review_threshold=bits)
        newest = matcher.refresh()
        until(lambda: service.client.get("/readyz").json()["sequence"] == newest)

    return set_to
