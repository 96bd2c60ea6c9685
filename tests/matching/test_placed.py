"""What lists make of pictures that parts have placed: pure policy, without pictures."""

from dataclasses import replace
from datetime import UTC, datetime

import hypothesis.strategies as st
import pytest
from hypothesis import given

from hashmatch.hashers import get
from hashmatch.matching import policy
from hashmatch.matching.alignment import InPlace
from hashmatch.matching.seen import placed_in_words
from hashmatch.matching.there import Bounds, InTheirPlaces
from hashmatch.registry import HashList
from hashmatch.types import ORIGINAL, PLACED, Hash, Placed, verdict_told

LIST = HashList(1, "listed", datetime(2026, 1, 1, tzinfo=UTC))
SEARCHED = Hash("pdq", bytes(32), 90)
CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
WHOLE = Placed(
    turn=0.0, scale=1.0, mirrored=False, outline=CORNERS, votes=20, coverage=0.5, worst=None,
    visible=1.0, whole_distance=6, tile_distance=4, tiles=50, foreign=0.0, agreement=0.0,
    bare_same=20.0, bareness=0.5, bare_other=0.0, same_in=(0.0, 0.0, 1.0, 1.0), holes=0.0, hole=0.0,
    lost=0.0,
    lost_bits=None, other=0.75, fills=1.0, single=False,
)  # fmt: skip


FEW = {
    "visible": 0.2, "whole_distance": None, "tile_distance": None, "tiles": 0, "bare_same": 4.9
}  # fmt: skip
"""What is too little to be compared."""


def action(placed, distance=None, hash_list=LIST, **more):
    return verdict(placed, distance, hash_list, **more).action


def verdict(placed, distance=None, hash_list=LIST, **more):
    known = [d for d in (placed.whole_distance, placed.tile_distance) if d is not None]
    bits = min(known, default=60) if distance is None else distance
    near = policy.Near(7, hash_list, policy.PARTS, bits, 90, PLACED, placed=placed, **more)
    return policy.judge([near], SEARCHED, [hash_list])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "block"),
        ({"whole_distance": 31, "tile_distance": None, "tiles": 0}, "block"),
        ({"whole_distance": 60, "tile_distance": 31}, "block"),
        ({"whole_distance": 60, "tile_distance": 32}, "review"),
        ({"whole_distance": 45, "tile_distance": 46}, "review"),
        ({"whole_distance": 46, "tile_distance": 46, "bare_same": 4.9}, "pass"),
        ({"foreign": 0.08}, "block"),
        ({"foreign": 0.09}, "review"),  # a collage of which all but one place come back
        ({"foreign": 0.1}, "review"),
        ({"worst": 90}, "block"),
        ({"worst": 91}, "review"),
        ({"foreign": 0.11, "bare_same": 4.9}, "pass"),
        ({"foreign": 0.11}, "review"),  # most parts are there, wherever the upload is bare
        ({"bare_other": 2.4}, "block"),
        ({"bare_other": 2.5}, "pass"),  # one page with two pictures
        ({"visible": 0.56, "whole_distance": None}, "block"),
        ({"visible": 0.55, "whole_distance": None}, "review"),  # half a collage, or a crop
        ({"visible": 0.749, "whole_distance": None, "fills": 0.67}, "pass"),  # and among others
        ({"visible": 0.749, "whole_distance": None, "fills": 0.68}, "block"),
        ({"visible": 0.75, "whole_distance": None, "fills": 0.2}, "block"),
        ({**FEW, "single": True}, "review"),
        ({**FEW, "single": True, "votes": 7}, "pass"),
        (FEW, "pass"),  # a strip of a collage
    ],
)
def test_hashes_decide_and_parts_alone_ask_for_a_review_at_most(changed, expected):
    assert action(replace(WHOLE, **changed)) == expected


