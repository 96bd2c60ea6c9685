"""A collage in which another picture is: pure policy, without pictures."""

from dataclasses import replace

import pytest
from placed import WHOLE, action, near_by, there

from hashmatch.matching.in_place import InPlace
from hashmatch.matching.there import Bounds
from hashmatch.types import ORIGINAL

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


def test_parts_alone_tell_it_where_a_hash_is_not_quite_near():
    seen = InPlace(64, 20, 118, 0.1, there(lost=3.0, apart=110.0)._replace(hole=0.4))
    assert near_by(seen, 32) == "pass"
    assert near_by(seen, 31) == "block"
    assert near_by(seen._replace(single=True), 32) == "review"
    assert near_by(seen._replace(worst=117), 32) == "review"
    assert near_by(seen._replace(there=seen.there._replace(hole=0.39)), 32) == "review"
    assert near_by(seen._replace(there=seen.there._replace(lost=2.9)), 32) == "review"
    assert near_by(seen._replace(there=seen.there._replace(apart=109.0)), 32) == "review"


PLAINLY = {"worst": 118, "hole": 0.4, "lost": 3.0, "lost_bits": 110}
"""Another picture in one place."""


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "pass"),
        ({"worst": 117}, "block"),
        ({"hole": 0.39}, "block"),
        ({"lost": 2.9}, "block"),
        ({"lost_bits": 109}, "block"),
        ({"single": True}, "block"),
    ],
)
def test_parts_alone_tell_another_picture_in_one_place_of_a_post(changed, expected):
    assert action(replace(WHOLE, **PLAINLY | changed)) == expected


@pytest.mark.parametrize(("votes", "single", "expected"), [
    (2, False, "pass"), (3, False, "block"), (2, True, "block"),
])  # fmt: skip
def test_where_but_a_hash_supposes_a_collage_nobody_is_asked(votes, single, expected):
    assert action(replace(WHOLE, votes=votes, single=single)) == expected
