"""A listed picture under lettering, stickers and grids: pure policy, without pictures."""

from dataclasses import replace

import pytest
from placed import LIST, WHOLE, action, verdict

OVERLAID = replace(
    WHOLE, whole_distance=70, tile_distance=60, foreign=0.1, agreement=0.5, bare_same=2.0
)
PIECE = {
    "visible": 0.35, "whole_distance": None, "worst": 36, "foreign": 0.1, "votes": 8, "fills": 0.91
}  # fmt: skip
"""A piece that is there by itself."""
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
        (OVERLAID, {**PIECE, "worst": 90}, "review"),
        (OVERLAID, {**PIECE, "worst": 91}, "pass"),
        (OVERLAID, {**PIECE, "tiles": 0, "tile_distance": None}, "pass"),  # one of a collage
        (OVERLAID, {**PIECE, "foreign": 0.11}, "pass"),
        (OVERLAID, {**PIECE, "votes": 7}, "pass"),
        (OVERLAID, {**PIECE, "fills": 0.9}, "pass"),
        (OVERLAID, {**PIECE, "visible": 0.34}, "pass"),
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
        (BENEATH, {"foreign": 0.25, "visible": 0.96, "whole_distance": None}, "review"),
        (BENEATH, {"foreign": 0.26, "visible": 0.96, "whole_distance": None}, "pass"),  # one of two
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
        ({"bareness": 0.28, "paper": 0.6}, "pass"),
        ({"bareness": 0.28, "paper": 0.59}, "block"),  # thin leaves all over, or a plain wall
        ({"bare_same": 3.0, "bare_other": 0.0}, "block"),
        ({"bare_same": 2.9, "bare_other": 0.0}, "pass"),
        ({"lost": 3.0, "lost_bits": 130}, "pass"),  # another picture has taken its place
        ({"votes": 11}, "block"),
        ({"votes": 10}, "review"),  # the same large words on a smooth picture
        ({"same_in": (0.0, 0.27, 1.0, 1.0)}, "block"),
        ({"same_in": (0.0, 0.28, 1.0, 1.0), "foreign": 0.2}, "review"),  # the next post's picture
        (
            {"same_in": (0.0, 0.28, 1.0, 1.0), "foreign": 0.2, "bare_same": 5.0, "single": True},
            "block",
        ),
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
        ({}, "block"),
        ({"other": 0.46}, "review"),
        ({"bare_other": 1.1}, "review"),
        ({"hole": 1.2}, "pass"),
        ({"lost_bits": 109}, "review"),
        ({"lost_bits": 109, "lost": 0.9}, "block"),
        ({"bareness": 0.59}, "review"),  # a dark post with another picture in it
        ({"same_in": (0.0, 0.0, 1.0, 0.79)}, "review"),
        ({"bare_same": 4.9, "bare_other": 0.4}, "review"),
    ],
)
def test_all_around_a_photograph_nothing_but_what_lies_over_it_is_anothers(changed, expected):
    around = replace(
        COVERED, bare_same=10.0, bare_other=1.0, other=0.45, hole=1.1, lost=3.0, lost_bits=108,
        bareness=0.6, same_in=(0.0, 0.0, 1.0, 0.8),
    )  # fmt: skip
    assert action(replace(around, **changed)) == expected
    assert action(replace(around, visible=0.9, whole_distance=None)) == "block"  # under a bar


LETTERED = replace(COVERED, bare_same=10.0, bare_other=2.5, other=0.9, hole=1.5, lost_bits=108)


@pytest.mark.parametrize(
    ("changed", "single"),
    [
        ({}, "block"),
        ({"other": 0.91}, "review"),
        ({"bare_other": 2.51}, "review"),
        ({"hole": 1.51}, "review"),
        ({"hole": 2.5, "bare_same": 20.0}, "block"),  # lively emoji
        ({"hole": 2.51, "bare_same": 20.0}, "review"),
        ({"lost_bits": 109}, "review"),  # nothing shines through
        ({"lost_bits": None}, "review"),
        ({"bare_same": 5.0, "bare_other": 0.6}, "block"),
        ({"bare_same": 4.9, "bare_other": 0.5, "other": 0.75, "hole": 1.1}, "review"),
        ({"bare_same": 4.9, "bare_other": 0.5, "other": 0.76, "hole": 1.1}, "pass"),
        ({"visible": 0.75}, "block"),  # the bar of an app lies over the rest
        ({"visible": 0.74}, "review"),
        ({"bareness": 0.28}, "review"),  # a page
    ],
)
def test_large_lettering_may_hide_more_of_what_surely_is_one_picture(changed, single):
    assert action(replace(LETTERED, **changed, single=True)) == single
    assert action(replace(LETTERED, **changed)) != "block"


