"""Parts and tiles of browsers are those of the library, to the last bit, and made if wanted."""

import numpy as np
import pytest
from hashers.pictures import encode, exif, noise
from PIL import Image
from web.browsers import drive, needs
from web.picture_set import photograph

from hashmatch import hash_image, packed
from hashmatch.cli.submit import fingerprints_of
from hashmatch.hashers import listed_parts

WANTED = {"parts": True}


def pictures():
    """A handful: every way from pixels to a luma, up and down, and what there are few parts in."""
    cat = photograph("chelsea")
    strip = Image.fromarray(noise(40, 1500)).resize((1500, 40))
    transparent = cat.convert("RGBA")
    transparent.putalpha(cat.convert("L"))
    return {
        "photograph.jpg": encode(photograph("astronaut"), "JPEG", quality=85),
        "large.jpg": encode(photograph("retina").resize((2000, 1500)), "JPEG"),
        "gray.png": encode(photograph("camera"), "PNG"),
        "transparent.webp": encode(transparent, "WEBP", quality=80),
        "still.avif": encode(photograph("coffee").resize((333, 251)), "AVIF"),
        **{f"turned-{n}.jpg": encode(cat, "JPEG", exif=exif(n)) for n in (3, 6, 7)},
        "strip.png": encode(strip, "PNG"),
        "tiny.png": encode(noise(24, 24), "PNG"),
        "text.png": encode(photograph("page"), "PNG"),
        "collage.png": encode(np.hstack([np.asarray(cat)] * 2), "PNG"),
        "repeating.png": encode(np.tile(noise(30, 30), (20, 20, 1)), "PNG"),
    }


def waves(contrast):
    """A picture whose quality is small, and grows with the contrast."""
    y, x = np.mgrid[0:300, 0:400]
    pixels = 120 + contrast * (np.sin(x / 40) + np.cos(y / 45))
    return encode(pixels.astype(np.uint8), "PNG")


FAINT = {"faint-21.png": waves(20), "faint-49.png": waves(31.5), "faint-50.png": waves(32)}
"""By their qualities: from 50 on there are parts."""


@pytest.fixture(scope="module")
def files():
    return pictures() | FAINT


@pytest.fixture(scope="module", params=["chrome", "firefox"])
def answers(request, files):
    """What a browser gave: of pictures as a whole, of their parts too, and where it was lied to."""
    needs(request.param)
    names = list(files)
    steps = {
        "start": ["start"],
        "whole": ["hash", names[:2]],
        "asked for whole": ["asked"],
        "parts": ["hash", names, WANTED],
        "asked for parts": ["asked"],
        "self-test": ["selfTest"],
        "lied": ["lied", "gray.png", WANTED],
        "not lied": ["lied", "gray.png", {}],
    }
    return dict(zip(steps, drive(request.param, files, list(steps.values())), strict=True))


def test_every_bit_of_the_parts_is_the_librarys(answers, files):
    for name, found in zip(pictures(), answers["parts"], strict=False):
        whole, parts = found["fingerprints"]
        expected, data = hash_image(files[name]), listed_parts(files[name])
        assert (whole["kind"], whole["hash"]) == ("whole", expected.hex), name
        assert whole["quality"] == expected.quality, name
        assert (parts["kind"], parts["hasher"], parts["quality"]) == ("parts", "pdq-part", None)
        assert parts["hash"] == data.hex(), name
        packed.checked(bytes.fromhex(parts["hash"]))
    assert answers["self-test"] == {"ok": True}


def test_the_pictures_have_parts_to_compare(files):
    counts = [len(packed.unpack(listed_parts(files[name])).codes) for name in pictures()]
    assert sorted(counts)[len(counts) // 2] >= 50


def test_a_picture_of_low_quality_has_no_parts_here_nor_on_the_command_line(answers, tmp_path):
    for found, (name, data) in zip(answers["parts"][-len(FAINT) :], FAINT.items(), strict=True):
        path = tmp_path / name
        path.write_bytes(data)
        quality = int(path.stem[-2:])
        made = [(each["hasher"], each["hash"], each["quality"]) for each in found["fingerprints"]]
        submitted = [each.hash for each in fingerprints_of(path) if each.hash.hasher != "sha256"]
        assert made == [(each.hasher, each.code.hex(), each.quality) for each in submitted]
        assert made[0][2] == quality
        assert len(made) == (2 if quality >= 50 else 1)


def test_what_makes_parts_is_loaded_when_they_are_wanted(answers):
    before, after = (
        [path for path in answers[each] if "parts" in path]
        for each in ("asked for whole", "asked for parts")
    )
    assert [len(found["fingerprints"]) for found in answers["whole"]] == [1, 1]
    assert before == []
    assert any(path.startswith("/client/hashmatch-parts-") for path in after)


def test_a_browser_that_makes_other_parts_is_refused(answers):
    assert answers["lied"]["before"] == {"ok": True}  # no parts were made yet
    assert answers["lied"]["result"]["problem"] == "self_test_failed"
    assert answers["lied"]["after"] == {"ok": False, "failed": ["parts"]}
    assert "fingerprints" in answers["not lied"]["result"]  # the whole picture alone is as it was
