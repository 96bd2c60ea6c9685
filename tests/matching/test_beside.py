"""One picture of a listed collage is others' too: pure policy, without pictures."""

from dataclasses import replace

import pytest
from placed import WHOLE, action, near_by, there

from hashmatch.matching.in_place import InPlace
from hashmatch.matching.there import Bounds
from hashmatch.types import ORIGINAL


@pytest.mark.parametrize(
    ("changed", "several", "single"),
    [
        ({"visible": 0.35, "whole_distance": None}, "review", "block"),
        ({"visible": 0.34, "whole_distance": None}, "review", "review"),
        ({"visible": 0.36, "whole_distance": None, "fills": 0.1}, "pass", "block"),
        ({"same_in": (0.0, 0.0, 0.5, 1.0), "fills": 0.75, "whole_distance": 60}, "pass", "block"),
        ({"foreign": 0.2, "bare_same": 9.9}, "review", "block"),
        ({"foreign": 0.21, "bare_same": 9.9}, "review", "review"),
        ({"foreign": 0.21, "bare_same": 10.0}, "review", "block"),  # much of it, and no other's
        ({"foreign": 0.21, "bare_same": 10.0, "bare_other": 1.2}, "review", "block"),
        ({"foreign": 0.21, "bare_same": 10.0, "bare_other": 1.21}, "pass", "review"),
        ({"foreign": 0.21, "bare_same": 10.0, "hole": 1.3}, "pass", "review"),
        ({"bare_other": 9.0}, "pass", "block"),
        ({"bare_other": 9.1, "tile_distance": 32, "tiles": 15}, "pass", "review"),
        ({"worst": 91, "hole": 1.1, "bare_same": 9.9}, "review", "block"),
        ({"worst": 91, "hole": 1.2, "bare_same": 9.9}, "review", "review"),
        ({"worst": 91, "hole": 1.6, "bare_other": 2.5}, "pass", "block"),  # more of it is there
        ({"worst": 91, "hole": 1.7, "bare_other": 2.5}, "pass", "review"),
        ({"lost": 2.0, "lost_bits": 128, "whole_distance": None}, "pass", "block"),
        ({"lost": 3.0, "lost_bits": 128, "whole_distance": None, "tile_distance": 90, "tiles": 15,
          "bare_same": 9.9}, "pass", "review"),
        ({"lost": 3.0, "lost_bits": 128, "whole_distance": None, "tile_distance": 91, "tiles": 15},
         "pass", "pass"),
    ],
)  # fmt: skip
def test_what_surely_is_one_picture_has_no_other_in_its_place(changed, several, single):
    placed = replace(WHOLE, **{"tiles": 14, "other": 0.8, **changed})
    assert action(placed) == several
    assert action(replace(placed, single=True)) == single


@pytest.mark.parametrize(
    ("changed", "single"),
    [
        ({}, "block"),
        ({"foreign": 0.45}, "block"),
        ({"foreign": 0.46}, "review"),
        ({"tile_distance": 32}, "review"),
        ({"tiles": 14}, "review"),
        ({"bare_same": 2.0}, "block"),
        ({"bare_same": 1.9}, "pass"),
        ({"bareness": 0.28}, "pass"),  # a page
        ({"visible": 0.75}, "block"),
        ({"visible": 0.74}, "review"),
        ({"other": 1.0}, "block"),
    ],
)
def test_half_of_its_tiles_tell_what_surely_is_one_picture(changed, single):
    lettered = replace(
        WHOLE, whole_distance=60, tile_distance=31, tiles=15, foreign=0.35, bare_same=4.0,
        bare_other=1.6, hole=1.4, lost=9.0, lost_bits=117, other=0.7,
    )  # fmt: skip
    assert action(replace(lettered, **changed, single=True)) == single
    assert action(replace(lettered, **changed)) != "block"