@pytest.mark.parametrize(
    ("changed", "single"),
    [
        ({}, "block"),
        ({"other": 0.61}, "review"),
        ({"other": 0.75}, "review"),
        ({"other": 0.76}, "pass"),
        ({"bare_same": 4.9}, "review"),
        ({"bare_same": 2.0, "hole": 5.0}, "review"),
        ({"bare_same": 1.9}, "pass"),
        ({"bare_same": 2.0, "whole_distance": 68, "votes": 5}, "block"),
        ({"bare_same": 2.0, "whole_distance": 69, "votes": 5}, "review"),
        ({"bare_same": 2.0, "whole_distance": 68, "votes": 4}, "review"),
        ({"votes": 3}, "review"),  # the same stickers on another picture, as smooth
        ({"hole": 1.6}, "review"),
        ({"hole": 9.0, "bare_same": 4.9, "other": 0.76}, "pass"),
        ({"hole": 2.5, "bare_same": 20.0}, "block"),
        ({"hole": 2.51, "bare_same": 20.0}, "review"),
        ({"visible": 0.74}, "review"),
        ({"visible": 0.35}, "review"),
        ({"visible": 0.34}, "pass"),
        ({"bareness": 0.28}, "pass"),
    ],
)
def test_nobody_else_has_a_piece_of_what_surely_is_one_picture(changed, single):
    piece = replace(
        COVERED, visible=0.75, tile_distance=60, whole_distance=None, bare_same=5.0,
        bare_other=2.3, other=0.6, hole=1.5, votes=4,
    )  # fmt: skip
    assert action(replace(piece, **changed, single=True)) == single
    assert action(replace(piece, **changed)) != "block"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "review"),
        ({"visible": 0.96}, "pass"),
        ({"bareness": 0.28}, "pass"),  # a page
        ({"votes": 7}, "pass"),
        ({"bare_same": 4.9, "bare_other": 0.0}, "pass"),
        ({"bare_other": 2.1}, "pass"),  # one page with two pictures
        ({"hole": 0.91}, "pass"),
        ({"lost_bits": 107}, "pass"),
        ({"lost_bits": None}, "pass"),
        ({"same_in": (0.0, 0.0, 0.64, 1.0)}, "pass"),  # one picture of a collage
        ({"lost": 5.0}, "review"),
        ({"lost": 5.1}, "pass"),  # another picture in the same dark post
        ({"lost": 5.1, "single": True}, "review"),
    ],
)
def test_all_over_a_whole_picture_parts_tell_whatever_its_tiles_say(changed, expected):
    everywhere = replace(
        WHOLE, whole_distance=120, tile_distance=120, foreign=0.9, other=1.2, votes=8,
        bare_same=10.0, bare_other=2.0, hole=0.9, lost=2.0, lost_bits=106,
        same_in=(0.0, 0.0, 0.65, 1.0),
    )  # fmt: skip
    assert action(replace(everywhere, **changed)) == expected


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
        ({"bareness": 0.15, "paper": 0.5, "whole_distance": 77}, "pass", "review"),
        ({"bareness": 0.14, "paper": 0.5}, "pass", "pass"),
        ({"bareness": 0.14}, "pass", "pass"),
        ({"other": 1.3, "whole_distance": 77}, "pass", "review"),
        ({"other": 1.31, "whole_distance": 77}, "pass", "pass"),  # two memes of one lettering
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


def test_hardly_anything_of_a_single_picture_is_one_lettering():
    lettered = replace(
        LITTLE, bare_same=5.0, bare_other=2.0, lost=2.9, lost_bits=120, other=1.3, single=True
    )
    assert action(lettered) == "review"
    assert action(replace(lettered, other=1.31)) == "pass"


def test_where_only_a_hash_that_is_not_near_supposes_a_collage_parts_must_shine_through():
    overlaid = replace(BENEATH, other=0.5)
    assert action(overlaid) == "review"
    assert action(replace(overlaid, votes=2)) == "pass"
    assert action(replace(overlaid, votes=2, single=True, other=0.7, bare_other=1.3)) == "review"
    shining = replace(LITTLE, votes=2)
    assert action(shining) == "review"
