"""Parts that many pictures have: those that are shipped as such, and what is known as harmless."""

from datetime import UTC, datetime

import numpy as np
import pytest
from packing import with_parts

from hashmatch import hash_image
from hashmatch.bench.reposts.alterations.setting import Setting
from hashmatch.bench.reposts.common import common_parts
from hashmatch.bench.reposts.suite import SUITE, altered
from hashmatch.hashers import Luma, get, listed_parts, luma_of, parts_of
from hashmatch.hashers.parts import CHECKED, FINEST
from hashmatch.matching import Generation, Matcher, common, hash_upload, judge, placing
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.matching.shelf import Shelf
from hashmatch.registry import EntryBatch, HashList, PartsRow

PHONE = next(each for each in SUITE if each.name == "phone, dark")


def codes_of(pixels):
    return parts_of(luma_of(np.ascontiguousarray(pixels), FINEST), CHECKED).codes


def test_parts_of_an_interface_are_common_and_those_of_photographs_are_not(photographs):
    for photo in photographs.values():
        assert common.are_common(codes_of(photo)).mean() <= 0.01
    shown = [
        PHONE.alter(
            photographs["coffee"], Setting(np.random.default_rng(seed), (photographs["china"],))
        )
        for seed in (70, 71, 72, 73)
    ]
    assert sum(common.are_common(codes_of(each)).sum() for each in shown) >= 4
    assert not len(common.are_common(np.empty((0, 32), np.uint8)))


def test_the_harness_finds_what_one_dress_brings(photographs):
    pictures = [photographs[name][:300, :400] for name in ("coffee", "china", "flower", "chelsea")]
    found = common_parts(pictures[:3], 5)
    worn = codes_of(altered(PHONE, pictures[3], "common parts", pictures[:1], 5))
    near = np.bitwise_count(worn[:, None] ^ found[None]).sum(axis=2).min(axis=1) <= 15
    bare = codes_of(pictures[3])
    assert near.sum() >= 5
    assert np.bitwise_count(bare[:, None] ^ found[None]).sum(axis=2).min() > 15


@pytest.fixture
def stopped(photographs, monkeypatch):
    """A stop list of all parts that a photograph has."""
    codes = codes_of(photographs["coffee"])
    monkeypatch.setattr(common, "common_codes", lambda: codes)
    common._index.cache_clear()
    yield codes
    common._index.cache_clear()


def fingerprints(photo):
    return with_parts(hash_image(photo), listed_parts(photo))


def crop(photo):
    return photo[len(photo) // 5 :, photo.shape[1] // 8 :]


def test_common_parts_do_not_vote(registry, photographs, stopped, monkeypatch):
    registry.submit([fingerprints(photographs[name]) for name in ("coffee", "china")])
    monkeypatch.setattr(placing, "SMALLER", ())  # so that each is asked in a radius of its own
    voting = {radius: [] for radius in (*placing.LARGE, placing.WIDER)}
    real = placing._hits

    def hits(codes, radius, shelf):
        found = real(codes, radius, shelf)
        voting[radius].append(len(found.numbers))
        return found

    monkeypatch.setattr(placing, "_hits", hits)
    monkeypatch.setattr(placing, "ENOUGH", 1_000)  # coarse parts are asked in any case
    with Matcher(registry) as matcher:
        assert matcher.check(photographs["coffee"][:, ::-1], depth="thorough").action == "block"
        assert not any(voting.values())  # its views find it
        assert len(stopped)
        assert matcher.check(crop(photographs["china"]), depth="thorough").action == "block"
    voting = {radius: [] for radius in voting}
    shelf = PartShelf.build(
        PartsRow(entry, hash_image(photographs[name]).code, listed_parts(photographs[name]))
        for entry, name in enumerate(("china", "coffee"), start=1)
    )
    for name in ("china", "coffee"):
        upload = Luma(luma_of(np.ascontiguousarray(crop(photographs[name])), FINEST))
        for _ in placing.placed_in(upload, shelf, lambda found: np.zeros(len(found), np.bool_)):
            pass
    (of_china, of_coffee), _, (all_coarse, coarse) = voting.values()
    assert of_coffee < of_china / 2
    assert coarse < all_coarse


def page(photo):
    """One picture under much that others have too."""
    made = np.full((900, 600, 3), 245, np.uint8)
    rng = np.random.default_rng(2)
    for _ in range(60):
        x, y, side = rng.integers(0, (560, 500, 60))
        made[y : y + side + 8, x : x + side + 8] = rng.integers(0, 255, 3)
    made[560:880, 60:540] = photo[:320, :480]
    return made


def generation(pictures, **more):
    """Pictures as entries 1, 2, …, of lists 1, 2, …; the second list is an allow-list."""
    hashes = [hash_image(each) for each in pictures]
    numbers = np.arange(1, len(pictures) + 1)
    batch = EntryBatch(
        ids=numbers.astype(np.int64),
        codes=np.frombuffer(b"".join(each.code for each in hashes), np.uint8).reshape(-1, 32),
        qualities=np.full(len(pictures), 100, np.int16),
        list_ids=numbers.astype(np.int32),
    )
    parts = PartShelf.build(
        PartsRow(number, each.code, listed_parts(pixels))
        for number, (each, pixels) in enumerate(zip(hashes, pictures, strict=True), start=1)
    )
    shelves = {"pdq": Shelf.build(get("pdq"), [batch])}
    return Generation(1, more.pop("lists"), shelves, parts=parts, **more)


@pytest.mark.parametrize("why", ["nothing", "allow-list", "opinions", "operator"])
def test_what_a_harmless_picture_shows_speaks_for_no_other(photographs, monkeypatch, why):
    listed = [page(photographs["coffee"]), page(np.full((320, 480, 3), 128, np.uint8))]
    lists = {
        number: HashList(
            number, f"list {number}", datetime(2026, 1, 1, tzinfo=UTC),
            allow_list=why == "allow-list" and number == 2,
        )
        for number in (1, 2)
    }  # fmt: skip
    held = {2: why} if why in {"opinions", "operator"} else {}
    aligned = []
    real = placing.align
    monkeypatch.setattr(
        placing,
        "align",
        lambda u, some, by: aligned.extend(e.entry for e in some) or real(u, some, by),
    )
    upload = hash_upload(page(photographs["china"]), [get("pdq")], depth="thorough")
    verdict = judge(generation(listed, lists=lists, held=held), upload)
    assert 2 in aligned
    assert (1 in aligned) == (why in {"nothing", "operator"})
    assert all(match.entry == 2 for match in verdict.matches)