@pytest.mark.parametrize(
    ("changed", "several", "single"),
    [
        ({"visible": 0.35, "whole_distance": None}, "review", "block"),
        ({"visible": 0.34, "whole_distance": None}, "review", "review"),
        ({"visible": 0.36, "whole_distance": None, "fills": 0.1}, "pass", "block"),
        ({"same_in": (0.0, 0.0, 0.5, 1.0), "fills": 0.75, "whole_distance": 60}, "pass", "block"),
        ({"foreign": 0.2}, "review", "block"),
        ({"foreign": 0.21}, "review", "review"),
        ({"bare_other": 7.0}, "pass", "block"),
        ({"bare_other": 7.1}, "pass", "review"),
        ({"worst": 91, "hole": 1.1}, "review", "block"),
        ({"worst": 91, "hole": 1.2}, "review", "review"),
        ({"lost": 2.0, "lost_bits": 128, "whole_distance": None}, "pass", "block"),
        ({"lost": 3.0, "lost_bits": 128, "whole_distance": None, "tile_distance": 90}, "pass",
         "review"),
        ({"lost": 3.0, "lost_bits": 128, "whole_distance": None, "tile_distance": 91}, "pass",
         "pass"),
    ],
)  # fmt: skip
def test_what_surely_is_one_picture_has_no_other_in_its_place(changed, several, single):
    assert action(replace(WHOLE, **changed)) == several
    assert action(replace(WHOLE, **changed, single=True)) == single


LITTLE = replace(
    WHOLE, whole_distance=76, tile_distance=97, foreign=0.5, votes=0, bare_same=1.0, lost=3.0,
    lost_bits=98, other=1.2,
)  # fmt: skip
"""What hash and tiles say nothing of."""


@pytest.mark.parametrize(
    ("changed", "several", "single"),
    [
        ({}, "review", "review"),
        ({"lost_bits": 99}, "pass", "review"),
        ({"lost_bits": 108}, "pass", "review"),
        ({"lost_bits": 109}, "pass", "pass"),
        ({"whole_distance": 77}, "pass", "review"),
        ({"whole_distance": None, "visible": 0.35}, "pass", "review"),
        ({"whole_distance": None, "visible": 0.34}, "pass", "pass"),
        ({"lost": 2.9}, "pass", "pass"),
        ({"lost_bits": None, "lost": 0.0}, "pass", "pass"),
        ({"hole": 1.2}, "pass", "pass"),
        ({"bareness": 0.28}, "review", "review"),
        ({"bareness": 0.28, "whole_distance": 77}, "pass", "pass"),  # a screen of an app
        ({"bareness": 0.14}, "pass", "pass"),
    ],
)
def test_a_picture_shines_through_what_lies_all_over_it(changed, several, single):
    assert action(replace(LITTLE, **changed)) == several
    assert action(replace(LITTLE, **changed, single=True)) == single


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "review"),
        ({"foreign": 0.36}, "pass"),
        ({"tile_distance": 91}, "pass"),
        ({"tiles": 14}, "pass"),
        ({"visible": 0.74}, "pass"),
        ({"bareness": 0.28}, "pass"),
        ({"bare_same": 4.9}, "pass"),
        ({"single": False}, "pass"),  # a collage with another picture in one place
    ],
)
def test_of_a_single_picture_tiles_tell_whatever_became_of_its_parts(changed, expected):
    grid = replace(
        LITTLE, lost_bits=125, hole=9.0, tile_distance=90, foreign=0.35, single=True, bare_same=5.0,
        bare_other=9.0,
    )  # fmt: skip
    assert action(replace(grid, **changed)) == expected


def test_where_only_a_hash_that_is_not_near_supposes_a_collage_parts_must_shine_through():
    overlaid = replace(BENEATH, other=0.5)
    assert action(overlaid) == "review"
    assert action(replace(overlaid, votes=2)) == "pass"
    assert action(replace(overlaid, votes=2, single=True)) == "review"
    shining = replace(LITTLE, votes=2)
    assert action(shining) == "review"


OVERLAID = replace(
    WHOLE, whole_distance=70, tile_distance=60, foreign=0.1, agreement=0.5, bare_same=2.0
)
BENEATH = replace(
    WHOLE, whole_distance=96, tile_distance=98, foreign=0.5, bare_same=10.0, bare_other=0.5
)
STREWN = replace(BENEATH, bare_same=20.0, hole=1.6, bareness=0.9)
AMONG = replace(
    WHOLE, whole_distance=None, tile_distance=80, foreign=0.4, fills=0.4, visible=0.8,
    bare_same=10.0, bare_other=9.0, same_in=(0.2, 0.0, 0.8, 0.7), holes=1.5, other=0.6,
)  # fmt: skip