@pytest.mark.parametrize(
    ("changed", "several"),
    [
        ({}, "pass"),
        ({"foreign": 0.07}, "block"),
        ({"lost": 0.4}, "block"),
        ({"lost_bits": 117}, "block"),
        ({"whole_distance": 31}, "block"),  # of a near whole all places are near
        ({"single": True}, "block"),
    ],
)
def test_another_picture_may_be_smooth_so_that_little_tells_of_it(changed, several):
    smooth = replace(
        WHOLE, whole_distance=46, tile_distance=30, foreign=0.08, lost=0.5, lost_bits=118
    )
    assert action(replace(smooth, **changed)) == several


PIECE = replace(WHOLE, whole_distance=None, visible=0.76, fills=0.4, coverage=0.5, worst=9)
LEFT, LARGE = (0.0, 0.0, 0.5, 1.0), (0.1, 0.1, 0.9, 0.9)
SMOOTHLY = {"foreign": 0.12, "tile_distance": 70, "lost": 2.0, "lost_bits": 107}
BELOW, MOST = (0.0, 0.28, 1.0, 1.0), (0.0, 0.27, 1.0, 1.0)
QUARTER = (0.45, 0.45, 1.0, 1.0)
THIRD, NEXT = (0.3, 0.0, 0.6, 1.0), (0.0, 0.62, 1.0, 1.0)


