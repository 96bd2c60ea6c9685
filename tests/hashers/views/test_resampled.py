import statistics

import numpy as np
from hashers.pictures import encode
from PIL import Image

from hashmatch import hash_image
from hashmatch.hashers import Reduced, decode, views_for_check
from hashmatch.hashers.views.resampled import resampled


def squashed(pixels, kind):
    height, width = pixels.shape[:2]
    places = np.arange(512)
    if kind == "nearest-512":
        return pixels[(places * height // 512)[:, None], places * width // 512]
    return np.array(Image.fromarray(pixels).resize((512, 512), Image.Resampling.BOX))


def test_the_nearest_samples_of_a_full_decode_are_those_of_the_other_tools(photographs):
    photo = np.array(Image.fromarray(photographs["astronaut"]).resize((700, 900)).convert("L"))
    view = next(view for view in resampled(Reduced(photo, 700, 900)) if view.name == "nearest-512")
    assert view.hash - hash_image(squashed(photo, "nearest-512")) == 0


def test_views_of_a_reduced_decode_are_nearer_to_other_conventions_than_full_size(photographs):
    whole, views = [], []
    for title in ("astronaut", "coffee", "rocket", "china", "retina"):
        photo = photographs[title]
        large = np.array(Image.fromarray(photo).resize((photo.shape[1] * 2 + 7, 1501)))
        file = encode(large, "JPEG", quality=85)
        found = {view.name: view.hash for view in views_for_check(file)}
        for kind in ("nearest-512", "area-512"):
            wanted = hash_image(np.ascontiguousarray(squashed(decode(file), kind)))
            views.append(found[kind] - wanted)
            whole.append(found["original"] - wanted)
    assert statistics.fmean(views) <= 4
    assert max(views) <= 10
    assert statistics.fmean(views) < statistics.fmean(whole)


def test_a_picture_that_no_tool_would_squash_has_no_such_views():
    assert resampled(Reduced(np.zeros((512, 500), np.uint8), 500, 512)) == ()