@pytest.mark.parametrize(
    ("placed", "changed", "expected"),
    [
        (OVERLAID, {}, "review"),
        (OVERLAID, {"whole_distance": 6, "foreign": 0.08}, "block"),
        (OVERLAID, {"whole_distance": None}, "review"),
        (OVERLAID, {"whole_distance": 75, "tile_distance": 75}, "review"),
        (OVERLAID, {"whole_distance": 76}, "pass"),  # one lettering on two pictures
        (OVERLAID, {"tile_distance": 76}, "pass"),
        (OVERLAID, {"foreign": 0.125}, "review"),
        (OVERLAID, {"foreign": 0.126}, "pass"),  # one page with two pictures
        (OVERLAID, {"agreement": 0.14, "foreign": 0.0}, "pass"),
        (OVERLAID, {"tiles": 0, "tile_distance": None, "votes": 7}, "pass"),
        (OVERLAID, {"bare_other": 0.24}, "review"),
        (OVERLAID, {"bare_other": 0.25}, "pass"),
        (OVERLAID, {"visible": 0.56, "whole_distance": None}, "review"),
        (OVERLAID, {"visible": 0.55, "whole_distance": None}, "pass"),  # half a collage
        (OVERLAID, {"visible": 0.35, "whole_distance": None, "single": True}, "review"),
        (OVERLAID, {"visible": 0.34, "whole_distance": None, "single": True}, "pass"),
        (BENEATH, {}, "review"),
        (BENEATH, {"whole_distance": 6, "tile_distance": 4}, "review"),
        (BENEATH, {"bare_other": 1.2}, "review"),
        (BENEATH, {"bare_other": 1.21}, "pass"),  # one page, or one collage, with two pictures
        (BENEATH, {"bare_same": 5.0, "bare_other": 0.0}, "review"),
        (BENEATH, {"visible": 0.34}, "pass"),
        (BENEATH, {"lost": 3.0, "lost_bits": 109}, "review"),
        (BENEATH, {"lost": 3.0, "lost_bits": 110}, "pass"),  # nothing shines through
        (BENEATH, {"lost": 2.9, "lost_bits": 130}, "review"),
        (BENEATH, {"lost": 3.0, "lost_bits": 130, "bareness": 0.6}, "review"),  # a photograph on it
        (BENEATH, {"bare_other": 3.0, "bareness": 0.6}, "review"),
        (BENEATH, {"bare_other": 3.1, "bareness": 0.6}, "pass"),
        (BENEATH, {"bare_other": 3.0, "bareness": 0.59}, "pass"),  # one page
        (BENEATH, {"bare_other": 3.0, "bareness": 0.6, "same_in": (0, 0, 1, 0.79)}, "pass"),
        (BENEATH, {"bare_same": 4.9, "bare_other": 0.0}, "pass"),
        (BENEATH, {"other": 0.8, "hole": 1.1}, "review"),
        (BENEATH, {"other": None}, "review"),
        (BENEATH, {"foreign": 0.55}, "review"),
        (BENEATH, {"foreign": 0.56}, "pass"),  # one page with two pictures
        (BENEATH, {"other": 0.81}, "pass"),  # one page with two pictures, and one below them
        (BENEATH, {"hole": 1.2}, "pass"),
        (BENEATH, {"whole_distance": 111}, "review"),
        (BENEATH, {"whole_distance": 112}, "pass"),  # one meme's lettering
        (STREWN, {}, "review"),
        (STREWN, {"hole": 1.61}, "pass"),  # one picture of a listed collage is another
        (STREWN, {"bareness": 0.89}, "pass"),
        (STREWN, {"visible": 0.96}, "pass"),
        (STREWN, {"same_in": (0.05, 0.05, 1.0, 0.89)}, "pass"),
        (STREWN, {"other": 0.81}, "pass"),
        (AMONG, {}, "review"),
        (AMONG, {"tile_distance": 4}, "review"),
        (AMONG, {"fills": 0.68}, "pass"),  # one collage with two pictures
        (AMONG, {"same_in": (0.2, 0.0, 0.8, 0.69)}, "pass"),
        (AMONG, {"holes": 1.51}, "pass"),
        (AMONG, {"hole": 1.1}, "review"),
        (AMONG, {"hole": 1.2}, "pass"),  # a page whose next picture comes back
        (AMONG, {"other": 0.61}, "pass"),
        (AMONG, {"other": None}, "review"),
        (AMONG, {"visible": 0.54}, "pass"),
        (AMONG, {"bare_other": 30.0, "lost": 30.0, "lost_bits": 128}, "review"),
    ],
)
def test_what_is_hidden_in_part_or_among_others_asks_for_a_review(placed, changed, expected):
    made = replace(placed, **changed)
    assert action(made) == expected
    if expected == "review":
        assert "for a person to judge" in verdict(made).reason
        assert action(made, hash_list=replace(LIST, review_threshold=44)) == "pass"
        assert verdict(made, hash_list=replace(LIST, allow_list=True)).matches == ()


