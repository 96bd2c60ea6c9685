"""What is no picture, or breaks its decoder, becomes a problem with a code; the next one works."""

import struct

import numpy as np
import pytest
from hashers.pictures import chunk, encode, heic, noise
from PIL import Image
from web.browsers import drive, needs

RGB = noise(120, 160)


def cut(data, part=0.6):
    return data[: int(len(data) * part)]


def jpeg_of_size(width, height):
    """A JPEG whose header claims a size that it does not have."""
    data = encode(RGB, "JPEG")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def png_of_size(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x")


REFUSED = {
    "empty": (b"", "empty"),
    "a PDF": (b"%PDF-1.7\n" + b"x" * 500, "not_a_picture"),
    "text": (b"My holiday", "not_a_picture"),
    "a video": (b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"x" * 99, "not_a_picture"),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported"),
    "a Photoshop document": (b"8BPS" + b"x" * 99, "unsupported"),
    "a JPEG cut": (cut(encode(RGB, "JPEG")), "truncated"),
    "a JPEG without its end": (encode(RGB, "JPEG")[:-2], "truncated"),
    "a JPEG of a header": (cut(encode(RGB, "JPEG"), 0.01), "truncated"),
    "a progressive JPEG cut": (cut(encode(RGB, "JPEG", progressive=True)), "truncated"),
    "a PNG cut": (cut(encode(RGB, "PNG")), "truncated"),
    "a PNG with a damaged stream": (
        encode(RGB, "PNG").replace(b"IDAT", b"IDAT" + b"\xff" * 9, 1), "truncated",
    ),
    "a WebP cut": (cut(encode(RGB, "WEBP")), "truncated"),
    "an AVIF cut": (cut(encode(RGB, "AVIF")), "truncated"),
    "a HEIC cut": (cut(heic(RGB)), "truncated"),
    "a GIF of a header": (encode(RGB, "GIF")[:12], "truncated"),
    "a JPEG of 200 MP": (jpeg_of_size(20_000, 10_000), "too_large"),
    "a PNG of 200 MP": (png_of_size(20_000, 10_000), "too_large"),
    "a PNG of a side too long": (png_of_size(30_001, 100), "too_large"),
    "60 MB": (b"\xff\xd8\xff" + b"\0" * 60_000_000, "too_large"),
    "a small picture": (encode(RGB[:15], "PNG"), "too_small"),
    "a blank picture": (encode(np.full((99, 99, 3), 200, np.uint8), "PNG"), "blank"),
    "a CMYK JPEG": (encode(Image.fromarray(RGB).convert("CMYK"), "JPEG"), "unsupported"),
}  # fmt: skip


NAMES = {name: name.replace(" ", "-") for name in REFUSED}
ALTERNATING = [each for name in NAMES.values() for each in (name, "good")]
MANNERS = ["answers", "throws", "answers", "traps", "answers", "hangs", "answers"]
STEPS = {
    "start": [],
    "hash": [ALTERNATING],
    "deaths": [MANNERS],
    "cancelled": ["large"],
    "starts": [["/nowhere/", "/client/"]],
    "lied": ["good"],
    "offline": [
        [f"a-{each}" for each in ("jpeg", "png", "webp", "avif", "heic")],
        {"parts": True},
    ],
}


@pytest.fixture(scope="module", params=["chrome", "firefox"])
def answers(request):
    """What each step gave, by its name: in one session, for a browser takes long to start."""
    needs(request.param)
    files = {NAMES[name]: data for name, (data, _) in REFUSED.items()}
    files |= {"good": encode(RGB, "JPEG"), "large": encode(noise(900, 1200), "JPEG")}
    files |= {f"a-{each}": encode(RGB, each) for each in ("jpeg", "png", "webp", "avif")}
    files["a-heic"] = heic(RGB)
    steps = [[name, *given] for name, given in STEPS.items()]
    return dict(zip(STEPS, drive(request.param, files, steps), strict=True))


def test_every_refusal_has_its_code_and_the_next_picture_works(answers):
    refused, good = answers["hash"][::2], answers["hash"][1::2]
    found = {name: each.get("problem") for name, each in zip(REFUSED, refused, strict=True)}
    assert found == {name: code for name, (_, code) in REFUSED.items()}
    assert all(result == good[0] for result in good)
    assert "fingerprints" in good[0]


def test_a_worker_that_dies_is_replaced(answers):
    codes = [result.get("problem", "answered") for result in answers["deaths"]]
    assert codes == ["worker_lost" if manner != "answers" else "answered" for manner in MANNERS]


def test_pictures_can_be_cancelled(answers):
    found = answers["cancelled"]
    codes = [result.get("problem", "fingerprints") for result in found["results"]]
    assert codes == ["cancelled", "cancelled", "fingerprints", "cancelled"]
    assert found["stages"] == ["waiting", "reading", "decoding"]
    assert found["closed"]["problem"] == found["later"]["problem"] == "cancelled"


def test_a_start_without_a_worker_says_so(answers):
    nowhere, here = answers["starts"]
    assert (nowhere["problem"], here) == ("worker_lost", "started")


def test_a_decoder_that_gives_another_answer_is_not_used(answers):
    found = answers["lied"]
    assert found["before"] == {"ok": True}  # no JPEG was decoded yet
    assert found["result"]["problem"] == "self_test_failed"
    assert found["after"] == {"ok": False, "failed": ["jpeg"]}


def test_no_network_is_needed_after_preloading(answers):
    found = answers["offline"]
    assert [len(result["fingerprints"]) for result in found["results"]] == [2] * 5
    assert found["without"]["problem"] in {"worker_lost", "not_loaded"}
