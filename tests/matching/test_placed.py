"""What lists make of pictures that parts have placed: pure policy, without pictures."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given
from placed import FEW, LIST, SEARCHED, WHOLE, action, verdict

from hashmatch.hashers import get
from hashmatch.matching import policy
from hashmatch.matching.seen import placed_in_words
from hashmatch.types import PLACED, verdict_told


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
    ("changed", "expected"),
    [
        ({"bareness": 0.1, "worst": 90}, "block"),
        ({"bareness": 0.09, "worst": 90}, "pass"),  # the same form, filled in anew
        ({"bareness": 0.09, "paper": 0.76, "worst": 90}, "pass"),
        ({"bareness": 0.09, "paper": 0.75, "worst": 90}, "block"),  # before a plain wall
        ({"bareness": 0.09, "paper": 0.75, "visible": 0.96, "whole_distance": None}, "block"),
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


@pytest.mark.parametrize(
    "changed",
    [
        {"foreign": 0.2},
        {"worst": 91},
        {"bare_other": 7.0},
        {"visible": 0.5, "whole_distance": None},
    ],
)
def test_what_lies_over_an_allowed_picture_is_not_allowed_however_single_that_is(changed):
    single = replace(WHOLE, single=True)
    allowing = replace(LIST, allow_list=True)
    assert action(replace(single, **changed)) == "block"
    (match,) = verdict(single, hash_list=allowing).matches
    assert match.placed == single
    assert not verdict(replace(single, **changed), hash_list=allowing).matches


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
