import io

import numpy as np
import pytest
from hashers.pictures import encode, noise
from numpy.testing import assert_array_equal
from PIL import Image

from hashmatch.errors import TruncatedPictureError
from hashmatch.hashers import decode
from hashmatch.hashers.formats import webp
from hashmatch.hashers.pixels import on_white

PHOTO = noise(40, 50)
OPACITY = noise(40, 50, 1, seed=4)


def test_lossless_pixels():
    assert_array_equal(decode(encode(PHOTO, "WEBP", lossless=True)), PHOTO)


def test_lossless_alpha_on_white():
    file = encode(np.dstack([PHOTO, OPACITY]), "WEBP", lossless=True, exact=True)
    assert_array_equal(decode(file), on_white(PHOTO, OPACITY[..., None]))


def test_lossy_pixels_are_those_of_pillow():
    file = encode(PHOTO, "WEBP", quality=80)
    with Image.open(io.BytesIO(file)) as image:
        assert_array_equal(decode(file), np.asarray(image))


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"quality": 80}, {"quality": 80, "exif": b"Exif\0\0II*\0"}]
)
def test_the_size_is_read_without_the_decoder(options):
    opened = webp.open_header(encode(PHOTO, "WEBP", **options))
    assert (opened.width, opened.height) == (50, 40)


def test_of_an_animation_the_first_frame_is_decoded():
    frames = [Image.fromarray(noise(40, 50, seed=seed)) for seed in range(3)]
    file = encode(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert_array_equal(decode(file), np.asarray(frames[0]))


@pytest.mark.parametrize("kind", [b"VP8X", b"VP8L", b"VP8 "])
def test_a_header_of_rubbish(kind):
    with pytest.raises(TruncatedPictureError):
        decode(b"RIFF\x40\0\0\0WEBP" + kind + b"\x20\0\0\0" + b"\x2a" * 3)
    if kind != b"VP8X":
        with pytest.raises(TruncatedPictureError):
            decode(b"RIFF\x40\0\0\0WEBP" + kind + b"\x20\0\0\0" + b"\x2a" * 32)
