"""What lists make of pictures that parts have placed: pure policy, without pictures."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given
from placed import LIST, PLAIN, SEARCHED, WHOLE, action, verdict

from hashmatch.hashers import get
from hashmatch.matching import policy
from hashmatch.matching.evidence import BLOCK, BLOCK_NEAR, REVIEW
from hashmatch.matching.seen import placed_in_words
from hashmatch.types import PLACED, verdict_told

HARDLY = replace(WHOLE, evidence=REVIEW)
COVERED = replace(WHOLE, whole_distance=90, tile_distance=90)
"""Where hashes are not near, but all else says that the picture is there."""


@pytest.mark.parametrize(
    ("evidence", "near", "far"),
    [
        (99.0, "block", "block"),
        (BLOCK, "block", "block"),
        (BLOCK - 0.01, "block", "review"),
        (BLOCK_NEAR, "block", "review"),
        (BLOCK_NEAR - 0.01, "review", "review"),
        (REVIEW, "review", "review"),
        (REVIEW - 0.01, "pass", "pass"),
        (-99.0, "pass", "pass"),
    ],
)
@pytest.mark.parametrize("bits", [0, 31, 32, 45, 46, 128, None])
def test_evidence_decides_and_less_of_it_where_hashes_are_near(evidence, near, far, bits):
    placed = replace(WHOLE, whole_distance=bits, tile_distance=bits, evidence=evidence)
    assert action(placed) == (near if bits is not None and bits <= 31 else far)


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


@pytest.mark.parametrize(("visible", "single", "expected"), [
    (0.35, True, "block"), (0.34, True, "review"), (0.56, False, "block"), (0.55, False, "review"),
])  # fmt: skip
@pytest.mark.parametrize("bits", [4, 90])
def test_a_small_piece_and_half_of_what_may_be_a_collage_are_for_a_person(
    visible, single, expected, bits
):
    """Others have one picture of a listed collage, too."""
    piece = replace(WHOLE, visible=visible, single=single, tile_distance=bits, whole_distance=None)
    assert action(piece) == expected
    if expected == "review":
        assert "so small a part of it is for a person to judge" in verdict(piece).reason
        assert action(piece, hash_list=replace(LIST, part_threshold=90)) == "review"
        assert not verdict(piece, hash_list=replace(LIST, allow_list=True)).matches


def test_a_list_that_reaches_less_far_wants_hashes_to_be_near_as_well():
    narrow = replace(LIST, part_threshold=30)
    assert action(COVERED) == "block"
    assert action(COVERED, hash_list=narrow) == "review"
    assert action(COVERED, hash_list=replace(narrow, part_review_threshold=44)) == "pass"
    assert action(WHOLE, hash_list=replace(narrow, part_review_threshold=44)) == "block"


def test_a_list_that_reaches_further_takes_what_is_near_for_sure():
    wide = replace(LIST, part_threshold=40)
    near = replace(HARDLY, whole_distance=40, tile_distance=40)
    assert action(near, hash_list=wide) == "block"
    assert action(near) == "review"
    assert action(replace(near, whole_distance=41, tile_distance=41), hash_list=wide) == "review"
    assert action(replace(near, evidence=REVIEW - 0.01), hash_list=wide) == "pass"


@pytest.mark.parametrize(("votes", "bits", "expected"), [
    (3, 90, "block"), (2, 90, "review"), (0, 32, "review"), (0, 31, "block"),
])  # fmt: skip
def test_what_but_a_view_supposes_is_blocked_only_if_its_hash_is_near(votes, bits, expected):
    supposed = replace(COVERED, votes=votes, whole_distance=bits, single=True)
    assert action(supposed) == expected


def test_an_allow_list_has_no_picture_over_which_something_lies():
    allowing = replace(LIST, allow_list=True)
    (match,) = verdict(PLAIN, hash_list=allowing).matches
    assert match.action == "pass"
    far = replace(PLAIN, whole_distance=32, tile_distance=32)
    assert action(far) == "block"
    assert not verdict(far, hash_list=allowing).matches
    assert not verdict(HARDLY, hash_list=allowing).matches


def test_of_an_allowed_picture_evidence_is_as_if_it_might_be_a_collage():
    """Whose places may each be another picture, so that being a single one counts for nothing."""
    allowing = replace(LIST, allow_list=True)
    half = replace(
        WHOLE, visible=0.6, whole_distance=None, tile_distance=20, tiles=12, foreign=0.2, fills=0.5,
        bare_same=12.0, bare_other=7.0, worst=112, hole=2.0, same_in=(0.0, 0.0, 0.5, 1.0),
        lost=8.0, lost_bits=118, other=0.6, single=True, evidence=BLOCK,
    )  # fmt: skip
    assert action(half) == "block"
    assert not verdict(half, hash_list=allowing).matches


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
    assert "within the threshold of 31)" in verdict(WHOLE).reason
    assert "wherever nothing lies over it, it is the same" in verdict(COVERED).reason
    small = verdict(replace(HARDLY, visible=0.34, whole_distance=None)).reason
    assert "so small a part of it is for a person to judge" in small
    bare = replace(HARDLY, visible=0.2, whole_distance=None, tile_distance=None, tiles=0)
    assert "too little of it visible to be compared" in verdict(bare).reason
    assert "something else is in one place of it, or over it" in verdict(HARDLY).reason


@given(
    st.integers(0, 256), st.floats(-20, 20), st.integers(0, 60), st.integers(0, 60), st.booleans()
)
def test_laws(bits, evidence, near, far, allow):
    hash_list = replace(LIST, part_threshold=near, part_review_threshold=max(near, far))
    placed = replace(WHOLE, whole_distance=bits, tile_distance=bits, evidence=evidence)
    found = verdict(placed, hash_list=replace(hash_list, allow_list=allow))
    if found.matches and not allow:
        assert evidence >= REVIEW
        assert bits <= max(near, far) or max(near, far) >= 45
    if found.action == "block":
        assert evidence >= BLOCK or bits <= near
        assert bits <= near or (near >= 31 and max(near, far) >= 45)
    if found.matches and allow:
        assert (found.action, bits <= near) == ("pass", True)
    told = verdict_told(found)
    assert [match["placed"]["evidence"] for match in told["matches"]] in ([], [evidence]) or allow


@pytest.mark.parametrize(
    ("bits", "settings", "sure", "hardly"),
    [
        (31, {}, "block", "review"),
        (31, {"part_threshold": 30}, "review", "review"),
        (40, {"part_threshold": 40}, "block", "block"),
        (40, {"part_review_threshold": 39}, "pass", "pass"),
        (50, {"part_review_threshold": 50}, "block", "review"),
        (31, {"threshold": 10, "part_threshold": 31}, "block", "review"),
    ],
)
def test_a_list_says_how_far_its_parts_reach(bits, settings, sure, hardly):
    hash_list = replace(LIST, **settings)
    placed = replace(WHOLE, whole_distance=bits, tile_distance=bits)
    assert action(placed, hash_list=hash_list) == sure
    assert action(replace(placed, evidence=REVIEW), hash_list=hash_list) == hardly


@pytest.mark.parametrize("name", ["part_threshold", "part_review_threshold"])
def test_thresholds_of_parts_are_of_nothing_else(name):
    changed = replace(LIST, **{name: 3})
    assert policy.reach(changed, get("pdq")) == policy.reach(LIST, get("pdq"))
