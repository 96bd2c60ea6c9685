"""How much a picture looks like a page."""

import numpy as np
import pytest

from hashmatch.hashers.paper import paper


def everything(luma):
    return paper(luma, np.ones(luma.shape, np.bool_))


def page(ground, ink, share):
    """A ground, and what is on it, here and there."""
    luma = np.full((240, 320), ground, np.uint8)
    luma[np.random.default_rng(3).random(luma.shape) < share] = ink
    return luma


@pytest.mark.parametrize(("ground", "ink"), [(255, 0), (20, 240), (127, 128), (99, 140)])
def test_a_page_is_of_two_shades(ground, ink):
    assert everything(page(ground, ink, 0.3)) == 1.0


def test_what_is_of_neither_shade_counts_against_it():
    luma = page(255, 0, 0.4)
    luma[np.random.default_rng(4).random(luma.shape) < 0.25] = 90
    assert everything(luma) == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_ground_may_be_graded_along_one_side(axis):
    graded = np.linspace(0, 255, 256).astype(np.uint8)
    luma = np.repeat(graded[:, None], 256, axis=1)
    assert everything(luma if axis == 0 else luma.T.copy()) == 1.0
    both = (luma.astype(int) + luma.T) // 2
    assert everything(both.astype(np.uint8)) < 0.2


def test_noise_looks_like_no_page():
    luma = np.random.default_rng(5).integers(0, 256, (240, 320)).astype(np.uint8)
    assert everything(luma) < 0.25


def test_only_what_is_seen_counts():
    luma = np.random.default_rng(5).integers(0, 256, (240, 320)).astype(np.uint8)
    luma[:, 160:] = 255
    seen = np.zeros(luma.shape, np.bool_)
    seen[:, 160:] = True
    assert paper(luma, seen) == 1.0
    assert paper(luma, ~seen) < 0.25
    assert paper(luma, np.zeros(luma.shape, np.bool_)) == 0.0


def test_the_smallest_picture():
    assert everything(np.array([[7]], np.uint8)) == 1.0


def test_photographs_look_less_like_pages_than_pages_do():
    from skimage import data

    photographs = [data.astronaut()[..., 1], data.coffee()[..., 1], data.chelsea()[..., 1]]
    assert max(map(everything, photographs)) < 0.6
    assert everything(data.page()) > 0.3  # photographed, in uneven light
    assert everything((data.page() > 100).astype(np.uint8) * 255) == 1.0
