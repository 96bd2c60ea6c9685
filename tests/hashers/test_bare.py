"""Where a picture is bare."""

import numpy as np

from hashmatch.hashers.bare import bare


def test_what_is_flat_black_or_white_is_not_bare_nor_is_what_is_next_to_it():
    rng = np.random.default_rng(1)
    luma = rng.integers(30, 220, (60, 80)).astype(np.uint8)
    assert bare(luma).all()
    luma[10:20, 10:30] = 99
    luma[40, 50] = 0
    luma[40, 60] = 255
    covered = ~bare(luma)
    assert covered[10:20, 10:30].all()
    assert covered[39:42, 49:52].all()
    assert covered[39:42, 59:62].all()
    assert covered.sum() == 10 * 20 + 9 + 9


def test_shades_that_jpeg_leaves_in_one_colour_are_flat():
    luma = np.full((16, 16), 120, np.uint8)
    luma[::2] += 2
    assert not bare(luma).any()
    luma[::2] += 1
    assert bare(luma).all()


def test_the_smallest_picture():
    assert bare(np.array([[7]], np.uint8)).tolist() == [[False]]
