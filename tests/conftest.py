"""What all tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared():
    """The folder of photographs that is kept beside the repository."""
    beside = Path(__file__).parents[2] / "shared"
    photos = Path(os.environ.get("HASHMATCH_SHARED", beside)) / "photos"
    if not photos.is_dir():
        pytest.skip("the photographs kept beside the repository are not on this machine")
    return photos
