from itertools import pairwise

import numpy as np
import pytest

from hashmatch import hash_image
from hashmatch.bench import photographs as carried
from hashmatch.bench.reposts.pictures import Picture
from hashmatch.bench.reposts.scenes import KINDS, scenes
from hashmatch.hashers import decode


@pytest.fixture(scope="module")
def shots(photographs):
    pictures = [Picture(name, photographs[name]) for name in ("coffee", "china")]
    return list(scenes(pictures, carried.paths(None), seed=1))


def test_each_photograph_gives_each_kind_and_a_stereo_pair_itself(shots):
    assert [shot.kind for shot in shots] == [*KINDS[:-1], *KINDS[:-1], KINDS[-1]]


def test_the_two_shots_are_of_one_size_and_not_one_picture(shots):
    for shot in shots:
        other = decode(shot.upload)
        assert other.shape == shot.listed.shape, shot.kind
        assert np.abs(other.astype(int) - shot.listed).mean() > 5, shot.kind


def test_the_more_a_camera_moves_the_farther_the_hashes_are(shots):
    apart = [
        hash_image(shot.listed) - hash_image(decode(shot.upload))
        for shot in shots
        if "frames" in shot.kind
    ]
    assert all(near < far for one in (apart[:3], apart[3:]) for near, far in pairwise(one))


def test_views_share_what_they_say(shots):
    shot = next(shot for shot in shots if shot.kind == "scene: views that share 60%")
    shared = round(0.6 * shot.listed.shape[1])
    left, right = shot.listed[:, -shared:].astype(int), decode(shot.upload)[:, :shared]
    assert np.abs(left - right).mean() < 6
