"""Where a picture is bare."""

import numpy as np
import pytest

from hashmatch.hashers.bare import bare


def test_what_is_flat_black_or_white_is_not_bare_nor_is_what_is_next_to_it():
    rng = np.random.default_rng(1)
    luma = rng.integers(60, 190, (60, 80)).astype(np.uint8)
    assert bare(luma).all()
    luma[10:20, 10:30] = 99
    luma[40, 50] = 0
    luma[40, 60] = 255
    covered = ~bare(luma)
    assert covered[10:20, 10:30].all()
    assert covered[37:44, 47:54].all()
    assert covered[37:44, 57:64].all()
    assert covered.sum() == 10 * 20 + 49 + 49


def test_shades_that_jpeg_leaves_in_one_colour_are_flat():
    luma = np.full((16, 16), 120, np.uint8)
    luma[::2] += 2
    assert not bare(luma).any()
    luma[::2] += 1
    assert bare(luma).all()


def test_the_smallest_picture():
    assert bare(np.array([[7]], np.uint8)).tolist() == [[False]]


@pytest.mark.parametrize(("shade", "wide", "is_bare"), [
    (240, 14, False), (240, 15, True), (200, 4, False), (199, 4, True),
    (10, 14, False), (10, 15, True), (50, 4, False), (51, 4, True),
])  # fmt: skip
def test_strokes_are_thin_and_much_lighter_or_darker_than_what_is_around(shade, wide, is_bare):
    checks = np.indices((64, 64)).sum(axis=0) % 2 * 3  # nothing is flat
    luma = (128 + checks).astype(np.uint8)
    stroke = slice(20, 20 + wide)
    luma[:, stroke] = (shade - checks if shade > 128 else shade + checks)[:, stroke]
    covered = ~bare(luma)
    assert covered.any() == (not is_bare)
    assert covered[:, 17 : 23 + wide].all() == (not is_bare)
    assert not covered[:, :17].any()
    assert not covered[:, 23 + wide :].any()


def test_a_plain_reference():
    rng = np.random.default_rng(3)
    for shape in ((1, 9), (9, 1), (5, 7), (24, 31), (40, 20)):
        coarse = rng.integers(0, 256, (shape[0] // 4 + 1, shape[1] // 4 + 1))
        luma = np.kron(coarse, np.ones((4, 4)))[: shape[0], : shape[1]].astype(np.uint8)
        noisy = np.clip(luma + rng.integers(-4, 5, shape), 0, 255).astype(np.uint8)
        np.testing.assert_array_equal(bare(noisy), plainly(noisy.astype(int)))


def plainly(luma):
    def over(samples, side, of):
        half, (height, width) = side // 2, samples.shape
        return np.array(
            [
                [
                    of(samples[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1])
                    for x in range(width)
                ]
                for y in range(height)
            ]
        )

    flat = (over(luma, 3, np.max) - over(luma, 3, np.min) <= 2) | (luma >= 250) | (luma <= 5)
    light = (luma - over(over(luma, 15, np.min), 15, np.max) >= 70) & (luma >= 200)
    dark = (over(over(luma, 15, np.max), 15, np.min) - luma >= 70) & (luma <= 50)
    return ~(over(flat, 3, np.max) | over(light | dark, 7, np.max))
