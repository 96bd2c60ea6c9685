import io

import numpy as np
import pytest
from hashers.pictures import encode, noise, tiff
from numpy.testing import assert_array_equal
from PIL import Image

from hashmatch.errors import TruncatedPictureError, UnsupportedPictureError
from hashmatch.hashers import decode
from hashmatch.hashers.pixels import on_white

SHORT, LONG, LONG8 = 3, 4, 16
PHOTOMETRIC, EXTRA, FORMAT, PLANAR, COLOUR_MAP = 262, 338, 339, 284, 320
orders = pytest.mark.parametrize("order", ["<", ">"])
sizes = pytest.mark.parametrize("big", [False, True])


def kind(photometric, **more):
    return {PHOTOMETRIC: (SHORT, [photometric]), **more}


def samples(channels, dtype=np.uint8):
    random = np.random.default_rng(3)
    top = np.iinfo(dtype).max
    return random.integers(0, top, (23, 31, channels), dtype=dtype, endpoint=True)


@orders
@sizes
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(("photometric", "inverted"), [(0, True), (1, False)])
def test_gray(dtype, photometric, inverted, order, big):
    values = samples(1, dtype)
    found = decode(tiff(values, kind(photometric), order, big=big))
    wanted = values[..., 0] >> (8 if dtype == np.uint16 else 0)
    assert_array_equal(found, 255 - wanted if inverted else wanted)


@orders
@sizes
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colour(dtype, order, big):
    values = samples(3, dtype)
    found = decode(tiff(values, kind(2), order, big=big))
    assert_array_equal(found, values >> (8 if dtype == np.uint16 else 0))


@orders
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_alpha_is_composited_on_white(dtype, order):
    values = samples(4, dtype)
    wide = values >> (8 if dtype == np.uint16 else 0)
    wanted = on_white(wide[..., :3], wide[..., 3:])
    tagged = kind(2) | {EXTRA: (SHORT, [2])}
    assert_array_equal(decode(tiff(values, tagged, order)), wanted)
    assert_array_equal(decode(tiff(values, kind(2), order)), wanted)  # untagged means alpha
    tagged = kind(2) | {EXTRA: (SHORT, [0])}
    assert_array_equal(decode(tiff(values, tagged, order)), wide[..., :3])  # or nothing at all


def test_premultiplied_alpha_is_composited_on_white():
    values = samples(4)
    values[..., :3] = values[..., :3].astype(int) * values[..., 3:] // 255
    found = decode(tiff(values, kind(2) | {EXTRA: (SHORT, [1])}))
    wanted = values[..., :3].astype(int) + 255 - values[..., 3:]
    assert abs(found.astype(int) - wanted).max() <= 2


def test_gray_with_alpha():
    values = samples(2)
    found = decode(tiff(values, kind(1) | {EXTRA: (SHORT, [2])}))
    assert_array_equal(found, on_white(values[..., 0], values[..., 1]))


@pytest.mark.parametrize("scale", [257, 1])
def test_a_palette_of_16_bits_or_wrongly_of_8(scale):
    values = samples(1)
    colours = np.random.default_rng(1).integers(0, 256, (3, 256))
    colours[0, 0] = 255
    tags = kind(3) | {COLOUR_MAP: (SHORT, (colours * scale).ravel().tolist())}
    assert_array_equal(decode(tiff(values, tags)), colours.T[values[..., 0]])


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P", "CMYK", "YCbCr", "LA"])
@pytest.mark.parametrize(
    "compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "zstd"]
)
def test_what_pillow_writes(mode, compression):
    photo = Image.fromarray(noise(50, 60))
    image = photo.quantize(90) if mode == "P" else photo.convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.fromarray(noise(50, 60, 1, seed=8)))
    found = decode(encode(image, "TIFF", compression=compression))
    if mode == "RGBA":
        pixels = np.asarray(image)
        wanted = on_white(pixels[..., :3], pixels[..., 3:])
    else:
        wanted = np.asarray(image.convert("L" if mode in {"1", "L", "LA"} else "RGB"))
    if mode == "YCbCr":  # libtiff and Pillow round differently
        assert abs(found.astype(int) - wanted).max() <= 2
    else:
        assert_array_equal(found, wanted)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