COVERED = replace(BENEATH, bare_same=4.9, other=0.25)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "block"),
        ({"other": 0.26}, "review"),
        ({"other": 0.6}, "review"),
        ({"other": 0.61}, "pass"),
        ({"other": None}, "pass"),
        ({"hole": 1.1}, "block"),
        ({"hole": 1.2}, "pass"),  # a collage of which all but one place come back
        ({"visible": 0.97}, "block"),
        ({"visible": 0.96}, "pass"),
        ({"bareness": 0.29}, "block"),
        ({"bareness": 0.28}, "pass"),  # a page
        ({"bare_same": 3.0, "bare_other": 0.0}, "block"),
        ({"bare_same": 2.9, "bare_other": 0.0}, "pass"),
        ({"lost": 3.0, "lost_bits": 130}, "pass"),  # another picture has taken its place
    ],
)
def test_a_whole_picture_is_there_whatever_lies_over_it(changed, expected):
    assert action(replace(COVERED, **changed)) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "block"),
        ({"other": 0.41}, "review"),
        ({"bare_other": 0.81}, "review"),
        ({"hole": 0.31}, "review"),
        ({"same_in": (0.1, 0.1, 0.84, 0.9)}, "review"),  # a post, or a collage
        ({"same_in": (0.0, 0.28, 1.0, 1.0), "foreign": 0.29}, "review"),
        ({"bare_same": 4.9, "bare_other": 0.0}, "review"),
        ({"bareness": 0.28}, "review"),
        ({"lost": 1.0, "lost_bits": 109}, "block"),
        ({"lost": 1.0, "lost_bits": 110}, "review"),  # nothing shines through
        ({"lost": 0.9, "lost_bits": 110}, "block"),
    ],
)
def test_under_large_lettering_a_picture_must_be_there_all_over(changed, expected):
    lettered = replace(
        COVERED, bare_same=20.0, bare_other=0.8, other=0.4, hole=0.3, same_in=(0.1, 0.1, 0.86, 0.9)
    )
    assert action(replace(lettered, **changed)) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "review"),
        ({"tile_distance": 81}, "pass"),
        ({"tiles": 14}, "pass"),
        ({"foreign": 0.26}, "pass"),
        ({"other": 0.41}, "pass"),
        ({"other": None}, "pass"),
        ({"bareness": 0.49}, "pass"),  # a page, rather
        ({"bare_same": 9.9, "bare_other": 4.0}, "pass"),
        ({"same_in": (0.1, 0.1, 0.86, 0.9)}, "review"),
        ({"same_in": (0.1, 0.1, 0.84, 0.9)}, "pass"),  # one picture of a collage
        ({"visible": 0.75, "whole_distance": None}, "review"),
        ({"visible": 0.74, "whole_distance": None}, "pass"),
    ],
)
def test_a_photograph_of_a_screen_is_told_by_its_tiles(changed, expected):
    askew = replace(
        WHOLE,
        whole_distance=80,
        tile_distance=80,
        foreign=0.25,
        other=0.4,
        bare_other=8.0,
        hole=4.0,
    )
    assert action(replace(askew, **changed)) == expected


