"""The client without a worker of its own: in a service worker, which may load no code later."""

import pytest
from hashers.pictures import encode, heic, noise
from web.browsers import drive, needs

from hashmatch import hash_image
from hashmatch.hashers import listed_parts


@pytest.fixture(scope="module")
def files():
    pixels = noise(120, 160)
    return {
        **{each: encode(pixels, each) for each in ("jpeg", "png", "webp", "avif")},
        "heic": heic(pixels),
    }


def test_a_service_worker_can_hash(files):
    needs("chrome")  # Firefox has no modules in service workers yet
    (results,) = drive("chrome", files, [["inServiceWorker", list(files)]])
    for (name, data), result in zip(files.items(), results, strict=True):
        assert "problem" not in result, (name, result)
        assert result["exact"], name
        whole, parts = result["fingerprints"]
        assert whole["hash"] == hash_image(data).hex, name
        assert parts["hash"] == listed_parts(data).hex(), name
