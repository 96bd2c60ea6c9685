"""Parts and tiles as the library makes them."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from hashmatch import native_parts
from hashmatch.errors import UnsupportedPictureError
from hashmatch.hashers.decoding import Reduced, decode_reduced
from hashmatch.hashers.parts import (
    CHECKED,
    COARSE,
    FINEST,
    LISTED,
    Parts,
    coarse_codes,
    luma_of,
    mirrored,
    parts_of,
    shares_of_regions,
)
from hashmatch.hashers.tiles import shares_of_tiles, tiles_of
from hashmatch.native_parts import PLACE, UNIT


def test_what_is_listed_is_made_of_512_samples(photographs):
    for photo in photographs.values():
        assert max(luma_of(photo).shape) == 512


def test_an_upload_is_seen_as_finely_as_it_is(photographs):
    photo = photographs["retina"]
    assert max(luma_of(photo, FINEST).shape) == FINEST
    small = np.ascontiguousarray(photo[:300, :400])
    assert luma_of(small, FINEST).shape == (384, 512)
    middle = np.ascontiguousarray(photo[:300, :600])
    assert luma_of(middle, FINEST).shape == (300, 600)


def test_a_picture_and_its_reduced_decode_have_nearly_the_same_parts(photographs):
    from io import BytesIO

    from PIL import Image

    photo = np.kron(photographs["china"], np.ones((3, 3, 1), np.uint8))
    file = BytesIO()
    Image.fromarray(photo).save(file, "JPEG", quality=90)
    reduced = decode_reduced(file.getvalue())
    assert isinstance(reduced, Reduced)
    assert reduced.reduction > 1
    listed, found = parts_of(luma_of(photo)), parts_of(luma_of(reduced), CHECKED)
    apart = np.bitwise_count(found.codes[:, None] ^ listed.codes[None]).sum(axis=-1).min(axis=0)
    assert (apart <= 31).mean() >= 0.7


def test_parts_know_their_luma_and_are_as_many_as_wanted(photographs):
    luma = luma_of(photographs["astronaut"])
    parts = parts_of(luma)
    assert isinstance(parts, Parts)
    assert len(parts) == LISTED
    assert (parts.height, parts.width) == luma.shape
    assert len(parts_of(luma, 5)) == 5


def test_a_picture_costs_less_than_its_share(photographs):
    """At most 5 KB a picture, of which at most 3 KB are searched."""
    luma = luma_of(photographs["coffee"])
    parts, tiles = parts_of(luma), tiles_of(luma)
    assert parts.codes.nbytes <= 3000
    stored = parts.codes.nbytes + parts.places.nbytes + tiles.codes.nbytes + tiles.quality.nbytes
    assert stored <= 5000


def test_mirroring_twice_gives_the_parts_back(photographs):
    parts = parts_of(luma_of(photographs["rocket"]))
    again = mirrored(mirrored(parts))
    assert_array_equal(again.places, parts.places)
    assert_array_equal(again.codes, parts.codes)
    assert_array_equal(mirrored(parts).codes, parts.mirrored)


def test_tiles_are_seen_where_all_of_them_is():
    seen = np.zeros((384, 512), np.bool_)
    assert not (shares_of_tiles(seen) >= 0.985).any()
    seen[:] = True
    assert (shares_of_tiles(seen) >= 0.985).all()
    seen[:, :100] = False
    left = native_parts.tile_windows(512, 384)[:, 0]
    assert_array_equal((shares_of_tiles(seen) >= 0.985), left >= 100)


@pytest.mark.parametrize("shape", [(1, 1), (3, 512), (512, 2), (40, 50)])
def test_frames_that_are_tiny_or_thin_have_tiles_or_none(shape):
    visible = shares_of_tiles(np.ones(shape, np.bool_)) >= 0.985
    assert visible.shape == (50,)
    luma = np.zeros(shape, np.uint8)
    assert tiles_of(luma).quality.max() == 0


def test_what_is_no_picture_has_no_luma():
    with pytest.raises(UnsupportedPictureError):
        luma_of(np.zeros((9, 9, 4), np.uint8))


def test_a_share_of_a_region_is_one_of_its_square():
    places = np.zeros(4, PLACE)
    places["x"], places["y"] = np.array([100, 150, 128, 10]) * UNIT, 64 * UNIT
    places["size"] = 4 * UNIT  # a region of 32 samples
    places["turn"][2] = 2**14
    seen = np.zeros((128, 256), np.bool_)
    seen[:, :128] = True
    assert shares_of_regions(places, seen).tolist() == [1, 0, 0.5, 1]
    assert shares_of_regions(places[:0], seen).shape == (0,)


def test_a_region_that_lies_aslant_reaches_further():
    places = np.zeros(2, PLACE)
    places["x"], places["y"], places["size"] = 110 * UNIT, 64 * UNIT, 4 * UNIT
    places["turn"][1] = 2**13
    seen = np.zeros((128, 256), np.bool_)
    seen[:, :128] = True
    straight, aslant = shares_of_regions(places, seen)
    assert straight == 1
    assert 0.9 < aslant < 1


def test_coarse_parts_are_few_and_near_to_the_listed_ones(photographs):
    for name in ("coffee", "astronaut", "china"):
        photo = photographs[name]
        codes = coarse_codes(luma_of(photo, FINEST))
        assert 40 <= len(codes) <= 2 * COARSE
        listed = parts_of(luma_of(photo), LISTED).codes
        apart = np.bitwise_count(codes[:, None] ^ listed[None]).sum(axis=2)
        assert (apart[: len(codes) // 2].min(axis=0) <= 39).sum() >= 3
        other = coarse_codes(luma_of(np.ascontiguousarray(photo[:, ::-1]), FINEST))
        apart = np.bitwise_count(other[len(other) // 2 :, None] ^ listed[None]).sum(axis=2)
        assert (apart.min(axis=0) <= 39).sum() >= 3


def test_hardly_any_picture_has_no_coarse_parts():
    assert coarse_codes(np.zeros((3, 512), np.uint8)).shape == (0, 32)
