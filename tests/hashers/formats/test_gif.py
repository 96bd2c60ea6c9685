import numpy as np
import pytest
from hashers.pictures import encode, noise
from numpy.testing import assert_array_equal
from PIL import Image

from hashmatch.errors import TruncatedPictureError
from hashmatch.hashers import decode

PALETTE = Image.fromarray(noise(40, 50)).quantize(100)
PIXELS = np.asarray(PALETTE.convert("RGB"))


@pytest.mark.parametrize("interlace", [0, 1])
def test_pixels(interlace):
    assert_array_equal(decode(encode(PALETTE, "GIF", interlace=interlace)), PIXELS)


def test_the_transparent_colour_is_white():
    indices = np.asarray(PALETTE)
    found = decode(encode(PALETTE, "GIF", transparency=int(indices[4, 4]), optimize=False))
    assert_array_equal(found, np.where(indices[..., None] == indices[4, 4], 255, PIXELS))


def test_of_ten_thousand_frames_the_first_is_decoded():
    file = encode(PALETTE, "GIF")
    frame = file[file.index(b",\0\0\0\0") : -1]
    many = file[:-1] + frame * 9_999 + b";"
    assert_array_equal(decode(many), PIXELS)


def first_frame(left=0, top=0, screen=(50, 40)):
    """The picture as a frame somewhere on a screen of its own size."""
    file = bytearray(encode(PALETTE, "GIF"))
    file[6:10] = np.array(screen, "<u2").tobytes()
    at = file.index(b",\0\0\0\0\x32\0\x28\0")
    file[at + 1 : at + 5] = np.array([left, top], "<u2").tobytes()
    return bytes(file)


def test_around_a_frame_there_is_white():
    found = decode(first_frame(3, 5, (60, 70)))
    wanted = np.full((70, 60, 3), 255, np.uint8)
    wanted[5:45, 3:53] = PIXELS
    assert_array_equal(found, wanted)


def test_a_frame_that_does_not_fit_enlarges_the_screen():
    found = decode(first_frame(3, 5, (0, 0)))
    assert found.shape == (45, 53, 3)
    assert_array_equal(found[5:, 3:], PIXELS)


def test_a_palette_of_the_frame_comes_first():
    file = encode(PALETTE, "GIF")
    colours = file[13 : 13 + 3 * 128]
    at = file.index(b",\0\0\0\0")
    assert file[10] & 0x87 == 0x86  # a palette of 128
    local = file[: at + 9] + b"\xc6" + bytes(255 - c for c in colours) + file[at + 10 :]
    assert_array_equal(decode(local), 255 - PIXELS)


def test_without_a_palette_indices_are_grays():
    file = encode(PALETTE, "GIF")
    bare = file[:10] + b"\0" + file[11:13] + file[13 + 3 * 128 :]
    assert_array_equal(decode(bare), np.repeat(np.asarray(PALETTE)[..., None], 3, axis=2))


def test_comments_are_skipped_and_never_read():
    file = encode(PALETTE, "GIF")
    at = file.index(b",\0\0\0\0")
    comment = b"!\xfe" + b"\xff" + b"x" * 255 + b"\0"
    assert_array_equal(decode(file[:at] + comment * 3_000 + file[at:]), PIXELS)
    with pytest.raises(TruncatedPictureError, match="header of this GIF"):
        decode(file[:at] + b"!\xfe\0" * 300_000 + file[at:])


def test_fewer_pixels_than_the_frame_has_are_damage():
    file = encode(PALETTE, "GIF")
    short = bytearray(file)
    at = file.index(b",\0\0\0\0")
    short[at + 7] += 1  # one row more
    with pytest.raises(TruncatedPictureError):
        decode(bytes(short))


def test_no_frame_at_all():
    with pytest.raises(TruncatedPictureError, match="first frame of this GIF"):
        decode(b"GIF89a\x20\0\x20\0\0\0\0;")
