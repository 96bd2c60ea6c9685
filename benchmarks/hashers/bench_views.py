"""All views of an upload: beside the decode and one hash; and their search in a million codes."""

import numpy as np
import pytest
from PIL import Image

from hashmatch.bench.reposts.suite import altered, chosen, encoded
from hashmatch.hashers import hash_for_check, views_for_check
from hashmatch.hashers.pdq import Pdq
from hashmatch.indexes import RingIndex

UPLOADS = ("a photograph", "border white 10%", "feed post, light", "collage 3x3")
MEGAPIXELS = (1, 12)


def photographs():
    from skimage import data
    from sklearn.datasets import load_sample_images

    return [*load_sample_images().images, data.coffee(), data.chelsea(), data.astronaut()]


@pytest.fixture(scope="module", params=UPLOADS)
def upload(request):
    first, *strangers = (np.ascontiguousarray(photo) for photo in photographs())
    if request.param == "a photograph":
        return first
    (alteration,) = chosen([request.param])
    return altered(alteration, first, "bench", tuple(strangers), 1)


@pytest.mark.parametrize("megapixels", MEGAPIXELS)
def test_all_views_of_an_upload(benchmark, race, upload, megapixels):
    """Against the decode and one hash: the ratio is how many times as long the views take."""
    height, width = upload.shape[:2]
    scale = (megapixels * 1e6 / (width * height)) ** 0.5
    random = np.random.default_rng(1)
    size = round(width * scale), round(height * scale)
    large = np.asarray(Image.fromarray(upload).resize(size, Image.Resampling.BICUBIC))
    grain = random.normal(0, 3, large.shape[:2])[..., np.newaxis]  # that of a camera
    file = encoded(np.clip(large + grain, 0, 255).astype(np.uint8), 85)
    times = race.run(
        {"ours": lambda: hash_for_check(file), "all views": lambda: views_for_check(file)}, 15
    )
    race.keep(benchmark, times)
    benchmark.pedantic(lambda: views_for_check(file), rounds=5)


def test_search_of_all_views_in_a_million_codes(benchmark):
    """As a check does it: views that suppose one thing within the radius of a review, others not.

    A photograph has some 20 views, a screenshot up to 94, of which 54 are not turned as well.
    """
    random = np.random.default_rng(1)
    index = RingIndex.build(random.integers(0, 256, (1_000_000, 32), np.uint8))
    likely, others = np.split(random.integers(0, 256, (94, 32), np.uint8), [54])

    def search():
        index.search(likely, Pdq.review_threshold)
        index.search(others, Pdq.block_threshold)

    search()
    benchmark.pedantic(search, rounds=30)
