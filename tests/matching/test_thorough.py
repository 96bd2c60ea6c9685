"""Uploads checked thoroughly: listed pictures found by their parts, strangers left alone."""

import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest
from packing import with_parts
from reposting import NAMES, crop, fingerprints, rotated, small

from hashmatch import hash_image
from hashmatch.bench.reposts.pages import PAGES
from hashmatch.hashers import listed_parts, luma_of, parts_of, views_of
from hashmatch.hashers.parts import CHECKED, FINEST
from hashmatch.matching import Matcher
from hashmatch.packed import HASHER, pack, unpack
from hashmatch.registry import Fingerprint
from hashmatch.types import Hash


def phone(photo):
    """A screenshot of an app that shows a picture."""
    screen = np.full((1280, 600, 3), 250, np.uint8)
    shown = small(photo, 600)
    screen[200 : 200 + len(shown)] = shown
    for row in range(7):
        cv2.putText(screen, f"like {row * 37} share it", (30, 780 + 60 * row), 0, 1.1, (30,) * 3, 2)
    cv2.circle(screen, (60, 110), 36, (200, 80, 40), -1)
    cv2.putText(screen, "somebody's name", (120, 120), 0, 1.2, (10, 10, 10), 2)
    return screen


def meme(photo):
    made = np.pad(small(photo), ((110, 110), (0, 0), (0, 0)), constant_values=255)
    for text, row in (("WHEN IT IS", 70), ("MONDAY AGAIN", made.shape[0] - 40)):
        cv2.putText(made, text, (20, row), cv2.FONT_HERSHEY_DUPLEX, 1.6, (0, 0, 0), 3)
    return made