def test_what_is_left_out_of_a_screen_is_for_lists_that_review_as_usual():
    askew = replace(WHOLE, whole_distance=60, tile_distance=50, bare_other=8.0, hole=4.0, other=0.3)
    assert action(askew) == "review"
    assert action(askew, hash_list=replace(LIST, part_review_threshold=44)) == "pass"


def test_what_lies_over_a_picture_is_left_out_of_account_by_lists_of_the_usual_reach_only():
    assert "wherever nothing lies over it, it is the same" in verdict(COVERED).reason
    assert action(COVERED, hash_list=replace(LIST, threshold=30)) == "review"
    narrow = replace(LIST, threshold=30, review_threshold=44)
    assert action(COVERED, hash_list=narrow) == "pass"
    assert verdict(COVERED, hash_list=replace(LIST, allow_list=True)).matches == ()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"bareness": 0.1, "worst": 90}, "block"),
        ({"bareness": 0.09, "worst": 90}, "pass"),  # the same form, filled in anew
        ({"bareness": 0.09, "worst": 78, "tile_distance": 20}, "review"),  # clipped
        ({"bareness": 0.09, "worst": 79, "tile_distance": 20}, "pass"),
        ({"bareness": 0.09, "worst": 71, "tile_distance": 21}, "pass"),
        ({"bareness": 0.09, "worst": 70, "tile_distance": 21}, "review"),
        ({"bareness": 0.09, "worst": 45, "whole_distance": 10}, "block"),  # the very page
        ({"bareness": 0.09, "worst": 46, "whole_distance": 10}, "review"),
        ({"bareness": 0.09, "worst": 45, "whole_distance": 31}, "block"),
        ({"bareness": 0.09, "worst": None}, "block"),
        ({"bareness": 0.09, "worst": 70, "whole_distance": 32}, "pass"),
        ({"bareness": 0.09, "worst": 70, "tile_distance": 32}, "pass"),
        ({"bareness": 0.1, "tile_distance": 32}, "block"),
        ({"bareness": 0.09, "visible": 0.96, "whole_distance": None}, "pass"),  # a piece of it
        ({"bareness": 0.1, "visible": 0.96, "whole_distance": None}, "block"),
    ],
)
def test_of_a_page_all_must_be_the_same(changed, expected):
    assert action(replace(WHOLE, **changed)) == expected


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
        ((0.27, 0.06, 0.77, 0.97), {}, "block"),
        ((0.05, 0.05, 0.75, 0.83), {}, "pass"),  # in a corner
        ((0.05, 0.05, 0.76, 0.84), {}, "block"),
        ((0.06, 0.05, 0.75, 0.83), {}, "block"),  # at the upper edge only
        ((0.1, 0.25, 0.9, 1.0), {}, "pass"),  # along a whole side
        ((0.11, 0.25, 0.9, 0.94), {}, "block"),
        ((0.03, 0.26, 0.97, 1.0), {}, "pass"),
        ((0.04, 0.26, 0.96, 1.0), {}, "block"),
        ((0.0, 0.27, 1.0, 1.0), {}, "block"),
        (LEFT, {"whole_distance": 31, "visible": 1.0}, "block"),  # the rest is too smooth for parts
        (LEFT, {"fills": 0.76}, "block"),  # a crop
        (LEFT, {"fills": 0.75}, "pass"),  # one half of two
        ((0.0, 0.0, 0.56, 1.0), {"fills": 0.75}, "block"),
        ((0.06, 0.0, 0.55, 1.0), {"fills": 0.75}, "block"),
        (LEFT, {"fills": 0.76, "visible": 0.75, "foreign": 0.25, "tile_distance": 80}, "pass"),
        (LEFT, {"fills": 0.76, "visible": 0.75, "foreign": 0.24, "tile_distance": 80}, "review"),
        (LEFT, {"fills": 0.76, "visible": 0.76, "foreign": 0.25, "tile_distance": 80}, "review"),
        (
            THIRD,
            {"fills": 0.9},
            "pass",
        ),  # the middle of three, and what seems as smooth as the next
        (THIRD, {"fills": 0.9, "visible": 0.42}, "review"),  # a crop, of which nothing else is seen
        (THIRD, {"fills": 0.9, "visible": 0.97, "whole_distance": 60}, "block"),  # the whole
        ((0.3, 0.06, 0.6, 1.0), {"fills": 0.9}, "block"),
        (QUARTER, {"fills": 0.9, "visible": 0.75}, "pass"),  # one of four, beside another picture
        (QUARTER, {"fills": 0.9, "visible": 0.4}, "review"),
        (QUARTER, {"fills": 0.9, "visible": 0.76}, "block"),
        ((0.42, 0.37, 1.0, 1.0), {"fills": 0.9}, "block"),
        ((0.45, 0.37, 0.94, 1.0), {"fills": 0.9}, "block"),
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