@pytest.mark.parametrize(
    ("same_in", "changed", "expected"),
    [
        (LARGE, {}, "block"),
        (None, {}, "pass"),
        ((0.2, 0.2, 0.75, 0.74), {}, "pass"),  # too little to tell
        ((0.2, 0.2, 0.76, 0.76), {}, "block"),
        ((0.15, 0.0, 0.53, 0.9), {}, "pass"),  # within the left half
        ((0.15, 0.0, 0.54, 0.9), {}, "block"),
        ((0.47, 0.15, 0.9, 0.9), {}, "pass"),
        ((0.1, 0.15, 0.9, 0.53), {}, "pass"),
        ((0.1, 0.47, 0.9, 0.9), {}, "pass"),
        ((0.27, 0.03, 0.77, 0.97), {}, "pass"),  # the middle of three
        ((0.04, 0.3, 0.96, 0.8), {}, "pass"),
        ((0.24, 0.03, 0.76, 0.97), {}, "block"),
        ((0.27, 0.07, 0.77, 0.97), {}, "block"),
        ((0.05, 0.05, 0.75, 0.83), {}, "pass"),  # in a corner
        ((0.05, 0.05, 0.76, 0.84), {}, "block"),
        ((0.07, 0.05, 0.75, 0.83), {}, "block"),  # at the upper edge only
        ((0.1, 0.25, 0.9, 1.0), {}, "pass"),  # along a whole side
        ((0.11, 0.25, 0.9, 0.94), {}, "block"),
        ((0.03, 0.26, 0.97, 1.0), {}, "pass"),
        ((0.04, 0.26, 0.96, 1.0), {}, "block"),
        ((0.0, 0.27, 1.0, 1.0), {}, "block"),
        (LEFT, {"whole_distance": 31, "visible": 1.0}, "block"),  # the rest is too smooth for parts
        (LEFT, {"fills": 0.76}, "block"),  # a crop
        (LEFT, {"fills": 0.75}, "pass"),  # one half of two
        ((0.0, 0.0, 0.56, 1.0), {"fills": 0.75}, "block"),
        ((0.07, 0.0, 0.55, 1.0), {"fills": 0.75}, "block"),
        (LEFT, {"fills": 0.76, "visible": 0.75, "foreign": 0.25, "tile_distance": 80}, "pass"),
        (LEFT, {"fills": 0.76, "visible": 0.75, "foreign": 0.24, "tile_distance": 80}, "review"),
        (LEFT, {"fills": 0.76, "visible": 0.95, "foreign": 0.25, "tile_distance": 80}, "pass"),
        (LEFT, {"fills": 0.76, "visible": 0.96, "foreign": 0.25, "tile_distance": 80}, "review"),
        (
            THIRD,
            {"fills": 0.9},
            "pass",
        ),  # the middle of three, and what seems as smooth as the next
        (
            THIRD,
            {"fills": 0.91, "visible": 0.42},
            "review",
        ),  # a crop, of which nothing else is seen
        (THIRD, {"fills": 0.9, "visible": 0.42}, "pass"),
        (THIRD, {"fills": 0.9, "visible": 0.97, "whole_distance": 60}, "block"),  # the whole
        ((0.3, 0.07, 0.6, 1.0), {"fills": 0.9}, "block"),
        (QUARTER, {"fills": 0.9, "visible": 0.75}, "pass"),  # one of four, beside another picture
        (QUARTER, {"fills": 0.91, "visible": 0.4}, "review"),
        (QUARTER, {"fills": 0.9, "visible": 0.4}, "pass"),
        (QUARTER, {"fills": 0.9, "visible": 0.76}, "block"),
        ((0.42, 0.37, 1.0, 1.0), {"fills": 0.9}, "block"),
        ((0.45, 0.35, 0.93, 1.0), {"fills": 0.9}, "block"),
        (NEXT, {"fills": 0.9, "visible": 0.98, "foreign": 0.25, "tile_distance": 70}, "pass"),
        (NEXT, {"fills": 0.9, "visible": 0.98, "foreign": 0.24, "tile_distance": 70}, "review"),
        (BELOW, {"fills": 0.9, "visible": 0.98, "foreign": 0.3, "tile_distance": 70}, "pass"),
        (BELOW, {"fills": 0.9, "visible": 0.98, "foreign": 0.29, "tile_distance": 70}, "review"),
        (MOST, {"fills": 0.9, "visible": 0.98, "foreign": 0.3, "tile_distance": 70}, "review"),
        (BELOW, {"fills": 0.9, "visible": 0.98, **SMOOTHLY}, "pass"),
        (BELOW, {"fills": 0.9, "visible": 0.98, **SMOOTHLY, "foreign": 0.11}, "review"),
        (BELOW, {"fills": 0.9, "visible": 0.98, **SMOOTHLY, "lost": 1.9}, "review"),
        (BELOW, {"fills": 0.9, "visible": 0.98, **SMOOTHLY, "lost_bits": 106}, "review"),
        (MOST, {"fills": 0.9, "visible": 0.98, **SMOOTHLY}, "review"),
        (BELOW, {"fills": 0.76, "visible": 0.85, "lost": 2.0, "lost_bits": 88}, "pass"),  # cut, too
        (BELOW, {"fills": 0.76, "visible": 0.85, "lost": 1.9, "lost_bits": 88}, "block"),
        (BELOW, {"fills": 0.76, "visible": 0.84, "lost": 2.0, "lost_bits": 88}, "block"),
        (BELOW, {"fills": 0.76, "visible": 0.97, "lost": 2.0, "lost_bits": 88}, "block"),
        (BELOW, {"fills": 0.9, "visible": 1.0, "whole_distance": 31, "foreign": 0.3}, "review"),
        (LARGE, {"fills": 0.68, "lost": 2.0, "lost_bits": 116}, "pass"),
        (LARGE, {"fills": 0.68, "lost": 2.0, "lost_bits": 115}, "block"),
        (LARGE, {"fills": 0.68, "lost": 1.9, "lost_bits": 128}, "block"),
        (LARGE, {"fills": 0.67, "lost": 9.0, "lost_bits": 128}, "block"),  # others are around
        (LARGE, {"fills": 0.68, "bare_same": 4.9, "lost": 1.0, "lost_bits": 116}, "pass"),  # a page
        (LARGE, {"fills": 0.67, "bare_same": 4.9, "lost": 1.0, "lost_bits": 116}, "block"),
        (LARGE, {"fills": 0.68, "bare_same": 5.0, "lost": 1.0, "lost_bits": 116}, "block"),
    ],
)
def test_one_picture_of_a_listed_collage_among_others_is_somebody_elses(same_in, changed, expected):
    assert action(replace(PIECE, same_in=same_in, **changed)) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "block"),
        ({"tiles": 15, "foreign": 0.08}, "block"),
        ({"tiles": 14}, "pass"),
        ({"foreign": 0.1}, "block"),
        ({"foreign": 0.11}, "pass"),
        ({"visible": 0.85}, "block"),
        ({"visible": 0.84}, "pass"),
        ({"other": 0.15}, "block"),
        ({"other": 0.16}, "pass"),
        ({"hole": 1.2}, "pass"),
        ({"visible": 0.8, "tiles": 12, "other": 0.05}, "block"),
        ({"visible": 0.79, "tiles": 12, "other": 0.05}, "pass"),
        ({"visible": 0.8, "tiles": 11, "other": 0.05}, "pass"),
        ({"visible": 0.8, "tiles": 12, "other": 0.05, "lost": 0.5, "lost_bits": 124}, "block"),
        ({"visible": 0.8, "tiles": 12, "other": 0.05, "lost": 0.6, "lost_bits": 124}, "pass"),
        ({"visible": 0.8, "tiles": 12, "other": 0.05, "hole": 1.2}, "pass"),
        ({"other": None}, "pass"),
    ],
)
def test_a_picture_that_is_smooth_but_in_one_corner_is_told_by_its_tiles(changed, expected):
    smooth = replace(WHOLE, whole_distance=48, fills=0.4, same_in=(0.5, 0.5, 1.0, 0.9), other=0.06)
    assert action(replace(smooth, **changed)) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"visible": 0.3, "tile_distance": 31}, "review"),
        ({"visible": 0.3, "tile_distance": 32}, "pass"),
        ({"visible": 0.24, "tile_distance": 31}, "pass"),  # two places of a listed collage of nine
        ({"visible": 0.24, "same_in": (0.4, 0.4, 0.84, 0.84), "tile_distance": 45}, "review"),
    ],
)
def test_of_little_its_tiles_or_parts_must_be_all_there(changed, expected):
    little = replace(WHOLE, whole_distance=None, same_in=(0.4, 0.4, 0.7, 0.7))
    assert action(replace(little, **changed)) == expected


