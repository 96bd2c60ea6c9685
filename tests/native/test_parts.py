"""Key points, regions, tiles and warps of the C core, against what geometry says they must be."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from native_cores import ROOT
from numpy.testing import assert_allclose, assert_array_equal

from hashmatch import native, native_parts
from hashmatch.native_parts import JOINT, SEVERAL, SINGLE, UPRIGHT


def gray(name):
    from skimage import data

    photo = getattr(data, name)()
    photo = photo[..., 1] if photo.ndim == 3 else photo
    return native_parts.luma(np.ascontiguousarray(photo), photo.shape[1], photo.shape[0])


def distances(one, other):
    return np.bitwise_count(one[:, None] ^ other[None]).sum(axis=-1)


NAMES = ("astronaut", "camera", "coffee", "chelsea", "rocket")


@pytest.mark.parametrize("name", NAMES)
def test_parts_are_found_again_in_a_crop_that_was_scaled(name):
    import cv2

    luma = gray(name)
    height, width = luma.shape
    listed = native_parts.parts(luma, 64)
    crop = luma[height // 8 : height * 7 // 8, width // 8 : width * 7 // 8]
    crop = cv2.resize(crop, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    found = native_parts.parts(np.ascontiguousarray(crop), 300)
    assert (distances(found.codes, listed.codes).min(axis=0) <= 40).sum() >= 5


@pytest.mark.parametrize("name", NAMES)
def test_a_quarter_turn_and_a_mirror_move_parts_as_they_move_the_picture(name):
    luma = gray(name)
    width = luma.shape[1]
    listed = native_parts.parts(luma, 64)
    x, y = listed.places["x"].astype(int), listed.places["y"].astype(int)
    turned = listed.places.copy()
    turned["x"], turned["y"] = y, width * native_parts.UNIT - x
    turned["turn"] = (listed.places["turn"].astype(int) - 2**14) % 2**16
    there, _ = native_parts.parts_at(np.ascontiguousarray(np.rot90(luma)), turned)
    # The grid of a smaller copy begins elsewhere when the sides are odd, so some bits move.
    assert np.percentile(np.bitwise_count(there.codes ^ listed.codes).sum(axis=1), 90) <= 12

    mirrored = listed.places.copy()
    mirrored["x"] = width * native_parts.UNIT - x
    mirrored["turn"] = (2**15 - listed.places["turn"].astype(int)) % 2**16
    there, _ = native_parts.parts_at(np.ascontiguousarray(luma[:, ::-1]), mirrored)
    assert np.percentile(np.bitwise_count(there.codes ^ listed.mirrored).sum(axis=1), 90) <= 12


def test_the_code_of_a_region_is_pdq_of_its_samples():
    """A place that is upright and 32 samples wide shows the luma's own samples."""
    luma = gray("camera")
    unit = native_parts.UNIT
    place = np.array([(208 * unit, 144 * unit, 4 * unit, 0)], native_parts.PLACE)
    found, _ = native_parts.parts_at(luma, place)
    region = luma[128:160, 192:224].astype(np.float64)
    k = np.arange(32)
    basis = np.cos(math.pi / 64 * np.arange(1, 17)[:, None] * (2 * k + 1)[None])
    dct = (basis @ region @ basis.T).ravel()
    bits = dct > np.sort(dct)[127]
    expected = np.packbits(bits[::-1])
    assert np.bitwise_count(expected ^ found.codes[0]).sum() <= 1


def test_parts_lie_in_the_picture_and_no_two_are_alike():
    luma = gray("coffee")
    places = native_parts.parts(luma, 300).places
    height, width = luma.shape
    assert (places["x"] < width * native_parts.UNIT).all()
    assert (places["y"] < height * native_parts.UNIT).all()
    assert len(np.unique(places)) == len(places)


def test_more_parts_wanted_find_more_and_none_wanted_none():
    luma = gray("astronaut")
    assert len(native_parts.parts(luma, 0).codes) == 0
    counts = [len(native_parts.parts(luma, limit).codes) for limit in (1, 48, 96)]
    assert counts == [1, 48, 96]


def flat(_x, _y):
    return np.full((384, 512), 90)