def test_a_list_has_its_own_thresholds():
    near = replace(WHOLE, whole_distance=20, tile_distance=20)
    assert action(near, hash_list=replace(LIST, threshold=10)) == "review"
    assert action(near, hash_list=replace(LIST, threshold=10, review_threshold=15)) == "pass"
    assert action(near, hash_list=replace(LIST, action="review")) == "review"
    assert action(near, held="flood") == "review"


def test_low_quality_of_the_entry_counts():
    near = policy.Near(7, LIST, policy.PARTS, 4, 20, PLACED, placed=WHOLE)
    assert policy.judge([near], SEARCHED, [LIST]).action == "pass"


def test_an_allow_list_never_reviews():
    allowing = replace(LIST, allow_list=True)
    assert action(WHOLE, hash_list=allowing) == "pass"
    bare = replace(WHOLE, whole_distance=None, tile_distance=None, tiles=0)
    assert verdict(bare, hash_list=allowing).matches == ()


def test_an_entry_is_told_once():
    fast = policy.Near(7, LIST, replace_hasher("pdq"), 40, 90, "flip-y")
    slow = policy.Near(7, LIST, policy.PARTS, 4, 90, PLACED, placed=WHOLE)
    found = policy.judge([fast, slow], SEARCHED, [LIST])
    assert [(match.action, match.hasher) for match in found.matches] == [("block", "pdq-part")]
    found = policy.judge([fast._replace(distance=2), slow], SEARCHED, [LIST])
    assert [(match.action, match.hasher) for match in found.matches] == [("block", "pdq")]


def replace_hasher(name):
    return policy.PARTS._replace(name=name)


def test_words():
    said = replace(WHOLE, mirrored=True, turn=-12.3, visible=0.4, coverage=0.331)
    assert placed_in_words(said) == (
        "found in it by 20 parts that cover 33% of it, mirrored, turned by -12°, 40% of it visible"
    )
    small = verdict(replace(WHOLE, visible=0.2, whole_distance=None)).reason
    assert "for a person to judge" in small
    bare = replace(WHOLE, **FEW, single=True)
    assert "too little of it visible to be compared" in verdict(bare).reason


@given(
    st.integers(0, 256), st.integers(0, 256), st.floats(0, 1), st.floats(0, 1), st.integers(0, 99)
)
def test_laws(whole, tile, visible, foreign, votes):
    placed = replace(
        WHOLE,
        whole_distance=whole,
        tile_distance=tile,
        visible=visible,
        foreign=foreign,
        votes=votes,
        bare_same=4.9,
    )
    made = action(placed)
    if made == "block":
        assert min(whole, tile) <= 31
        assert foreign <= 0.08
        assert visible >= 0.35
    if made != "pass":
        assert min(whole, tile) <= 45
    told = verdict_told(verdict(placed))
    assert [match["placed"]["votes"] for match in told["matches"]] == [votes] * (made != "pass")


@pytest.mark.parametrize(
    ("bits", "settings", "expected"),
    [
        (31, {}, "block"),
        (31, {"part_threshold": 30}, "review"),
        (40, {"part_threshold": 40}, "block"),
        (40, {"part_review_threshold": 39}, "pass"),
        (50, {"part_review_threshold": 50}, "review"),
        (31, {"threshold": 10, "part_threshold": 31}, "block"),
    ],
)
def test_a_list_says_how_far_its_parts_reach(bits, settings, expected):
    placed = replace(WHOLE, whole_distance=bits, tile_distance=bits)
    assert action(placed, hash_list=replace(LIST, **settings)) == expected


