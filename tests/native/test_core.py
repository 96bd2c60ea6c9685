"""The C core against `pdqhash`, the binding of the reference: equal bits and qualities."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from native_cores import ROOT
from numpy.testing import assert_array_equal
from oracle import pdqhash
from PIL import Image

from hashmatch import native
from hashmatch.native import Form

TURNS_OF = (
    lambda p: p,
    lambda p: np.rot90(p, 1),
    lambda p: np.rot90(p, 2),
    lambda p: np.rot90(p, 3),
    lambda p: p[::-1],
    lambda p: p[:, ::-1],
    lambda p: np.swapaxes(p, 0, 1),
    lambda p: np.rot90(np.swapaxes(p, 0, 1), 2),
)


def peer(pixels):
    """Code and quality as pdqhash gives them; it wants three channels."""
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    bits, quality = pdqhash.compute(np.ascontiguousarray(pixels))
    return np.packbits(bits.astype(np.uint8)).tobytes(), quality


def ours(pixels, form=Form.AUTO):
    found = native.pdq(pixels, form)
    return found.code, found.quality


def photographs():
    from skimage import data
    from sklearn.datasets import load_sample_images

    photos = {name: getattr(data, name)() for name in ("astronaut", "coffee", "chelsea", "rocket")}
    photos |= {name: getattr(data, name)() for name in ("camera", "coins", "moon", "page", "clock")}
    photos |= dict(zip(("china", "flower"), load_sample_images().images, strict=True))
    return {name: np.ascontiguousarray(photo) for name, photo in photos.items()}


PHOTOGRAPHS = photographs()


@pytest.mark.parametrize("name", PHOTOGRAPHS)
@pytest.mark.parametrize("form", Form)
def test_photographs_have_the_bits_of_the_reference(name, form):
    assert ours(PHOTOGRAPHS[name], form) == peer(PHOTOGRAPHS[name])


@pytest.mark.parametrize("name", ["astronaut", "coffee", "rocket"])
def test_the_reference_form_repeats_every_float_of_the_reference(name):
    coefficients, _ = pdqhash.compute_float(PHOTOGRAPHS[name])
    assert_array_equal(native.pdq(PHOTOGRAPHS[name], Form.REFERENCE).dct, coefficients[::-1])


def content(kind, height, width, rng):  # noqa: C901 (a table)
    """A picture of one kind of structure, gray or colour."""
    y, x = np.mgrid[:height, :width]
    match kind:
        case "flat":
            return np.full((height, width, 3), rng.integers(0, 256, 3), dtype=np.uint8)
        case "noise":
            return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        case "gray noise":
            return rng.integers(0, 256, (height, width), dtype=np.uint8)
        case "gradient":
            a, b, c = rng.uniform(-1, 1, 3)
            ramp = (a * x / width + b * y / height + c) * 255
            return (
                np.stack([ramp, ramp * 0.7 + 40, 255 - ramp], axis=2)
                .astype(np.int64)
                .astype(np.uint8)
            )
        case "lines across":
            return np.where(y % rng.integers(2, 9) == 0, rng.integers(256), 255).astype(np.uint8)
        case "lines down":
            return np.where(x % rng.integers(2, 9) == 0, 0, rng.integers(256)).astype(np.uint8)
        case "chequers":
            board = ((x + y) % 2 * 255).astype(np.uint8)
            return np.stack([board, 255 - board, board], axis=2)
        case "one line":
            picture = np.full((height, width), rng.integers(256), dtype=np.uint8)
            picture[rng.integers(height)] = 255
            picture[:, rng.integers(width)] = 0
            return picture
        case "blocks":
            blocks = rng.integers(0, 256, (9, 7, 3), dtype=np.uint8)
            return blocks[y * 9 // height, x * 7 // width]
        case "photograph":
            photo = PHOTOGRAPHS["astronaut"]
            return photo[y * 512 // height, x * 512 // width]
    raise AssertionError(kind)


KINDS = ("flat", "noise", "gray noise", "gradient", "lines across", "lines down", "chequers",
         "one line", "blocks", "photograph")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_random_sizes_and_contents_have_the_bits_of_the_reference(kind):
    rng = np.random.default_rng(KINDS.index(kind))
    for round_ in range(210):
        height, width = np.exp(rng.uniform(math.log(5), math.log(1200), 2)).astype(int)
        if round_ % 50 == 0:  # a few that are long, or both
            height, width = rng.integers(5, 4001, 2)
        pixels = content(kind, int(height), int(width), rng)
        for form in (Form.AUTO, Form.REFERENCE):
            assert ours(pixels, form) == peer(pixels), (kind, pixels.shape, form)


@pytest.mark.parametrize("side", [5, 6, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1024, 4000])
def test_sides_where_windows_change(side):
    rng = np.random.default_rng(side)
    for shape in ((side, 64), (64, side), (side, side // 2 + 5)):
        pixels = rng.integers(0, 256, (*shape, 3), dtype=np.uint8)
        assert ours(pixels) == peer(pixels), shape


@pytest.mark.parametrize("name", ["astronaut", "coffee", "china", "coins"])
@pytest.mark.parametrize("form", [Form.AUTO, Form.REFERENCE])
def test_the_eight_turns_are_those_of_the_reference(name, form):
    photo = PHOTOGRAPHS[name]
    colour = photo if photo.ndim == 3 else np.repeat(photo[:, :, None], 3, axis=2)
    expected, quality = pdqhash.compute_dihedral(np.ascontiguousarray(colour))
    found = native.pdq_dihedral(photo, form)
    assert found.quality == quality
    assert_array_equal(np.unpackbits(found.codes, axis=1), np.array(expected))


def test_the_eight_turns_are_named_rightly():
    photo = np.ascontiguousarray(PHOTOGRAPHS["astronaut"])
    found = native.pdq_dihedral(photo).codes
    for code, turn in zip(found, TURNS_OF, strict=True):
        turned = np.frombuffer(native.pdq(np.ascontiguousarray(turn(photo))).code, np.uint8)
        # A turned grid samples other pixels, so some bits next to the median differ.
        distances = np.bitwise_count(found ^ turned).sum(axis=1)
        assert_array_equal(found[distances.argmin()], code)
        assert distances.min() <= 16


def test_luma_of_every_colour_is_rounded_as_the_reference_rounds_it():
    blue = np.arange(256)
    for red in range(256):
        green = np.arange(256)[:, None]
        reference = (red * 0.299 + green * 0.587 + blue * 0.114).astype(np.float32)
        thousandths = (299 * red + 587 * green + 114 * blue).astype(np.float32)
        assert_array_equal(thousandths / np.float32(1000), reference)


def test_cosines_are_those_of_the_formula():
    source = (ROOT / "native/core/spectrum.c").read_text()
    block = source.split("COSINE[65] = {")[1].split("}")[0]
    table = [float.fromhex(text) for text in re.findall(r"(-?[0-9a-fx.]+p?[-+]?\d*)f,", block)]
    scale = float(np.float32(math.sqrt(2 / 64)))
    assert len(table) == 65
    for row in range(16):
        for column in range(64):
            m = (row + 1) * (2 * column + 1) % 256
            m = min(m, 256 - m)
            factor = -table[128 - m] if m > 64 else table[m]
            angle = math.pi / 2 / 64 * (row + 1) * (2 * column + 1)
            assert factor == np.float32(scale * math.cos(angle))


@pytest.mark.parametrize(("height", "width"), [(1, 1), (4, 4), (4, 3000), (3000, 4), (1, 65535)])
def test_sides_under_five_give_nothing(height, width):
    found = native.pdq_dihedral(np.full((height, width, 3), 77, np.uint8))
    assert found.quality == 0
    assert not found.codes.any()
    assert native.pdq(np.full((height, width), 77, np.uint8)).code == bytes(32)


def test_a_crop_needs_no_copy_and_hashes_like_one():
    photo = PHOTOGRAPHS["coffee"]
    for crop in (photo[20:300, 33:407], photo[::3], photo[:, ::-1], photo[:, ::2], photo[::-1]):
        assert ours(crop) == ours(np.ascontiguousarray(crop))


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((64, 64, 3), np.float32),
        np.zeros((64, 64, 4), np.uint8),
        np.zeros((64,), np.uint8),
        np.zeros((0, 64), np.uint8),
        np.zeros((5, 65536), np.uint8),
    ],
)
def test_arrays_that_are_no_picture_are_refused(pixels):
    with pytest.raises(ValueError, match="Pixels are"):
        native.pdq(pixels)


def reduce(gray, reduction):
    """What JPEG's DCT scaling shows: means of cells, the last ones padded by their edge."""
    height, width = gray.shape
    padded = np.pad(gray, ((0, -height % reduction), (0, -width % reduction)), mode="edge")
    cells = padded.reshape(-(-height // reduction), reduction, -(-width // reduction), reduction)
    return np.rint(cells.mean(axis=(1, 3))).astype(np.uint8)


@pytest.mark.parametrize("reduction", [1, 2, 4, 8])
@pytest.mark.parametrize("shape", [(2048, 2048), (2051, 3077)])
def test_a_reduced_picture_hashes_nearly_like_the_full_one(reduction, shape):
    y, x = (np.arange(n) * 512 // n for n in shape)
    gray = PHOTOGRAPHS["camera"][np.ix_(y, x)]
    exact = [native.pdq(np.ascontiguousarray(turn(gray))) for turn in TURNS_OF]
    found = native.pdq_scaled(reduce(gray, reduction), shape[1], shape[0], reduction)
    expected = np.array([list(turned.code) for turned in exact], np.uint8)
    distances = np.bitwise_count(expected ^ found.codes).sum(axis=1)
    assert distances.max() <= (2 if reduction == 1 else 4)
    assert abs(found.quality - exact[0].quality) <= 2


@pytest.mark.parametrize("shape", [(64, 64), (65, 300), (256, 256), (300, 451), (129, 1000)])
def test_small_pictures_are_turned_as_exactly(shape):
    y, x = (np.arange(n) * 512 // n for n in shape)
    photo = PHOTOGRAPHS["astronaut"][np.ix_(y, x)]
    found = native.pdq_scaled(photo, shape[1], shape[0], 1)
    for code, turn in zip(found.codes, TURNS_OF, strict=True):
        turned = native.pdq(np.ascontiguousarray(turn(photo))).code
        assert np.bitwise_count(code ^ np.frombuffer(turned, np.uint8)).sum() <= 2


@pytest.mark.parametrize("reduction", [2, 4, 8])
@pytest.mark.parametrize("shape", [(2048, 2048), (2051, 3077)])
def test_a_mirrored_reduced_picture_hashes_nearly_like_the_mirrored_full_one(reduction, shape):
    y, x = (np.arange(n) * 512 // n for n in shape)
    gray = PHOTOGRAPHS["camera"][np.ix_(y, x)]
    reduced = reduce(gray, reduction)
    height, width = shape
    left, top = -width % reduction, -height % reduction
    for picture, cells, missing in [
        (gray[:, ::-1], reduced[:, ::-1], {"left": left}),
        (gray[::-1], reduced[::-1], {"top": top}),
        (gray[::-1, ::-1], reduced[::-1, ::-1], {"left": left, "top": top}),
    ]:
        exact = native.pdq(picture)
        found = native.pdq_scaled(cells, width, height, reduction, **missing)
        assert np.bitwise_count(found.codes[0] ^ np.frombuffer(exact.code, np.uint8)).sum() <= 4


def test_a_reduced_picture_may_have_colours():
    photo = PHOTOGRAPHS["astronaut"]
    reduced = np.dstack([reduce(photo[..., c], 2) for c in range(3)])
    found = native.pdq_scaled(reduced, photo.shape[1], photo.shape[0], 2)
    exact = native.pdq(photo)
    assert np.bitwise_count(found.codes[0] ^ np.frombuffer(exact.code, np.uint8)).sum() <= 4


@pytest.mark.parametrize(
    ("shape", "width", "height", "reduction"),
    [
        ((10, 10), 81, 80, 8),
        ((10, 10), 80, 80, 0),
        ((10, 10), 80, 80, 16),
        ((9, 10, 3), 10, 10, 1),
    ],
)
def test_a_reduced_picture_of_another_size_is_refused(shape, width, height, reduction):
    with pytest.raises(ValueError, match="is no decode of"):
        native.pdq_scaled(np.zeros(shape, np.uint8), width, height, reduction)


@pytest.mark.parametrize(("shape", "side"), [((300, 401), 512), ((90, 33), 64), ((5, 700), 37)])
def test_picked_rows_and_columns_hash_as_the_picture_made_of_them(shape, side):
    random = np.random.default_rng(3)
    gray = random.integers(0, 256, (shape[0], 2 * shape[1]), np.uint8)[:, : shape[1]]
    rows = np.sort(random.integers(0, shape[0], side))
    columns = random.integers(0, shape[1], side)
    made = native.pdq(gray[rows][:, columns], Form.ONE_PASS)
    found = native.pdq_picked(gray, rows, columns)
    assert found[:3] == made[:3]
    assert_array_equal(found.dct, made.dct)


@pytest.mark.parametrize(
    ("rows", "columns"), [([0] * 4, [0] * 4), ([0] * 9, [0] * 8), ([9] * 9, [0] * 9), ([-1], [0])]
)
def test_rows_and_columns_that_are_not_there_are_refused(rows, columns):
    with pytest.raises(ValueError, match="cannot be picked"):
        native.pdq_picked(np.zeros((9, 9), np.uint8), np.array(rows), np.array(columns))


def test_gray_is_that_of_the_imaging_library():
    cube = np.stack(np.meshgrid(*[np.arange(0, 256, 3, np.uint8)] * 3), -1).reshape(86, -1, 3)
    noise = np.random.default_rng(5).integers(0, 256, (61, 127, 3), np.uint8)
    for pixels in (cube, noise, noise[::2, 3:90]):
        expected = np.asarray(Image.fromarray(np.ascontiguousarray(pixels)).convert("L"))
        assert_array_equal(native.gray(pixels), expected)
    with pytest.raises(ValueError, match="made of RGB"):
        native.gray(noise[..., 0])


@pytest.mark.shared
def test_the_shared_vectors(shared):
    import cv2

    lines = (shared / "pdq_vectors.tsv").read_text().splitlines()[1:]
    assert len(lines) > 100
    missed = []
    for line in lines:
        file, width, height, code, quality, *_ = line.split("\t")
        flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
        pixels = cv2.imread(str(Path(shared) / file), flags)
        assert pixels.shape[:2] == (int(height), int(width)), file
        if ours(pixels) != (bytes.fromhex(code), int(quality)):
            missed.append(file)
        assert ours(pixels) == peer(pixels), file
    assert not missed