PATTERNS = {
    "flat": flat,
    "dots": lambda x, y: ((x % 12 - 6) ** 2 + (y % 12 - 6) ** 2 < 12) * 255,
    "chequers": lambda x, y: (x // 8 + y // 8) % 2 * 255,
    "lines": lambda x, _: x // 4 % 2 * 255,
    "fine lines": lambda _, y: y % 2 * 255,
    "noise": lambda x, _: np.random.default_rng(1).integers(0, 256, x.shape),
    "waves": lambda x, y: 127 + 127 * np.sin(x / 4) * np.sin(y / 4),
    "thousands of rectangles": lambda x, y: (x * 7919 // 13 + y * 104729 // 11) // 9 % 2 * 255,
    "all border": lambda x, y: 255 - 255 * ((abs(x - 256) < 9) & (abs(y - 192) < 9)),
}


@pytest.mark.parametrize("kind", PATTERNS)
def test_hostile_pictures_have_a_bounded_number_of_parts(kind):
    y, x = np.mgrid[:384, :512]
    luma = np.ascontiguousarray(PATTERNS[kind](x, y).astype(np.uint8))
    assert len(native_parts.parts(luma, 450).codes) <= 450
    assert len(native_parts.parts(luma, 100_000).codes) <= 4 * 4096


@pytest.mark.parametrize("shape", [(1, 1), (3, 512), (512, 3), (5, 1000), (16, 16), (15, 40)])
def test_pictures_that_are_thin_or_tiny_have_few_parts_or_none(shape):
    luma = np.random.default_rng(2).integers(0, 256, shape, dtype=np.uint8)
    assert len(native_parts.parts(luma, 64).codes) <= 64
    assert native_parts.tiles(luma).codes.shape == (50, 32)


def test_a_luma_is_scaled_by_area_to_the_side_that_is_asked_for():
    import cv2
    from skimage import data

    photo = data.coffee()
    luma = native_parts.luma(photo, photo.shape[1], photo.shape[0])
    assert luma.shape == (341, 512)
    expected = cv2.resize(
        cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), (512, 341), interpolation=cv2.INTER_AREA
    )
    assert np.abs(luma.astype(int) - expected).max() <= 2
    assert native_parts.luma_size(4000, 20, 512) == (512, 3)
    assert native_parts.luma_size(65535, 1, 512) == (512, 1)


@pytest.mark.parametrize("reduction", [2, 4, 8])
def test_a_luma_of_a_reduced_decode_is_nearly_that_of_the_picture(reduction):
    from skimage import data

    photo = np.kron(data.camera(), np.ones((3, 3), np.uint8))[:1501, :1533]
    height, width = photo.shape
    padded = np.pad(photo, ((0, -height % reduction), (0, -width % reduction)), mode="edge")
    rows, columns = padded.shape[0] // reduction, padded.shape[1] // reduction
    cells = padded.reshape(rows, reduction, columns, reduction).mean(axis=(1, 3))
    cells = np.rint(cells).astype(np.uint8)
    one = native_parts.luma(photo, width, height, side=180)
    other = native_parts.luma(cells, width, height, reduction, side=180)
    assert np.abs(one.astype(int) - other).mean() <= 2.5
    mirrored = native_parts.luma(
        np.ascontiguousarray(cells[:, ::-1]), width, height, reduction,
        left=-width % reduction, side=180,
    )  # fmt: skip
    assert np.abs(mirrored[:, ::-1].astype(int) - other).mean() <= 1


def test_tiles_are_pdq_of_their_windows():
    luma = gray("astronaut")
    height, width = luma.shape
    windows = native_parts.tile_windows(width, height)
    assert windows.shape == (50, 4)
    assert (windows[:25, 2] == width // 2).all()
    assert_allclose(windows[25:, 2], 0.3 * width, atol=1)
    assert windows[:, :2].min() == 0
    assert (windows[:, 0] + windows[:, 2]).max() == width
    assert (windows[:, 1] + windows[:, 3]).max() == height
    found = native_parts.tiles(luma)
    for (left, top, wide, high), code in zip(windows, found.codes, strict=True):
        exact = native.pdq(luma[top : top + high, left : left + wide]).code
        assert np.bitwise_count(np.frombuffer(exact, np.uint8) ^ code).sum() <= 2


def test_a_warp_shows_what_the_matrix_says():
    luma = gray("camera")
    still, seen = native_parts.warp(luma, np.eye(3), 512, 512)
    assert_array_equal(still, luma)
    assert seen.all()
    half = np.array([[1.0, 0, 256], [0, 1, 0], [0, 0, 1]])
    moved, seen = native_parts.warp(luma, half, 512, 512)
    assert_array_equal(moved[:, :256], luma[:, 256:])
    assert seen[:, :256].all()
    assert not seen[:, 257:].any()
    quarter = np.array([[0.0, 1, 0], [-1, 0, 512], [0, 0, 1]])
    turned, _ = native_parts.warp(luma, quarter, 512, 512)
    assert_array_equal(turned, np.rot90(luma, -1))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -1e38, 0.0])
def test_a_warp_of_nonsense_shows_nothing_and_breaks_nothing(value):
    luma = gray("camera")
    frame, seen = native_parts.warp(luma, np.full((3, 3), value), 64, 64)
    assert frame.shape == seen.shape == (64, 64)
    assert not seen.any()


def beside(one, other, gap=0, across=False):
    """Two pictures in one, beside each other or below, with a white gap."""
    if across:
        return beside(one.T, other.T, gap).T.copy()
    high = min(len(one), len(other))
    return np.hstack([one[:high], np.full((high, gap), 255, np.uint8), other[:high]])


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "immunohistochemistry"])
def test_a_photograph_is_a_single_picture(name):
    assert native_parts.joint(gray(name)) == SINGLE