ONE_SIDE, ONE_STRIP = Bounds(0.0, 0.0, 0.85, 1.0), Bounds(0.2, 0.0, 0.79, 1.0)


@pytest.mark.parametrize(
    ("bounds", "same", "worst", "hole", "expected"),
    [
        (ONE_SIDE, 10.0, 118, 0.4, "pass"),
        (ONE_SIDE, 9.9, 118, 0.4, "other"),
        (ONE_SIDE, 10.0, 117, 0.4, "other"),
        (ONE_SIDE, 10.0, None, 0.4, "other"),
        (ONE_SIDE, 10.0, 140, 0.39, "other"),  # lettering, of which nothing is bare
        (None, 10.0, 118, 0.4, "other"),
        (Bounds(0.0, 0.0, 0.86, 1.0), 10.0, 118, 0.4, "other"),
        (Bounds(0.07, 0.0, 0.85, 1.0), 10.0, 118, 0.4, "other"),
        (ONE_STRIP, 5.0, 118, 0.4, "pass"),
        (ONE_STRIP, 4.9, 118, 0.4, "other"),
        (Bounds(0.2, 0.0, 0.81, 1.0), 5.0, 118, 0.4, "other"),
        (Bounds(0.2, 0.07, 0.8, 1.0), 5.0, 118, 0.4, "other"),
    ],
)
def test_one_side_of_a_collage_is_not_all_of_it_where_the_rest_is_plainly_another(
    bounds, same, worst, hole, expected
):
    seen = InPlace(64, 10, worst, 0.1, there(same=same)._replace(bounds=bounds, hole=hole))
    for view in (ORIGINAL, "rectangle-3"):
        assert (near_by(seen, view=view) == "pass") == (expected == "pass")
        assert near_by(seen._replace(single=True), view=view) == "block"
    sides = None if bounds is None else tuple(bounds)
    placed = replace(WHOLE, bare_same=same, worst=worst, same_in=sides, hole=hole)
    assert (action(placed) == "pass") == (expected == "pass")
    assert action(replace(placed, single=True)) == "block"