def test_faxes(compression):
    page = Image.fromarray(noise(50, 60)).convert("1")
    assert_array_equal(decode(encode(page, "TIFF", compression=compression)), page.convert("L"))


def test_jpeg_inside():
    file = encode(noise(50, 60), "TIFF", compression="jpeg", quality=90)
    with Image.open(io.BytesIO(file)) as image:
        assert_array_equal(decode(file), np.asarray(image))


def test_planes_that_lie_apart():
    values = samples(3)
    planes = np.ascontiguousarray(np.moveaxis(values, 2, 0)).reshape(values.shape)
    size = values.shape[0] * values.shape[1]
    tags = kind(2) | {
        PLANAR: (SHORT, [2]),
        273: (LONG, [16, 16 + size, 16 + 2 * size]),
        279: (LONG, [size] * 3),
    }
    assert_array_equal(decode(tiff(planes, tags)), values)


def test_tiles():
    values = samples(1)
    tiles = np.zeros((32, 32), np.uint8)
    tiles[:23, :31] = values[..., 0]
    packed = tiles.reshape(2, 16, 2, 16).swapaxes(1, 2).reshape(32, 32, 1)
    tags = kind(1) | {
        256: (LONG, [31]), 257: (LONG, [23]), 322: (LONG, [16]), 323: (LONG, [16]),
        324: (LONG, [16 + 256 * tile for tile in range(4)]), 325: (LONG, [256] * 4),
    }  # fmt: skip
    assert_array_equal(decode(tiff(packed, tags)), values[..., 0])


def test_of_several_pages_the_first_is_decoded():
    pages = [Image.fromarray(noise(50, 60, seed=seed)) for seed in range(3)]
    file = encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert_array_equal(decode(file), np.asarray(pages[0]))


@pytest.mark.parametrize(
    "file",
    [
        tiff(samples(1).astype(np.float32), kind(1) | {FORMAT: (SHORT, [3])}),
        tiff(samples(1).astype(np.uint32), kind(1)),
        tiff(samples(1).astype(np.int16), kind(1) | {FORMAT: (SHORT, [2])}),
        tiff(samples(3), kind(8)),
        tiff(samples(5), kind(2)),
        tiff(samples(3), kind(2) | {259: (SHORT, [6])}),
        tiff(samples(3), kind(2) | {259: (SHORT, [34712])}),
        tiff(samples(3), kind(2) | {258: (SHORT, [8, 16, 8])}),
    ],
)
def test_samples_and_compressions_that_are_not_decoded(file):
    with pytest.raises(UnsupportedPictureError, match="save the picture as 8-bit PNG"):
        decode(file)


@pytest.mark.parametrize(
    "tags",
    [
        {256: (LONG, [])},  # no width
        {273: (LONG, [1 << 31])},
        {279: (LONG, [1 << 31])},
        {273: (LONG, [16] * 500_000), 279: (LONG, [1])},  # far fewer lengths than starts
        {322: (LONG, [1 << 20]), 323: (LONG, [1 << 20]), 324: (LONG, [16]), 325: (LONG, [9])},
        {278: (LONG, [0])},
        {257: (LONG, [40])},  # more rows than there are data for
    ],
)
def test_tags_that_make_no_sense(tags, capfd):
    with pytest.raises(TruncatedPictureError):
        decode(tiff(samples(3), kind(2) | tags))
    capfd.readouterr()  # what libtiff has to say


@sizes
def test_a_directory_that_lies_elsewhere(big):
    file = bytearray(tiff(samples(3), kind(2), big=big))
    where = slice(8, 16) if big else slice(4, 8)
    for place in (0, 15, len(file) - 1, len(file), 1 << 31):
        file[where] = place.to_bytes(where.stop - where.start, "little")
        with pytest.raises((TruncatedPictureError, UnsupportedPictureError)):
            decode(bytes(file))
