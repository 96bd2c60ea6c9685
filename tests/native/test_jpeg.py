"""The DC-only JPEG decoder: libjpeg's samples where it decodes, and never more than a refusal."""

import io

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from PIL import Image
from skimage import data

from hashmatch import native

PHOTO = Image.fromarray(data.astronaut())


def encoded(picture, **options):
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()


def libjpeg(file, width, height):
    """The gray decode at 1/8 as libjpeg-turbo gives it."""
    size = (-(-width // 8), -(-height // 8))
    return np.asarray(Image.frombytes("L", size, file, "jpeg", "L", "", 8, 0))


def assert_equal_to_libjpeg(picture, **options):
    file = encoded(picture, **options)
    found = native.jpeg_eighth(file, *picture.size)
    assert found is not None
    assert_array_equal(found, libjpeg(file, *picture.size))


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("quality", [1, 30, 75, 95, 100])
def test_samples_equal_those_of_libjpeg(subsampling, quality):
    assert_equal_to_libjpeg(PHOTO, subsampling=subsampling, quality=quality)


@pytest.mark.parametrize(
    "size", [(8, 8), (1, 1), (7, 9), (16, 17), (33, 500), (511, 257), (512, 3)]
)
def test_every_size_has_the_cells_it_should(size):
    for subsampling in ("4:4:4", "4:2:0"):
        assert_equal_to_libjpeg(PHOTO.resize(size), subsampling=subsampling)


@pytest.mark.parametrize(
    "options", [{"optimize": True}, {"restart_marker_blocks": 3}, {"restart_marker_rows": 1}]
)
def test_tables_and_restarts(options):
    assert_equal_to_libjpeg(PHOTO, **options)


def test_gray_pictures():
    assert_equal_to_libjpeg(PHOTO.convert("L"))
    assert_equal_to_libjpeg(PHOTO.convert("L").resize((123, 45)), restart_marker_blocks=2)


def test_noise_which_has_the_longest_codes():
    noise = np.random.default_rng(1).integers(0, 256, (300, 301, 3), np.uint8)
    assert_equal_to_libjpeg(Image.fromarray(noise), quality=100, subsampling="4:4:4")


@pytest.mark.parametrize("mode", ["CMYK", "progressive", "RGB kept"])
def test_what_another_decoder_knows_is_left_to_it(mode):
    if mode == "CMYK":
        file = encoded(PHOTO.convert("CMYK"))
    elif mode == "progressive":
        file = encoded(PHOTO, progressive=True)
    else:
        file = encoded(PHOTO, keep_rgb=True)
    assert native.jpeg_eighth(file, *PHOTO.size) is None


@pytest.mark.parametrize("size", [(511, 512), (512, 511), (512, 513)])
def test_another_size_than_the_files_is_refused(size):
    assert native.jpeg_eighth(encoded(PHOTO), *size) is None


@pytest.mark.parametrize("options", [{}, {"restart_marker_rows": 1}])
def test_a_file_that_ends_early_is_refused(options):
    small = PHOTO.resize((96, 80))
    file = encoded(small, **options)
    whole = native.jpeg_eighth(file, 96, 80)
    for length in range(len(file) - 2):
        assert native.jpeg_eighth(file[:length], 96, 80) is None, length
    # Without the end marker nothing is missing.
    assert_array_equal(native.jpeg_eighth(file[:-2], 96, 80), whole)


SMALL = PHOTO.resize((64, 48))
FILES = [encoded(SMALL), encoded(SMALL, restart_marker_blocks=2, subsampling="4:4:4")]


@settings(max_examples=400)
@given(
    file=st.sampled_from(FILES),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=6),
)
@example(file=FILES[0], flips=[(0.99, 255)])
def test_damaged_files_end_in_a_picture_or_a_refusal(file, flips):
    damaged = bytearray(file)
    for place, mask in flips:
        damaged[min(int(place * len(file)), len(file) - 1)] ^= mask
    found = native.jpeg_eighth(bytes(damaged), 64, 48)
    assert found is None or found.shape == (6, 8)


@given(st.binary(max_size=300))
def test_garbage_is_refused(garbage):
    assert native.jpeg_eighth(garbage, 64, 48) is None
    assert native.jpeg_eighth(b"\xff\xd8" + garbage, 64, 48) is None