@pytest.mark.parametrize("name", ["part_threshold", "part_review_threshold"])
def test_thresholds_of_parts_are_of_nothing_else(name):
    changed = replace(LIST, **{name: 3})
    assert policy.reach(changed, get("pdq")) == policy.reach(LIST, get("pdq"))


def there(same=20.0, other=0.0, lost=0.0, apart=None, bare=0.5):
    return InTheirPlaces(None, same, 0.5, bare, other, 0.0, 0.0, lost, apart)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (InPlace(64, 0, None, 0.0, there()), "block"),
        (InPlace(64, 98, None, 0.19, there(other=9.0, lost=9.0, apart=128.0)), "block"),  # blurred
        (InPlace(64, 118, None, 0.2, there(other=2.4)), "block"),
        (InPlace(64, 118, None, 0.2, there(other=2.5)), "pass"),  # another post in the same app
        (InPlace(64, 20, None, 0.2, there(lost=2.0, apart=116.0)), "pass"),
        (InPlace(64, 20, None, 0.2, there(lost=2.0, apart=115.0)), "block"),
        (InPlace(64, 20, None, 0.35, there()), "block"),  # under a banner
        (InPlace(64, 20, None, 0.36, there()), "pass"),
        (InPlace(64, 14, None, 0.06, there(same=4.9, lost=1.0, apart=116.0)), "pass"),  # one page
        (InPlace(64, 14, None, 0.06, there(same=5.0, lost=1.0, apart=116.0)), "block"),
        (InPlace(64, 98, None, 0.06, there(same=4.9, lost=5.0, apart=116.0)), "block"),  # blurred
        (InPlace(48, 118, None, 0.0, there()), "block"),
        (InPlace(47, 75, None, 0.12, there()), "block"),
        (InPlace(47, 76, None, 0.0, there()), "pass"),  # another logo
        (InPlace(47, None, None, 0.13, there()), "pass"),
        (InPlace(64, 44, 78, 0.0, there(bare=0.09)), "review"),  # clipped to black and white
        (InPlace(64, 44, 79, 0.0, there(bare=0.09)), "pass"),  # the same form, filled in anew
        (InPlace(64, 44, 79, 0.0, there(bare=0.1)), "block"),
        (InPlace(64, 44, None, 0.0, there(bare=0.09)), "block"),
    ],
)
def test_a_near_hash_is_denied_by_what_is_seen_in_its_place(seen, expected):
    assert near_by(seen) == expected


def near_by(seen, bits=20, view=ORIGINAL):
    near = policy.Near(7, LIST, get("pdq"), bits, 90, view, in_place=seen)
    return policy.judge([near], SEARCHED, [LIST]).action


def test_of_what_is_near_by_a_rectangle_only_another_page_is_denied():
    """Its parts tell of all else, and the rectangle may be off by some samples."""
    filled_in = InPlace(64, 44, 79, 0.0, there(bare=0.09))
    assert near_by(filled_in, view="rectangle-3") == "pass"
    assert near_by(filled_in._replace(worst=78), view="rectangle-3") == "review"
    assert near_by(filled_in._replace(worst=45), view="rectangle-3") == "block"
    elsewhere = InPlace(64, 20, None, 0.9, there())
    assert near_by(elsewhere) == "pass"
    assert near_by(elsewhere, view="rectangle-3") == "block"


ONE_SIDE, ONE_STRIP = Bounds(0.0, 0.0, 0.85, 1.0), Bounds(0.2, 0.0, 0.79, 1.0)


