"""Pictures that hashes suppose where they are not near: found, and at what cost."""

import cv2
import numpy as np
import pytest
from packing import with_parts

from hashmatch import hash_image
from hashmatch.hashers import Luma, listed_parts, luma_of, parts_of, tiles_of, views_of
from hashmatch.hashers.parts import FINEST, LISTED
from hashmatch.matching import Matcher, supposing
from hashmatch.matching.alignment import ListedParts
from hashmatch.matching.supposing import ASKED, COMPARED, FARTHEST, SUPPOSED, supposed_in
from hashmatch.types import Matches

NAMES = ("astronaut", "coffee", "flower")
LINES = {"astronaut": (35, 5), "coffee": (60, 2), "flower": (25, 5)}
"""How many lay over each, and how thick: so many that no part is within reach."""


def scribbled(photo, lines, thick=5):
    """Lines in all colours all over a picture."""
    rng, made = np.random.default_rng(3), photo.copy()
    height, width = photo.shape[:2]
    for _ in range(lines):
        start, steps = rng.uniform(0, 1, (1, 2)) * (width, height), rng.normal(0, width / 5, (7, 2))
        points = np.cumsum(np.vstack([start, steps]), axis=0).astype(np.int32)
        colour = tuple(int(level) for level in rng.integers(0, 256, 3))
        cv2.polylines(made, [points], False, colour, thick, cv2.LINE_AA)
    return made


@pytest.fixture
def listing(registry, photographs):
    """A matcher of three photographs, entries 1, 2 and 3."""
    registry.submit([
        with_parts(hash_image(photographs[name]), listed_parts(photographs[name])) for name in NAMES
    ])  # fmt: skip
    with Matcher(registry) as matcher:
        yield matcher


def look(pixels):
    return Luma(luma_of(pixels, FINEST))


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_with_no_part_in_reach_is_found_where_its_hash_supposes_it(
    listing, photographs, name
):
    upload = scribbled(photographs[name], *LINES[name])
    assert 45 < hash_image(upload) - hash_image(photographs[name]) <= FARTHEST
    verdict = listing.check(upload, depth="thorough")
    assert verdict.action == "review"
    (match,) = verdict.matches
    assert match.entry == NAMES.index(name) + 1
    assert match.placed.votes < 3
    assert match.placed.single
    assert listing.locate(upload) == verdict.matches


def test_parts_alone_would_have_found_nothing(listing, photographs, monkeypatch):
    monkeypatch.setattr(supposing, "supposed_in", lambda *_: iter(()))
    for name in NAMES:
        upload = scribbled(photographs[name], *LINES[name])
        assert listing.check(upload, depth="thorough").action == "pass"


@pytest.mark.parametrize("mirror", [False, True])
def test_it_is_found_within_another_picture_too(listing, photographs, mirror):
    inner = scribbled(photographs["astronaut"], 40)
    page = np.full((900, 700, 3), 245, np.uint8)
    page[150:662, 94:606] = inner[:, ::-1] if mirror else inner
    (match,) = listing.check(page, depth="thorough").matches
    assert match.entry == 1
    assert match.placed.mirrored == mirror
    corners = [(94 / 700, 150 / 900), (606 / 700, 662 / 900)]
    found = sorted(match.placed.outline)
    assert np.allclose([found[0], found[-1]], corners, atol=0.02)


def test_strangers_drawn_over_alike_are_none_of_them(listing, photographs):
    for name in ("chelsea", "china", "rocket"):
        for lines in (25, 40, 60):
            assert not listing.check(scribbled(photographs[name], lines), depth="thorough").matches


class Counted:
    """A shelf that has so many entries, and finds the same in all of its views."""

    def __init__(self, entries, found=()):
        self.entries = entries
        self.found = np.array(found, np.int64)
        self.asked = []

    def __len__(self):
        return self.entries

    def within(self, codes, radius):
        assert radius == FARTHEST
        self.asked.append(len(codes))
        count = len(self.found)
        ids, bits = np.tile(self.found, len(codes)), np.tile(50 + np.arange(count), len(codes))
        return Matches(np.arange(len(codes) + 1) * count, ids, bits.astype(np.uint16))


class Known:
    """Parts of pictures, from one entry on, and which were asked for."""

    def __init__(self, listed=None, first=0):
        self.asked = []
        self.listed = listed
        self.first = first

    def __len__(self):
        return 1

    def picture(self, entry):
        self.asked.append(entry)
        return self.listed if entry >= self.first else None


@pytest.mark.parametrize(
    ("entries", "views"), [(0, 94), (1_000, 94), (200_000, 20), (COMPARED, 1), (COMPARED + 1, 0)]
)
def test_a_longer_list_is_asked_by_fewer_views(photographs, entries, views):
    upload = photographs["coffee"]
    given, shelf = views_of(upload), Counted(entries)
    assert [*supposed_in(given, look(upload), shelf, Known())] == []
    assert shelf.asked == ([min(views, len(given))] if views else [])


def test_the_nearest_few_are_looked_for(photographs):
    upload = photographs["coffee"]
    luma = luma_of(upload)
    listed = ListedParts(7, parts_of(luma, LISTED), None, tiles_of(luma))
    parts = Known(listed, first=3)
    views = views_of(upload)[:4]
    found = [*supposed_in(views, look(upload), Counted(9, range(9)), parts)]
    assert len(found) == SUPPOSED
    assert parts.asked == [*range(3 + SUPPOSED)]  # those that have none take nobody's place


def test_very_many_that_are_near_cost_no_more(photographs):
    upload, parts = photographs["coffee"], Known()
    shelf = Counted(9, range(30_000))
    assert [*supposed_in(views_of(upload), look(upload), shelf, parts)] == []
    assert 1 <= len(parts.asked) <= ASKED


def test_where_nothing_has_parts_nothing_is_asked(photographs):
    upload, shelf = photographs["coffee"], Counted(9)
    assert [*supposed_in(views_of(upload), look(upload), shelf, ())] == []
    assert not shelf.asked


def test_what_is_near_by_its_parts_is_not_supposed(listing, photographs, monkeypatch):
    def never(*_):
        raise AssertionError

    monkeypatch.setattr(supposing, "supposed_in", never)
    crop = photographs["coffee"][40:360, 60:540]
    assert listing.check(crop, depth="thorough").matches
