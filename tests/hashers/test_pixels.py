import numpy as np
import pytest
from hashers.pictures import noise
from numpy.testing import assert_array_equal
from PIL import Image

from hashmatch.errors import UnsupportedPictureError
from hashmatch.hashers import pixels

ALPHA, SAMPLE = np.meshgrid(np.arange(256), np.arange(256))
WANTED = 255 - (ALPHA * (255 - SAMPLE) + 127) // 255


def test_the_formula_of_white_is_the_rounded_mean():
    exact = (SAMPLE * ALPHA + 255 * (255 - ALPHA)) / 255
    assert abs(WANTED - exact).max() < 0.5


def test_every_sample_and_opacity_on_white():
    found = pixels.on_white(SAMPLE.astype(np.uint8), ALPHA.astype(np.uint8))
    assert found.dtype == np.uint8
    assert_array_equal(found, WANTED)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_the_fast_way_rounds_as_the_formula_says(mode):
    colours = len(mode) - 1
    image = np.dstack([SAMPLE] * colours + [ALPHA]).astype(np.uint8)
    found = np.asarray(pixels.flatten(Image.fromarray(image, mode)))
    assert_array_equal(found.reshape(256, 256, colours)[..., 0], WANTED)


def test_sixteen_bits_are_cut_by_the_high_byte():
    every = np.arange(1 << 16, dtype=np.uint16).reshape(256, 256)
    found = pixels.flatten(Image.fromarray(every))
    assert_array_equal(np.asarray(found), every >> 8)


def test_samples_that_are_no_intensities_are_refused():
    with pytest.raises(UnsupportedPictureError, match="save it with 8 or 16 bits"):
        pixels.flatten(Image.new("F", (20, 20)))


TURNS = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.swapaxes(0, 1),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: np.rot90(p, 2).swapaxes(0, 1),
    8: np.rot90,
}


@pytest.mark.parametrize("orientation", TURNS)
def test_turning_upright(orientation):
    stored = noise(20, 31)
    found = pixels.turned(Image.fromarray(stored), orientation)
    assert_array_equal(np.asarray(found), TURNS[orientation](stored))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("shape", [(16, 16), (700, 401), (3, 200_000)])
def test_an_image_is_copied_whole_in_strips(shape, channels):
    random = np.random.default_rng(1)
    wanted = random.integers(0, 256, (*shape, channels), dtype=np.uint8)
    wanted = wanted[..., 0] if channels == 1 else wanted
    found = pixels.to_array(Image.fromarray(wanted))
    assert found.flags.c_contiguous
    assert found.flags.writeable
    assert_array_equal(found, wanted)
