"""Pictures that may be two are as single ones where both sides of their joint are seen."""

import numpy as np
import pytest

from hashmatch.hashers import Frame
from hashmatch.hashers.parts import Parts
from hashmatch.matching.joints import is_as_single
from hashmatch.native_parts import JOINT, PLACE, SEVERAL, SINGLE, UNIT, UPRIGHT

ACROSS, DOWN = JOINT | 32, JOINT | UPRIGHT | 32
"""Joints in the middle: from left to right, and from top to bottom."""
LEFT, RIGHT, ABOVE, BELOW = (60, 120), (340, 120), (120, 60), (120, 340)
OVER = (200, 200)


def seen(joint, *middles, bits=40, bare=1.0, tiles=(), size=8):
    """Whether a picture of 400 x 400 is as a single one, by parts there with these middles."""
    places = np.zeros(len(middles), PLACE)
    for place, (x, y) in zip(places, middles, strict=True):
        place["x"], place["y"], place["size"] = x * UNIT, y * UNIT, size * UNIT
    codes = np.zeros((len(middles), 32), np.uint8)
    listed = Parts(codes, codes[:0], places, 400, 400)
    shown = np.zeros(50, np.bool_)
    shown[list(tiles)] = True
    frame = Frame(
        visible=1.0, code=bytes(32), tiles=np.zeros((50, 32), np.uint8), seen=shown,
        tiles_bare=np.full(50, bare), regions=codes,
        regions_seen=np.ones(len(middles), np.bool_),
        regions_bare=np.full(len(middles), bare), paper=0.5,
    )  # fmt: skip
    differ = np.full(len(middles), bits)
    return is_as_single(joint, listed, frame, differ, shown, np.full(len(tiles), bits))


def test_what_has_no_joint_is_single_and_what_has_many_never_is():
    assert seen(SINGLE)
    assert not seen(SEVERAL, LEFT, RIGHT, ABOVE, BELOW, OVER)


@pytest.mark.parametrize(("joint", "sides"), [(ACROSS, (ABOVE, BELOW)), (DOWN, (LEFT, RIGHT))])
def test_both_sides_of_a_joint_must_be_there(joint, sides):
    one, other = sides
    assert seen(joint, one, other)
    assert not seen(joint, one, one, one)
    assert not seen(joint, other, other, other)
    assert not seen(DOWN if joint == ACROSS else ACROSS, one, other)
    assert not seen(joint, one, other, bits=76)
    assert not seen(joint, one, other, bare=0.9)  # what is not bare counts less


@pytest.mark.parametrize("joint", [ACROSS, DOWN])
def test_what_lies_over_the_joint_shows_neither_side(joint):
    assert not seen(joint, *[OVER] * 9)


def test_tiles_show_a_side_as_parts_do():
    halves = {DOWN: (0, 4), ACROSS: (0, 20)}  # 5 x 5 tiles half as wide and high
    for joint, (one, other) in halves.items():
        assert seen(joint, tiles=(one, other))
        assert not seen(joint, tiles=(one,))
        assert not seen(joint, tiles=(one, other), bits=61)
        assert not seen(joint, tiles=(12,))  # the middle one


def test_a_side_that_is_too_small_for_a_picture_need_not_be_there():
    assert seen(JOINT | 10, BELOW)
    assert seen(JOINT | 54, ABOVE)
    assert not seen(JOINT | 13, BELOW)
    assert not seen(JOINT | 10)