@pytest.mark.parametrize("gap", [0, 3, 8])
@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("name", ["astronaut", "coffee", "rocket"])
def test_two_pictures_in_one_are_no_single_picture(name, across, gap):
    made = beside(gray(name), gray("chelsea"), gap, across)
    small = native_parts.luma(made, made.shape[1], made.shape[0])
    assert native_parts.joint(made[:, :1024]) != SINGLE
    assert native_parts.joint(small) != SINGLE


@pytest.mark.parametrize("gap", [0, 3, 8])
@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("cut", [500, 300])
def test_where_two_pictures_meet_is_told(cut, across, gap):
    one = gray("coffee")[:cut, :cut]
    made = beside(one, gray("chelsea"), gap, across)
    small = native_parts.luma(made, made.shape[1], made.shape[0])
    axis = int(not across)
    share = (one.shape[axis] + gap / 2) / made.shape[axis]
    for luma in (made, small):
        told = native_parts.joint(luma)
        assert told & ~63 == JOINT | (0 if across else UPRIGHT)
        assert (told & 63) / 64 == pytest.approx(share, abs=0.03)


def test_of_more_than_two_pictures_it_is_not_told_where_they_meet():
    pair = beside(gray("chelsea"), gray("astronaut"))
    assert native_parts.joint(beside(pair, gray("rocket"))[:, :1024]) == SEVERAL
    assert native_parts.joint(beside(pair, pair[:, ::-1], across=True)) == SEVERAL


def test_a_line_that_ends_within_the_picture_joins_nothing():
    luma = gray("chelsea")
    high, wide = luma.shape
    luma[high // 2 : 3 * high // 4, wide // 4 : wide // 2] = 255
    assert native_parts.joint(luma) == SINGLE


def test_a_joint_at_the_very_edge_is_a_border_and_joins_nothing():
    luma = gray("chelsea")
    luma[:12] = 255
    assert native_parts.joint(luma) == SINGLE
    luma[: len(luma) // 5] = 255
    assert native_parts.joint(luma) != SINGLE


@pytest.mark.parametrize("shape", [(31, 400), (400, 31), (1, 1)])
def test_of_what_is_too_small_it_is_not_told_to_be_single(shape):
    assert native_parts.joint(np.zeros(shape, np.uint8)) == SEVERAL
    assert native_parts.joint(np.zeros((32, 32), np.uint8)) == SINGLE


def test_the_gaussians_are_those_of_the_formula():
    source = (ROOT / "native/core/scale_space.c").read_text()
    block = source.split("GAUSSIAN[HM_LAYERS] = {")[1].split("};")[0]
    rows = re.findall(r"\{(\d+),\s*\{([^}]*)\}\}", block)
    levels = [1.6 * 2 ** (k / 3) for k in range(6)]
    sigmas = [math.sqrt(1.6**2 - 0.5**2)]
    sigmas += [math.sqrt(b * b - a * a) for a, b in pairwise(levels)]
    assert len(rows) == 6
    for (radius, text), sigma in zip(rows, sigmas, strict=True):
        weights = [float.fromhex(w.strip().rstrip("f")) for w in text.split(",")]
        assert len(weights) == int(radius) + 1 == math.ceil(3 * sigma) + 1
        expected = np.exp(-(np.arange(len(weights)) ** 2) / 2 / sigma**2)
        expected /= expected[0] + 2 * expected[1:].sum()
        assert_allclose(weights, expected, rtol=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: native_parts.parts(np.zeros((9, 9, 3), np.uint8), 9),
        lambda: native_parts.parts(np.zeros((9, 1025), np.uint8), 9),
        lambda: native_parts.parts(np.zeros((9, 9), np.float32), 9),
        lambda: native_parts.parts(np.zeros((9, 9), np.uint8), -1),
        lambda: native_parts.parts_at(np.zeros((9, 9), np.uint8), np.zeros(3, np.uint16)),
        lambda: native_parts.luma(np.zeros((9, 9), np.uint8), 9, 10),
        lambda: native_parts.luma(np.zeros((9, 9), np.uint8), 9, 9, side=2000),
        lambda: native_parts.luma_size(0, 4),
        lambda: native_parts.tile_windows(0, 4),
        lambda: native_parts.joint(np.zeros((9, 9, 3), np.uint8)),
        lambda: native_parts.joint(np.zeros((9, 1025), np.uint8)),
        lambda: native_parts.warp(np.zeros((9, 9), np.uint8), np.eye(2), 9, 9),
        lambda: native_parts.warp(np.zeros((9, 9), np.uint8), np.eye(3), 0, 9),
    ],
)
def test_what_is_no_luma_place_or_size_is_refused(call):
    with pytest.raises(ValueError, match=r"luma|Pixels|limit|Places|decode|Luma|warp"):
        call()
