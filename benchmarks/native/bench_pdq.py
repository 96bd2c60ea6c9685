"""Exact PDQ of decoded pictures against `pdqhash`, the binding of the reference."""

import statistics
import time

import cv2
import numpy as np
import pdqhash
import pytest
from skimage import data
from sklearn.datasets import load_sample_images

from hashmatch import native

MEGAPIXELS = {"1 MP": (1155, 866), "12 MP": (4000, 3000)}


def photographs(size):
    """Photographs brought to one size, with the grain that a camera of it would add."""
    rng = np.random.default_rng(5)
    sources = [data.astronaut(), data.coffee(), data.chelsea(), data.rocket()]
    sources += [np.asarray(image) for image in load_sample_images().images]
    for source in sources:
        large = cv2.resize(source, size, interpolation=cv2.INTER_CUBIC)
        yield cv2.add(large, rng.integers(0, 9, large.shape, dtype=np.uint8))


def same(pixels, three):
    bits, quality = pdqhash.compute(three)
    found = native.pdq(pixels)
    return found.code == np.packbits(bits.astype(np.uint8)).tobytes() and found.quality == quality


def alternate(pairs, rounds=3):
    """Times of both on every picture, turn by turn; the mean holds what the reference form costs.

    Each finds the picture in the cache, where decoding has just put it.
    """
    times = {"ours": [], "pdqhash.compute": []}
    for _ in range(rounds):
        for pixels, three in pairs:
            for name, hash_, picture in (
                ("ours", native.pdq, pixels),
                ("pdqhash.compute", pdqhash.compute, three),
            ):
                picture.max()
                begin = time.perf_counter()
                hash_(picture)
                times[name].append(time.perf_counter() - begin)
    return times


@pytest.mark.parametrize("channels", ["RGB", "gray"])
@pytest.mark.parametrize("size", MEGAPIXELS)
def test_exact_pdq(benchmark, race, size, channels):
    """`pdqhash` takes three channels only: it is given a gray picture three times over."""
    photos = list(photographs(MEGAPIXELS[size]))
    pairs = [(photo, photo) for photo in photos]
    if channels == "gray":
        photos = [cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY) for photo in photos]
        pairs = [(photo, np.repeat(photo[:, :, None], 3, axis=2)) for photo in photos]
    assert all(same(*pair) for pair in pairs)
    benchmark.extra_info["reference form runs"] = statistics.fmean(
        native.pdq(photo).form == native.Form.REFERENCE for photo in photos
    )
    race.keep(benchmark, alternate(pairs))
    benchmark.pedantic(lambda: [native.pdq(photo) for photo in photos], rounds=3)


@pytest.mark.parametrize("form", [native.Form.ONE_PASS, native.Form.REFERENCE])
def test_forms_of_12_megapixels(benchmark, race, form):
    photo = next(photographs(MEGAPIXELS["12 MP"]))
    ours = lambda: native.pdq(photo, form)  # noqa: E731 (a competitor)
    race.compare(benchmark, ours, {"pdqhash.compute": lambda: pdqhash.compute(photo)}, rounds=5)