@pytest.mark.parametrize(
    ("bounds", "same", "worst", "expected"),
    [
        (ONE_SIDE, 10.0, 120, "pass"),
        (ONE_SIDE, 9.9, 120, "other"),
        (ONE_SIDE, 10.0, 119, "other"),
        (ONE_SIDE, 10.0, None, "other"),
        (None, 10.0, 120, "other"),
        (Bounds(0.0, 0.0, 0.86, 1.0), 10.0, 120, "other"),
        (Bounds(0.06, 0.0, 0.85, 1.0), 10.0, 120, "other"),
        (ONE_STRIP, 5.0, 120, "pass"),
        (ONE_STRIP, 4.9, 120, "other"),
        (Bounds(0.2, 0.0, 0.81, 1.0), 5.0, 120, "other"),
        (Bounds(0.2, 0.06, 0.8, 1.0), 5.0, 120, "other"),
    ],
)
def test_one_side_of_a_collage_is_not_all_of_it_where_the_rest_is_plainly_another(
    bounds, same, worst, expected
):
    seen = InPlace(64, 10, worst, 0.1, there(same=same)._replace(bounds=bounds))
    assert (near_by(seen) == "pass") == (expected == "pass")
    assert near_by(seen._replace(single=True)) == "block"
    sides = None if bounds is None else tuple(bounds)
    placed = replace(WHOLE, bare_same=same, worst=worst, same_in=sides)
    assert (action(placed) == "pass") == (expected == "pass")
    assert action(replace(placed, single=True)) == "block"


def test_a_collage_that_is_not_near_has_no_other_picture_in_one_place():
    seen = InPlace(64, 20, None, 0.1, there(lost=2.0, apart=116.0)._replace(hole=1.2))
    assert near_by(seen, 32) == "pass"
    assert near_by(seen, 31) == "block"
    assert near_by(seen._replace(single=True), 32) == "review"
    assert near_by(seen._replace(there=seen.there._replace(hole=1.1)), 32) == "review"


@pytest.mark.parametrize(("bits", "bare", "worst", "expected"), [
    (32, 0.28, 90, "review"), (32, 0.28, 91, "pass"), (32, 0.29, 128, "review"),
    (31, 0.28, 128, "block"), (32, 0.28, None, "review"),
])  # fmt: skip
def test_of_a_screen_that_is_not_very_near_no_place_may_be_another(bits, bare, worst, expected):
    seen = InPlace(64, 44, worst, 0.0, there(bare=bare))
    near = policy.Near(7, LIST, get("pdq"), bits, 90, in_place=seen)
    assert policy.judge([near], SEARCHED, [LIST]).action == expected


@pytest.mark.parametrize(("bare", "hole", "same", "expected"), [
    (0.28, 1.2, 3.9, "pass"), (0.29, 1.2, 3.9, "block"), (0.28, 1.1, 3.9, "block"),
    (0.28, 1.2, 4.0, "block"),
])  # fmt: skip
def test_of_a_near_chat_the_picture_in_it_tells(bare, hole, same, expected):
    seen = InPlace(64, 40, 70, 0.1, there(same=same, other=4.0, bare=bare)._replace(hole=hole))
    near = policy.Near(7, LIST, get("pdq"), 30, 90, in_place=seen)
    assert policy.judge([near], SEARCHED, [LIST]).action == expected


@pytest.mark.parametrize(("bits", "strict", "expected"), [
    (31, True, "block"), (32, True, "pass"), (32, False, "review"), (40, False, "review"),
])  # fmt: skip
def test_where_parts_would_say_more_a_hash_must_be_very_near(bits, strict, expected):
    near = policy.Near(7, LIST, get("pdq"), bits, 90, "rectangle-1", strict=strict)
    assert policy.judge([near], SEARCHED, [LIST]).action == expected


@pytest.mark.parametrize(("bits", "worst", "expected"), [
    (10, 45, "block"), (31, 45, "block"), (31, None, "block"), (10, 46, "review"),
    (20, 78, "review"), (21, 71, "pass"), (21, 70, "review"), (31, 70, "review"),
    (32, 45, "pass"), (32, None, "pass"),
])  # fmt: skip
def test_the_further_a_form_is_the_less_may_differ_in_one_place(bits, worst, expected):
    seen = InPlace(64, 44, worst, 0.0, there(bare=0.09))
    near = policy.Near(7, LIST, get("pdq"), bits, 90, in_place=seen)
    assert policy.judge([near], SEARCHED, [LIST]).action == expected
