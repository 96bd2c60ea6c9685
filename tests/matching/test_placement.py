"""Placements: a fit to parts that are near is made finer by those that lie where it puts them."""

import numpy as np
import pytest

from hashmatch.hashers.parts import CHECKED, FINEST, LISTED, Parts, luma_of, parts_of
from hashmatch.matching.fits import applied
from hashmatch.matching.placement import Placement, guided, place
from hashmatch.native_parts import PLACE, UNIT


def slanting(photo, by):
    """A photograph as if seen from the right, on gray, and where its corners went, clockwise."""
    import cv2

    height, width = photo.shape[:2]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    seen = corners * 0.8 + [0.1 * width, 0.1 * height]
    seen[0, 1] += by * height
    seen[3, 1] -= by * height
    matrix = cv2.getPerspectiveTransform(corners, np.float32(seen))
    upload = cv2.warpPerspective(photo, matrix, (width, height), borderValue=(90, 90, 90))
    return upload, seen


def few(placement, votes):
    """A placement as a few of its votes would have made it: turned and scaled, not slanting."""
    own = placement.matrix[:2, :2]
    a, b = (own[0, 0] + own[1, 1]) / 2, (own[1, 0] - own[0, 1]) / 2
    matrix = np.array([[a, -b, placement.matrix[0, 2]], [b, a, placement.matrix[1, 2]], [0, 0, 1]])
    return Placement(matrix, votes, placement.queries[:votes], placement.listed[:votes])


@pytest.mark.parametrize("name", ["astronaut", "coffee", "china", "flower"])
def test_parts_that_are_not_near_make_the_place_of_a_slanting_picture_a_finer_one(
    photographs, name
):
    own = parts_of(luma_of(photographs[name]), LISTED)
    upload, corners = slanting(photographs[name], 0.04)
    query = parts_of(luma_of(upload, FINEST), CHECKED)
    rough = few(place(query, own, 64), 6)
    width, height = own.width, own.height
    sides = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    scale = query.width / upload.shape[1]
    before, after = (
        np.abs(applied(each.matrix, sides) - corners * scale).max() / query.width
        for each in (rough, guided(query, own, rough))
    )
    assert before >= 0.02
    assert after <= 0.006


@pytest.mark.parametrize("name", ["astronaut", "coffee"])
def test_parts_of_a_picture_are_alike_in_its_place_and_those_of_others_are_not(photographs, name):
    own = parts_of(luma_of(photographs[name]), LISTED)
    query = parts_of(luma_of(photographs[name], FINEST), CHECKED)
    found = place(query, own, 64)
    assert found.alike == (0, 0)
    near, nearly = guided(query, own, found).alike
    assert 0.7 * len(own) <= near <= nearly <= len(own)
    other = parts_of(luma_of(photographs["china"], FINEST), CHECKED)
    near, nearly = guided(other, own, found).alike
    assert near <= nearly <= 2


def test_where_no_other_parts_agree_a_placement_stays_as_it_is(photographs):
    own = parts_of(luma_of(photographs["coffee"]), LISTED)
    query = parts_of(luma_of(photographs["china"], FINEST), CHECKED)
    none = np.empty(0, np.int64)
    given = Placement(np.diag([0.9, 0.9, 1.0]), 5, none, none)
    nothing = parts_of(np.full((64, 64), 90, np.uint8), CHECKED)
    for upload in (query, nothing):
        found = guided(upload, own, given)
        assert found.votes == 5
        assert np.array_equal(found.matrix, given.matrix)


def test_parts_that_all_lie_in_one_point_make_no_placement_of_a_picture_finer():
    codes = np.random.default_rng(5).integers(0, 256, (6, 32), np.uint8)
    places = np.zeros(6, PLACE)
    places["x"] = places["y"] = np.arange(100, 106) * UNIT
    places["size"] = 10 * UNIT
    point = places.copy()
    point["x"] = point["y"] = 102 * UNIT
    listed, query = Parts(codes, codes, places, 512, 341), Parts(codes, codes, point, 512, 341)
    rows = np.arange(4)
    given = Placement(np.eye(3), 4, rows, rows)
    assert np.array_equal(guided(query, listed, given).matrix, np.eye(3))