def collage(photo):
    rng = np.random.default_rng(5)
    shown = small(photo, 320)
    noise = rng.integers(0, 255, (8, 8, 3)).astype(np.uint8)
    other = cv2.resize(noise, shown.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return np.vstack([np.hstack([shown, other]), np.hstack([other[::-1], other[:, ::-1]])])


ALTERATIONS = {
    "mirror": lambda photo: photo[:, ::-1],
    "border": lambda photo: np.pad(photo, ((70, 30), (90, 90), (0, 0)), constant_values=255),
    "screenshot": phone,
    "meme": meme,
    "collage": collage,
    "crop": crop,
    "rotation": rotated,
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_reposts_are_blocked(listing, photographs, encode, alteration):
    for entry, name in enumerate(NAMES, start=1):
        upload = encode(np.ascontiguousarray(ALTERATIONS[alteration](photographs[name])))
        verdict = listing.check(upload, depth="thorough")
        assert verdict.action == "block", (name, verdict.reason)
        assert verdict.matches[0].entry == entry
        assert len({match.entry for match in verdict.matches}) == len(verdict.matches)


def test_a_verdict_tells_where_the_picture_was_found(listing, photographs):
    shown = crop(photographs["coffee"])[:, ::-1]
    assert listing.check(shown).action == "pass"
    verdict = listing.check(shown, depth="thorough")
    (match,) = verdict.matches
    assert (match.entry, match.hasher, match.view) == (2, HASHER, "placed")
    assert match.placed.mirrored
    assert abs(match.placed.turn) <= 1
    assert 0.55 <= match.placed.visible <= 0.72
    assert match.placed.votes >= 8
    assert match.distance == match.placed.tile_distance <= 31
    assert match.placed.whole_distance is None
    assert "parts that cover" in verdict.reason
    assert "mirrored" in verdict.reason
    assert "visible" in verdict.reason
    told = verdict.told()["matches"][0]
    assert told["placed"]["votes"] == match.placed.votes
    assert len(told["placed"]["outline"]) == 4


def half(photo):
    """One half of a collage, of which others have the other half, too."""
    shown = collage(photo)
    shown[:, shown.shape[1] // 2 :] = shown[::-1, shown.shape[1] // 2 :]
    shown[shown.shape[0] // 2 :, : shown.shape[1] // 2] = small(photo, 320)[:, ::-1]
    return shown


@pytest.mark.parametrize("dress", [phone, meme, collage, half])
def test_strangers_under_the_same_overlay_are_not_flagged(registry, photographs, dress):
    registry.submit([fingerprints(dress(photographs[name])) for name in NAMES[:2]])
    with Matcher(registry) as matcher:
        for name in ("chelsea", "china", "flower"):
            assert matcher.check(dress(photographs[name]), depth="thorough").action == "pass"


def test_a_picture_that_a_listed_collage_shows_among_others_is_not_blocked(registry, photographs):
    quarter = collage(photographs["coffee"])
    quarter[: len(quarter) // 2, : quarter.shape[1] // 2] = cv2.resize(
        photographs["china"], (quarter.shape[1] // 2, len(quarter) // 2)
    )
    registry.submit([fingerprints(quarter)])
    with Matcher(registry) as matcher:
        verdict = matcher.check(photographs["china"], depth="thorough")
        assert verdict.action in {"pass", "review"}
        assert matcher.check(quarter, depth="thorough").action == "block"


def test_half_of_a_listed_collage_by_itself_is_for_a_person(registry, photographs):
    """Others have either half as well."""
    halves = [cv2.resize(photographs[name], (480, 480)) for name in ("astronaut", "china")]
    registry.submit([fingerprints(np.hstack(halves))])
    with Matcher(registry) as matcher:
        assert matcher.check(np.hstack(halves), depth="thorough").action == "block"
        for half in halves:
            assert matcher.check(half, depth="thorough").action == "review"


@pytest.mark.parametrize(("seeds", "bits"), [((81, 111), 30), ((57, 107), 22)])
def test_a_logo_is_not_another_one_of_near_hash(registry, seeds, bits):
    known, other = (PAGES["logos"](np.random.default_rng(seed)) for seed in seeds)
    registry.submit([fingerprints(known)])
    with Matcher(registry) as matcher:
        assert hash_image(known) - hash_image(other) == bits
        assert matcher.check(other).action == "block"
        assert matcher.check(other, depth="thorough").action == "pass"
        assert matcher.check(known, depth="thorough").action == "block"
        smaller = cv2.resize(known, (400, 250), interpolation=cv2.INTER_AREA)
        assert matcher.check(smaller, depth="thorough").action == "block"


@pytest.mark.parametrize(("bits", "fast"), [(31, "block"), (40, "review")])
@pytest.mark.parametrize("parts", [64, 47, 0])
def test_where_parts_would_find_a_picture_a_rectangle_has_to_be_very_near(
    registry, photographs, flip, bits, fast, parts
):
    shown = phone(photographs["coffee"])
    views = {view.name: view.hash for view in views_of(shown)}
    code = flip(views["rectangle-1"].code, bits)
    submitted = [Fingerprint(Hash("pdq", code, 90))]
    if parts:
        held = unpack(listed_parts(photographs["china"]))
        some = replace(held, codes=held.codes[:parts], places=held.places[:parts])
        submitted = with_parts(Hash("pdq", code, 90), pack(some))
    registry.submit([submitted])
    with Matcher(registry) as matcher:
        assert matcher.check(shown).action == fast
        left = "pass" if parts == 64 and fast == "review" else fast
        assert matcher.check(shown, depth="thorough").action == left


@pytest.mark.parametrize(("bits", "expected"), [(31, "block"), (32, "pass")])
@pytest.mark.parametrize(("kind", "parts"), [("plain", 0), ("half in shadow", 12)])
def test_what_is_so_plain_that_it_has_few_parts_has_to_be_very_near(
    registry, flip, kind, parts, bits, expected
):
    flag = np.zeros((600, 900, 3), np.uint8)
    flag[:, :300], flag[:, 300:600], flag[:, 600:] = (20, 120, 60), (250, 250, 250), (200, 60, 60)
    if kind == "half in shadow":
        flag[:200] //= 2
    assert len(parts_of(luma_of(flag, FINEST), CHECKED)) == parts
    found = hash_image(flag)
    assert found.quality >= 50
    registry.add("default", [Hash("pdq", flip(found.code, bits), 90)], source="test")
    with Matcher(registry) as matcher:
        assert matcher.check(flag).action == ("block" if bits <= 31 else "review")
        assert matcher.check(flag, depth="thorough").action == expected


def test_strangers_pass(listing, photographs):
    for name in ("flower", "rocket", "hubble_deep_field"):
        assert listing.check(photographs[name], depth="thorough").matches == ()


def test_a_list_that_reviews_asks_for_a_review(registry, listing, photographs):
    registry.update_list("default", action="review")
    listing.refresh()
    assert listing.check(rotated(photographs["coffee"]), depth="thorough").action == "review"


def test_what_is_held_back_is_reviewed(registry, listing, photographs):
    registry.decide(2, "demote")
    listing.refresh()
    verdict = listing.check(rotated(photographs["coffee"]), depth="thorough")
    assert verdict.action == "review"
    assert "held back" in verdict.reason


def test_withdrawn_parts_find_nothing_from_then_on(registry, photographs):
    registry.add("default", [hash_image(photographs["coffee"])], source="test")
    receipt = registry.submit([fingerprints(photographs["coffee"])])
    upload = rotated(photographs["coffee"])
    with Matcher(registry) as matcher:
        assert matcher.check(upload, depth="thorough").action == "block"
        registry.withdraw_case(receipt.number, receipt.secret_phrase)
        matcher.refresh()
        assert matcher.check(upload, depth="thorough").action == "pass"
        assert matcher.check(photographs["coffee"]).action == "block"
        registry.submit([fingerprints(photographs["coffee"])])
        matcher.refresh()
        assert matcher.check(upload, depth="thorough").action == "block"
        registry.remove_list("default")
        matcher.refresh()
        assert matcher.check(upload, depth="thorough").matches == ()


def test_fast_now_and_thorough_right_after(listing, photographs, encode):
    heard, here = [], threading.Event()

    def later(verdict):
        heard.append(verdict)
        here.set()

    upload = encode(rotated(photographs["coffee"]))
    assert listing.check_then(upload, later).action == "pass"
    assert here.wait(60)
    assert [verdict.action for verdict in heard] == ["block"]
    assert listing.check_then(encode(photographs["coffee"]), later).action == "block"
    listing.close()
    assert len(heard) == 1


def test_a_callback_that_fails_is_logged_and_the_next_is_called(listing, photographs, caplog):
    done = []

    def fail(verdict):
        raise KeyError(verdict.action)

    listing.check_then(photographs["flower"], fail)
    listing.check_then(photographs["flower"], done.append)
    listing.close()
    assert [verdict.action for verdict in done] == ["pass"]
    assert "failed" in caplog.text


@pytest.mark.parametrize("kind", ["noise", "dots", "lines", "flat", "long"])
def test_hostile_pictures_are_answered(listing, kind):
    y, x = np.mgrid[:600, :900]
    made = {
        "noise": np.random.default_rng(1).integers(0, 255, (600, 900)),
        "dots": ((x % 14 - 7) ** 2 + (y % 14 - 7) ** 2 < 16) * 255,
        "lines": (x // 3 % 2) * 255,
        "flat": np.full((600, 900), 200),
        "long": np.random.default_rng(1).integers(0, 255, (20, 5000)),
    }[kind].astype(np.uint8)
    assert listing.check(made, depth="thorough").matches == ()