def test_a_collage_that_is_not_near_has_no_other_picture_in_one_place():
    seen = InPlace(64, 20, None, 0.1, there(lost=2.0, apart=116.0)._replace(hole=1.2))
    assert near_by(seen, 32) == "pass"
    assert near_by(seen, 31) == "block"
    assert near_by(seen._replace(single=True), 32) == "review"
    assert near_by(seen._replace(there=seen.there._replace(hole=1.1)), 32) == "review"


def test_in_a_place_so_smooth_that_little_is_bare_tiles_say_that_it_is_another():
    seen = InPlace(64, 20, None, 0.2, there(lost=0.5, apart=118.0))
    assert near_by(seen, 32) == "pass"
    assert near_by(seen, 31) == "block"
    assert near_by(seen._replace(single=True), 32) == "review"
    assert near_by(seen._replace(foreign=0.19), 32) == "review"
    assert near_by(seen._replace(there=there(lost=0.4, apart=118.0)), 32) == "review"
    assert near_by(seen._replace(there=there(lost=0.5, apart=117.0)), 32) == "review"


PLAINLY = {"worst": 118, "hole": 0.4, "lost": 3.0, "lost_bits": 110}
"""Another picture in one place."""


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "pass"),
        ({"worst": 117}, "review"),
        ({"hole": 0.39}, "review"),
        ({"lost": 2.9}, "review"),
        ({"lost_bits": 109}, "review"),
        ({"whole_distance": 31}, "review"),
        ({"single": True}, "block"),
    ],
)
def test_parts_alone_tell_another_picture_in_one_place_of_a_post(changed, expected):
    post = replace(WHOLE, whole_distance=44, tile_distance=30, foreign=0.09, bareness=0.5)
    post = replace(post, **PLAINLY)
    assert action(replace(post, **changed)) == expected


def test_parts_alone_tell_it_where_a_hash_is_not_quite_near():
    seen = InPlace(64, 20, 118, 0.1, there(lost=3.0, apart=110.0)._replace(hole=0.4))
    assert near_by(seen, 32) == "pass"
    assert near_by(seen, 31) == "block"
    assert near_by(seen._replace(single=True), 32) == "review"
    assert near_by(seen._replace(worst=117), 32) == "review"
    assert near_by(seen._replace(there=seen.there._replace(hole=0.39)), 32) == "review"
    assert near_by(seen._replace(there=seen.there._replace(lost=2.9)), 32) == "review"
    assert near_by(seen._replace(there=seen.there._replace(apart=109.0)), 32) == "review"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "review"),
        ({"worst": 122}, "pass"),
        ({"worst": 122, "single": True}, "block"),
        ({"worst": 122, "bareness": 0.5}, "review"),
        ({"worst": 122, "bareness": 0.5, "same_in": (0.2, 0.2, 0.9, 0.9)}, "pass"),
    ],
)
def test_nobody_is_asked_of_a_post_in_which_another_picture_is(changed, expected):
    post = replace(
        WHOLE, whole_distance=80, tile_distance=96, foreign=0.5, bare_same=6.0, bare_other=1.7,
        bareness=0.49, paper=0.5, lost=2.5, lost_bits=100, other=0.58, worst=121, hole=0.2,
        same_in=(0.1, 0.1, 0.9, 0.9), votes=6,
    )  # fmt: skip
    assert action(replace(post, **changed)) == expected
