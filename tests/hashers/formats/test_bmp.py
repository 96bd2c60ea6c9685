import struct

import numpy as np
import pytest
from hashers.pictures import encode, noise
from numpy.testing import assert_array_equal
from PIL import Image

from hashmatch.errors import TruncatedPictureError, UnsupportedPictureError
from hashmatch.hashers import decode

PHOTO = Image.fromarray(noise(33, 45))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_what_pillow_writes(mode):
    image = PHOTO.quantize(77) if mode == "P" else PHOTO.convert(mode)
    wanted = image.convert("RGB" if mode == "P" else "L" if mode == "1" else mode)
    assert_array_equal(decode(encode(image, "BMP")), np.asarray(wanted))


def with_header(file, offset, layout, value):
    changed = bytearray(file)
    struct.pack_into(layout, changed, offset, value)
    return bytes(changed)


def test_rows_from_the_top():
    file = encode(PHOTO, "BMP")
    assert_array_equal(decode(with_header(file, 22, "<i", -33)), np.asarray(PHOTO)[::-1])


def test_run_lengths():
    gray = np.repeat(np.arange(32, dtype=np.uint8)[:, None], 40, axis=1)
    file = encode(Image.fromarray(gray).convert("P"), "BMP")
    start = struct.unpack_from("<I", file, 10)[0]
    runs = b"".join(bytes((40, row, 0, 0)) for row in reversed(range(32))) + b"\0\1"
    packed = with_header(file[:start] + runs, 30, "<I", 1)
    assert_array_equal(decode(packed), gray)
    with pytest.raises(TruncatedPictureError):
        decode(packed[:-40])


@pytest.mark.parametrize(("offset", "value"), [(28, 13), (30, 4), (30, 9)])
def test_depths_and_compressions_that_are_not_decoded(offset, value):
    with pytest.raises(UnsupportedPictureError, match="This BMP"):
        decode(with_header(encode(PHOTO, "BMP"), offset, "<H", value))


def test_text_that_begins_like_one_is_no_picture():
    from hashmatch.errors import NotAPictureError

    with pytest.raises(NotAPictureError):
        decode(b"BMW is a maker of cars, and this is a text about it.")
