import zlib

import numpy as np
import pytest
from hashers.pictures import PNG_SIGNATURE, chunk, encode, noise, pack, png
from numpy.testing import assert_array_equal
from PIL import Image

from hashmatch.errors import TruncatedPictureError, UnsupportedPictureError
from hashmatch.hashers import decode
from hashmatch.hashers.pixels import on_white

GRAY, COLOUR, PALETTE, GRAY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
SIZE = (21, 34)


def samples(bits, channels, seed=0):
    random = np.random.default_rng(seed)
    return random.integers(0, 1 << bits, (*SIZE, channels)).astype(np.uint16)


def widened(values, bits):
    """Samples of any depth as 8 bits: 16 by the high byte, fewer by stretching."""
    return (values >> 8 if bits == 16 else values * (255 // ((1 << bits) - 1))).astype(np.uint8)


interlacing = pytest.mark.parametrize("interlaced", [False, True])


@interlacing
@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_gray(bits, interlaced):
    values = samples(bits, 1)
    found = decode(png(values, GRAY, bits, interlaced=interlaced))
    assert_array_equal(found, widened(values[..., 0], bits))


@interlacing
@pytest.mark.parametrize("bits", [8, 16])
def test_colour(bits, interlaced):
    values = samples(bits, 3)
    assert_array_equal(
        decode(png(values, COLOUR, bits, interlaced=interlaced)), widened(values, bits)
    )


@interlacing
@pytest.mark.parametrize("bits", [8, 16])
def test_gray_with_alpha_stays_gray(bits, interlaced):
    values = samples(bits, 2)
    gray, alpha = np.moveaxis(widened(values, bits), 2, 0)
    found = decode(png(values, GRAY_ALPHA, bits, interlaced=interlaced))
    assert_array_equal(found, on_white(gray, alpha))


@interlacing
@pytest.mark.parametrize("bits", [8, 16])
def test_colour_with_alpha(bits, interlaced):
    values = samples(bits, 4)
    wide = widened(values, bits)
    found = decode(png(values, COLOUR_ALPHA, bits, interlaced=interlaced))
    assert_array_equal(found, on_white(wide[..., :3], wide[..., 3:]))


@interlacing
@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_palette_with_and_without_alpha(bits, interlaced):
    values = samples(bits, 1)
    colours = np.random.default_rng(2).integers(0, 256, (1 << bits, 3)).astype(np.uint8)
    plte = chunk(b"PLTE", colours.tobytes())
    indices = values[..., 0]
    file = png(values, PALETTE, bits, interlaced=interlaced, before=plte)
    assert_array_equal(decode(file), colours[indices])
    some = np.array([0, 128], dtype=np.uint8)  # the others are opaque
    alpha = np.r_[some, np.full((1 << bits) - len(some), 255, np.uint8)]
    file = png(
        values, PALETTE, bits, interlaced=interlaced, before=plte + chunk(b"tRNS", some.tobytes())
    )
    assert_array_equal(decode(file), on_white(colours, alpha[:, None])[indices])


def test_colours_that_a_palette_lacks_are_black():
    values = samples(8, 1)
    file = png(values, PALETTE, 8, before=chunk(b"PLTE", bytes((9, 9, 9)) * 100))
    assert_array_equal(decode(file)[..., 0], np.where(values[..., 0] < 100, 9, 0))


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_one_transparent_gray(bits):
    values = samples(bits, 1)
    key = int(values[3, 3, 0])
    values[5] = key
    if bits == 16:
        values[7] = key ^ 1  # the high byte alone does not tell
    file = png(values, GRAY, bits, before=chunk(b"tRNS", key.to_bytes(2)))
    wanted = np.where(values == key, 255, widened(values, bits))
    assert_array_equal(decode(file), wanted[..., 0])


def test_one_transparent_colour():
    values = samples(8, 3)
    values[5] = (1, 2, 3)
    values[6] = (1, 2, 4)
    key = np.array([1, 2, 3], ">u2")
    found = decode(png(values, COLOUR, 8, before=chunk(b"tRNS", key.tobytes())))
    wanted = values.copy()
    wanted[5] = 255
    assert_array_equal(found, wanted)


def test_one_transparent_colour_of_16_bits_is_refused():
    file = png(samples(16, 3), COLOUR, 16, before=chunk(b"tRNS", bytes(6)))
    with pytest.raises(UnsupportedPictureError, match="save the picture with 8 bits"):
        decode(file)


def test_what_pillow_writes():
    photo = noise(40, 50)
    for image in (photo, np.dstack([photo, photo[..., 0]])):
        saved = Image.fromarray(image)
        wanted = on_white(image[..., :3], image[..., 3:]) if image.shape[2] == 4 else image
        assert_array_equal(decode(encode(saved, "PNG")), wanted)


def test_an_animation_shows_its_still_picture():
    first, second = (Image.fromarray(noise(40, 50, seed=seed)) for seed in (1, 2))
    file = encode(first, "PNG", save_all=True, append_images=[second])
    assert_array_equal(decode(file), np.asarray(first))


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("missing", [1, 2, 11, 20])
def test_a_stream_that_ends_early_is_not_taken_for_black(missing, interlaced):
    whole = png(samples(8, 3), COLOUR, 8, interlaced=interlaced)
    start = whole.index(b"IDAT") + 4
    rows = zlib.decompress(whole[start : whole.index(b"IEND") - 8])
    short = zlib.compress(rows[: -missing * (1 + 3 * SIZE[1])])
    file = png(samples(8, 3), COLOUR, 8, interlaced=interlaced, compressed=short)
    with pytest.raises(TruncatedPictureError, match="data of this PNG"):
        decode(file)


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour", "bits", "count"), [(GRAY, 1, 1), (COLOUR, 16, 3), (GRAY, 4, 1)])
def test_a_picture_that_is_black_at_its_end_is_whole(colour, bits, count, interlaced):
    values = samples(bits, count)
    values[10:] = 0
    found = decode(png(values, colour, bits, interlaced=interlaced))
    assert not found[10:].any()
    assert found[:10].any()


@pytest.mark.parametrize(
    ("bits", "colour", "error"),
    [
        (3, GRAY, UnsupportedPictureError),
        (4, COLOUR, UnsupportedPictureError),
        (16, PALETTE, UnsupportedPictureError),
        (8, 5, UnsupportedPictureError),
        (8, PALETTE, TruncatedPictureError),  # without a palette
    ],
)
def test_kinds_that_no_png_should_have(bits, colour, error):
    header = np.array([*SIZE], ">u4").tobytes() + bytes((bits, colour, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" + pack(np.zeros(SIZE[1]), 8)))
    with pytest.raises(error):
        decode(PNG_SIGNATURE + chunk(b"IHDR", header) + pixels)


def test_text_and_profiles_are_passed_over():
    values = samples(8, 3)
    bomb = zlib.compress(bytes(30_000_000))
    hostile = (
        chunk(b"zTXt", b"key\0\0" + bomb)
        + chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb)
        + chunk(b"iCCP", b"name\0\0" + bomb)
        + chunk(b"acTL", b"\0" * 8)
        + chunk(b"fcTL", b"\xff" * 26)
        + chunk(b"tEXt", b"\xff" * 100)
    )
    assert_array_equal(decode(png(values, COLOUR, 8, before=hostile, after=hostile)), values)
