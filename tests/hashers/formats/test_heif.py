"""AVIF and HEIC, which share a container."""

import io

import numpy as np
import pytest
from hashers.pictures import encode, heic, noise
from numpy.testing import assert_array_equal
from PIL import Image

from hashmatch.errors import MissingExtraError, UnsupportedPictureError
from hashmatch.hashers import decode
from hashmatch.hashers.formats import bmff, magic
from hashmatch.hashers.formats import heic as heic_format

PHOTO = noise(48, 64)


def test_avif_pixels_are_those_of_pillow():
    file = encode(PHOTO, "AVIF", quality=80)
    with Image.open(io.BytesIO(file)) as image:
        assert_array_equal(decode(file), np.asarray(image))


def test_avif_gray_and_alpha():
    near = decode(encode(PHOTO[..., 0], "AVIF", quality=95)).astype(int)
    assert abs(near - (PHOTO[..., 0] if near.ndim == 2 else PHOTO[..., :1])).mean() < 4
    clear = np.dstack([PHOTO, np.zeros((48, 64), np.uint8)])
    assert decode(encode(clear, "AVIF")).min() == 255


def test_heic_pixels():
    assert abs(decode(heic(PHOTO)).astype(int) - PHOTO).mean() < 8


def test_heic_alpha():
    clear = np.dstack([PHOTO, np.zeros((48, 64), np.uint8)])
    assert decode(heic(clear)).min() >= 254


def test_heic_without_its_extra_says_what_to_install(monkeypatch):
    monkeypatch.setattr(heic_format.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'hashmatch\[heic\]'"):
        decode(heic(PHOTO))


@pytest.mark.parametrize(
    "save", [lambda **o: encode(PHOTO, "AVIF", **o), lambda **o: heic(PHOTO, **o)]
)
def test_no_decoder_sees_exif(save):
    """Turning is the container's business here; and this EXIF would make Pillow warn."""
    data = Image.Exif()
    data[0x010E] = "a description"
    plain, tagged = save(), save(exif=data.tobytes())
    assert bmff.without_exif(plain) is plain
    at = max(tagged.find(order) for order in (b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"))
    assert at > 0
    hostile = tagged[: at + 8] + b"\xff\xff" + tagged[at + 10 :]
    hidden = bmff.without_exif(hostile)
    assert len(hidden) == len(hostile)
    assert sum(a != b for a, b in zip(hidden, hostile, strict=True)) == 4
    assert_array_equal(decode(hostile), decode(plain))


def ftyp(*brands):
    return (
        (8 + 8 + 4 * len(brands[1:])).to_bytes(4)
        + b"ftyp"
        + brands[0]
        + b"\0" * 4
        + b"".join(brands[1:])
    )


@pytest.mark.parametrize(
    ("brands", "module"),
    [
        ((b"avif",), "avif"),
        ((b"mif1", b"miaf", b"avif"), "avif"),
        ((b"heic",), "heic"),
        ((b"mif1", b"heic"), "heic"),
        ((b"msf1", b"hevc"), "heic"),
    ],
)
def test_brands(brands, module):
    assert magic.sniff(ftyp(*brands)) == module


@pytest.mark.parametrize(
    ("brands", "name"),
    [((b"isom", b"mp41"), "video"), ((b"qt  ",), "video"), ((b"mif1", b"jpeg"), "HEIF container")],
)
def test_brands_that_are_not_decoded(brands, name):
    with pytest.raises(UnsupportedPictureError, match=name):
        decode(ftyp(*brands))


def test_boxes_of_damaged_sizes_end_the_walk():
    box = (12).to_bytes(4) + b"free1234"
    assert [b.kind for b in bmff.boxes(box * 2, 0, 24)] == [b"free", b"free"]
    assert not list(bmff.boxes(b"\0\0\0\7free", 0, 8))
    assert not list(bmff.boxes(b"\0\0\1\0free", 0, 8))
    assert [b.end for b in bmff.boxes(b"\0\0\0\0free1234", 0, 12)] == [12]
    long = b"\0\0\0\1free" + (17).to_bytes(8) + b"x"
    assert [(b.start, b.end) for b in bmff.boxes(long, 0, 17)] == [(16, 17)]
