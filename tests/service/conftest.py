"""A service in this process for most tests."""

import io

import pytest
from PIL import Image
from serving import served, until

from hashmatch.registry import Registry
from hashmatch.service import Settings, create_app


@pytest.fixture
def place(tmp_path):
    return tmp_path / "registry"


@pytest.fixture
def registry(place):
    with Registry.open(place) as opened:
        yield opened


@pytest.fixture
def tokens(registry):
    """`tokens[scope]`: headers that a token of that scope is in."""
    return {
        scope: {"Authorization": f"Bearer {registry.issue_credential(scope, {scope}).token}"}
        for scope in ("check", "submit", "operate")
    }


@pytest.fixture
def settings(place):
    return Settings(place=str(place), refresh_seconds=0.05)


@pytest.fixture
def app(settings, tokens):
    del tokens  # they are there before it starts
    return create_app(settings)


@pytest.fixture
def client(app):
    """A client of a service that is ready."""
    with served(app) as opened:
        until(lambda: opened.get("/readyz").status_code == 200)
        yield opened


@pytest.fixture
def node(app):
    return app.state.node


@pytest.fixture
def caught_up(client, registry):
    """`caught_up()`: waits until the service has taken what the registry holds."""

    def wait():
        newest = registry.sequence()
        until(lambda: client.get("/readyz").json()["sequence"] >= newest)

    return wait


@pytest.fixture(scope="session")
def picture(photographs):
    """The bytes of a JPEG."""
    return jpeg(photographs["astronaut"])


@pytest.fixture(scope="session")
def other_picture(photographs):
    return jpeg(photographs["coffee"])


def jpeg(pixels, quality=90):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return file.getvalue()
