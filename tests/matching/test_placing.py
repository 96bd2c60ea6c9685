"""Which uploads are placed by their parts, how far they are asked, and what hostile ones cost."""

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from packing import with_parts
from reposting import crop, fingerprints, rotated

from hashmatch.hashers import Luma, listed_parts
from hashmatch.matching import Matcher, placing
from hashmatch.packed import HASHER, pack, unpack
from hashmatch.registry import Fingerprint
from hashmatch.types import Hash


def colliding(pictures, shared):
    """Pictures that were made so that all have the same codes."""
    held = unpack(shared)
    for number in range(pictures):
        yield Fingerprint(Hash("pdq", np.random.default_rng(number).bytes(32), 90)), pack(held)


def test_parts_that_very_many_pictures_have_are_passed_over(registry, photographs, monkeypatch):
    monkeypatch.setattr(placing, "COMMON", 40)
    data = listed_parts(photographs["coffee"])
    made = [
        [whole, Fingerprint(Hash(HASHER, parts), "parts")] for whole, parts in colliding(40, data)
    ]
    registry.submit(made)
    with Matcher(registry) as matcher:
        assert matcher.check(photographs["coffee"], depth="thorough").matches == ()
        registry.submit([fingerprints(photographs["china"])])
        matcher.refresh()
        assert matcher.check(rotated(photographs["china"]), depth="thorough").action == "block"


def test_few_pictures_are_aligned_however_many_collide(registry, photographs, monkeypatch):
    data = listed_parts(photographs["coffee"])
    made = [
        [whole, Fingerprint(Hash(HASHER, parts), "parts")] for whole, parts in colliding(30, data)
    ]
    registry.submit(made)
    aligned = []
    real = placing.align
    monkeypatch.setattr(
        placing,
        "align",
        lambda u, some, stretch: aligned.append(len(some)) or real(u, some, stretch),
    )
    with Matcher(registry) as matcher:
        matcher.check(photographs["coffee"], depth="thorough")
    assert aligned == [placing.CANDIDATES]


@pytest.mark.parametrize("kind", ["one point", "one turn", "the edges", "far outside"])
def test_places_that_no_picture_has_do_no_harm(registry, photographs, kind):
    """Codes of a true picture, where nothing of it is."""
    held = unpack(listed_parts(photographs["coffee"]))
    places = np.random.default_rng(4).integers(1, 1 << 16, held.places.shape).astype(np.uint16)
    if kind == "one point":
        places[:] = (500, 500, 1, 0)
    elif kind == "one turn":
        places[:, 3] = 0
    elif kind == "the edges":
        places[:] = np.where(places > 1 << 15, (1 << 16) - 1, 1)
    else:
        places[:, :2] = (1 << 16) - 1
    data = pack(replace(held, width=1, height=1024, places=places))
    whole = Hash("pdq", np.random.default_rng(1).bytes(32), 90)
    registry.submit([with_parts(whole, data)])
    with Matcher(registry) as matcher:
        assert matcher.check(photographs["coffee"], depth="thorough").action == "pass"


def test_coarse_parts_find_what_the_others_do_not(listing, photographs, monkeypatch):
    photo = photographs["coffee"]
    cut = np.ascontiguousarray(photo[len(photo) // 5 :, photo.shape[1] // 8 :])
    monkeypatch.setattr(placing, "SMALLER", ((1_000_000, placing.Radii(0, 0)),))
    verdict = listing.check(cut, depth="thorough")
    assert (verdict.action, verdict.matches[0].entry) == ("block", 2)
    monkeypatch.setattr(placing, "WIDER", 0)
    assert listing.check(cut, depth="thorough").action == "pass"


@pytest.mark.parametrize(("enough", "asked"), [(8, 0), (1_000, 1)])
def test_coarse_parts_are_asked_where_the_others_speak_for_few(
    listing, photographs, monkeypatch, enough, asked
):
    photo = photographs["coffee"]
    cut = np.ascontiguousarray(photo[len(photo) // 5 :, photo.shape[1] // 8 :])
    with mock.patch.object(Luma, "coarse", autospec=True, side_effect=Luma.coarse) as coarse:
        monkeypatch.setattr(placing, "ENOUGH", enough)
        monkeypatch.setattr(placing, "VOTES", 1_000)  # what the first parts find does not decide
        assert listing.check(cut, depth="thorough").action == "block"
        assert coarse.call_count == asked


def test_the_others_find_what_the_first_parts_do_not(listing, photographs, monkeypatch):
    cut = crop(photographs["coffee"])
    monkeypatch.setattr(placing, "FIRST", 0)
    monkeypatch.setattr(placing, "WIDER", 0)
    verdict = listing.check(cut, depth="thorough")
    assert (verdict.action, verdict.matches[0].entry) == ("block", 2)
    monkeypatch.setattr(placing, "SMALLER", ((1_000_000, placing.Radii(38, 0)),))
    assert listing.check(cut, depth="thorough").action == "pass"


@pytest.mark.parametrize(("listed", "expected"), [
    (1, (44, 44)), (250_000, (44, 44)), (250_001, (38, 38)), (1_000_000, (38, 38)),
    (1_000_001, (34, 34)), (3_000_000, (34, 34)), (3_000_001, (30, 22)), (10_000_000, (30, 22)),
])  # fmt: skip
def test_the_fewer_parts_are_listed_the_further_they_are_asked(listed, expected):
    assert placing.radii(listed) == expected


@pytest.mark.parametrize("allowed", [False, True])
def test_nothing_is_asked_after_a_block_that_no_allow_list_can_overrule(
    registry, photographs, monkeypatch, allowed
):
    registry.create_list("known", allow_list=allowed)
    registry.submit([fingerprints(photographs["coffee"])])
    searched = []
    real = placing._hits
    monkeypatch.setattr(placing, "_hits", lambda *given: searched.append(given[1]) or real(*given))
    monkeypatch.setattr(placing, "ENOUGH", 1_000)
    monkeypatch.setattr(placing, "SMALLER", ())
    with Matcher(registry) as matcher:
        verdict = matcher.check(crop(photographs["coffee"]), depth="thorough")
        assert verdict.action == "block"
        assert len(verdict.matches) == 1
        everything = [*placing.LARGE, placing.WIDER]
        assert searched == (everything if allowed else everything[:1])
        searched.clear()
        assert len(matcher.locate(crop(photographs["coffee"]))) == 1
        assert searched == everything
