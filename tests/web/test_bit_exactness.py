"""The fingerprints of browsers are those of the library, to the last bit."""

import pytest
from web.browsers import drive, needs
from web.picture_set import BY_BROWSER, INEXACT, pictures

from hashmatch import hash_image
from hashmatch.errors import PictureError

BROWSERS = {
    "chromium": ("chrome", {}),
    "firefox": ("firefox", {}),
    "firefox that resists fingerprinting": ("firefox", {"privacy.resistFingerprinting": True}),
}
ONCE = ("large-3", "large-12", "large-24")
"""Parts of names: what takes long, and is hashed in the first browser only."""
NEAR = 8
"""Bits by which a decoder may be off that says so of itself. Strangers are over 80 apart."""


@pytest.fixture(scope="module")
def files():
    return pictures()


@pytest.fixture(scope="module")
def expected(files):
    return {name: outcome(data) for name, data in files.items()}


def outcome(data):
    """The library's hash, or the reason why there is none."""
    try:
        return hash_image(data)
    except PictureError as error:
        return error.reason


def assert_same(name, found, expected):
    whole = found["fingerprints"][0]
    assert (whole["kind"], whole["hasher"]) == ("whole", "pdq")
    distance = (int(whole["hash"], 16) ^ int(expected.hex, 16)).bit_count()
    if found["exact"]:
        assert (distance, whole["quality"]) == (0, expected.quality), name
    else:
        assert any(part in name for part in INEXACT), f"{name} should be exact"
        assert distance <= NEAR, name


@pytest.mark.parametrize("browser", BROWSERS)
def test_every_bit_is_the_librarys(browser, files, expected):
    program, preferences = BROWSERS[browser]
    needs(program)
    if program != "chrome":
        files = {name: data for name, data in files.items() if not name.startswith(ONCE)}
    steps = [["start"], ["hash", list(files)], ["selfTest"]]
    _, hashed, self_test = drive(program, files, steps, preferences=preferences)
    for name, found in zip(files, hashed, strict=True):
        if name.startswith(("kind-jpeg-cmyk", "kind-tiff")):
            assert found["problem"] == "unsupported", name
        elif preferences and any(part in name for part in BY_BROWSER):
            # Its canvas gives random pixels, which the known answer shows.
            assert found["problem"] == "unsupported", name
        else:
            assert "problem" not in found, (name, found)
            assert_same(name, found, expected[name])
    assert self_test == {"ok": True}
