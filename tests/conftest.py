"""What all tests share."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

# No test looks at a clock, on however busy a machine. All else stays as it is, in CI as well.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One more than cores: a third of the time, tests wait for browsers, servers and disks."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items):
    """Begin with the files that wait for browsers: the last one to end should be a short one."""
    items.sort(key=lambda item: "web" not in item.path.parts)


@pytest.fixture(scope="session")
def shared():
    """The folder of photographs that is kept beside the repository."""
    beside = Path(__file__).parents[2] / "shared"
    photos = Path(os.environ.get("HASHMATCH_SHARED", beside)) / "photos"
    if not photos.is_dir():
        pytest.skip("the photographs kept beside the repository are not on this machine")
    return photos


@pytest.fixture(scope="session")
def photographs():
    """Photographs that come with scikit-image and scikit-learn, by name: uint8 (h, w, 3)."""
    from skimage import data
    from sklearn.datasets import load_sample_images

    names = ("astronaut", "coffee", "chelsea", "rocket", "hubble_deep_field", "retina")
    photos = {name: getattr(data, name)() for name in names}
    photos |= dict(zip(("china", "flower"), load_sample_images().images, strict=True))
    return {name: np.ascontiguousarray(photo) for name, photo in photos.items()}


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server; see `postgres.py`."""
    from postgres import Postgres

    server = Postgres()
    yield server
    server.close()
