"""Listed pictures found in uploads by their parts, and told from strangers by their hashes."""

import numpy as np
import pytest

from hashmatch import native
from hashmatch.bench.reposts.pages import PAGES
from hashmatch.hashers import Luma, turned_back, views_of
from hashmatch.hashers.parts import FINEST, LISTED, STRETCHES, Parts, luma_of, parts_of
from hashmatch.hashers.tiles import tiles_of
from hashmatch.hashers.views.turns import _turned
from hashmatch.hashers.views.view import TURNS
from hashmatch.matching.alignment import ListedParts, align
from hashmatch.matching.in_place import in_place
from hashmatch.matching.placement import place


def listed(pixels, entry=7):
    luma = luma_of(pixels)
    return ListedParts(entry, parts_of(luma, LISTED), native.pdq(pixels).code, tiles_of(luma))


def look(upload, *entries):
    luma = luma_of(np.ascontiguousarray(upload), FINEST)
    return align(Luma(luma), entries)


def turned(photo, degrees):
    import cv2

    height, width = photo.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.7)
    return cv2.warpAffine(photo, matrix, (width, height))


WHOLE = {
    "as it is": lambda p: p,
    "mirrored": lambda p: p[:, ::-1],
    "turned by 90°": np.rot90,
    "turned by 12°": lambda p: turned(p, 12),
    "border": lambda p: np.pad(p, ((90, 60), (40, 120), (0, 0)), constant_values=255),
    "collage": lambda p: np.hstack([p, p[::-1] // 2 + 40]),
}


@pytest.mark.parametrize("alteration", WHOLE)
@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "china", "flower"])
def test_a_picture_that_is_whole_is_confirmed_by_its_hash(photographs, name, alteration):
    entry = listed(photographs[name])
    (found,) = look(WHOLE[alteration](photographs[name]), entry)
    assert found.entry == 7
    assert found.votes >= 6
    assert found.frame_visible >= 0.97
    assert found.whole_distance <= 31
    assert found.distance <= 31
    assert found.foreign == 0


@pytest.mark.parametrize("name", ["astronaut", "coffee", "china", "flower"])
def test_a_crop_is_confirmed_by_its_tiles(photographs, name):
    photo = photographs[name]
    height, width = photo.shape[:2]
    crop = photo[height // 5 : height, width // 10 : width * 9 // 10]
    (found,) = look(crop, listed(photo))
    assert 0.6 <= found.frame_visible <= 0.68
    assert found.whole_distance is None
    assert found.tiles_visible >= 3
    assert found.distance == found.tile_distance <= 31


def test_where_it_lies_is_said(photographs):
    photo = photographs["coffee"]
    height, width = photo.shape[:2]
    canvas = np.full((2 * height, 2 * width, 3), 128, np.uint8)
    canvas[height // 2 : height // 2 + height, width // 4 : width // 4 + width] = photo
    (found,) = look(canvas, listed(photo))
    corners = np.array(found.outline)
    expected = np.array([[0.125, 0.25], [0.625, 0.25], [0.625, 0.75], [0.125, 0.75]])
    assert np.abs(corners - expected).max() <= 0.01
    assert not found.mirrored
    assert abs(found.turn) <= 0.5
    (flipped,) = look(canvas[:, ::-1], listed(photo))
    corners = np.array(flipped.outline)
    assert np.abs(corners - expected * [-1, 1] - [1, 0]).max() <= 0.01
    assert flipped.mirrored
    (quarter,) = look(np.rot90(photo, -1), listed(photo))
    assert abs(quarter.turn - 90) <= 1


def test_strangers_are_not_aligned_or_shown_to_be_foreign(photographs):
    entries = [listed(photo, number) for number, photo in enumerate(photographs.values())]
    for number, photo in enumerate(photographs.values()):
        for found in look(photo, *entries):
            if found.entry != number:
                assert found.distance is None or found.distance > 60


def test_of_two_pages_that_differ_in_the_picture_much_is_foreign(photographs):
    import cv2

    def page(photo):
        shown = cv2.resize(photo, (480, 360))
        made = np.full((800, 500, 3), 240, np.uint8)
        made[100:460, 10:490] = shown
        for line in range(8):
            words = f"these are words {line * 7919}"
            cv2.putText(made, words, (20, 500 + 36 * line), 0, 1, (10, 10, 10), 2)
        return made

    (found,) = look(page(photographs["china"]), listed(page(photographs["astronaut"])))
    assert found.votes >= 3
    assert found.foreign >= 0.2


def textured(kind):
    y, x = np.mgrid[:400, :600]
    waves = 127 + 90 * np.sin(x / 6) * np.sin(y / 6)
    match kind:
        case "waves":
            return waves
        case "dots":
            return ((x % 20 - 10) ** 2 + (y % 20 - 10) ** 2 < 30) * 255
        case "bricks":
            return ((x + (y // 24 % 2) * 30) % 60 > 4) * (y % 24 > 4) * 200
        case _:
            return 255 * (x // 16 % 2)


@pytest.mark.parametrize("kind", ["waves", "dots", "bricks", "lines"])
def test_a_repeated_texture_does_not_vote_itself_into_a_match(kind, photographs):
    """A picture upon a texture, and another upon the same one."""
    ground = textured(kind).astype(np.uint8)
    one, other = (np.repeat(ground[:, :, None], 3, axis=2) for _ in range(2))
    one[50:350, 60:360] = photographs["astronaut"][:300, :300]
    other[50:350, 60:360] = photographs["coffee"][50:350, 100:400]
    for found in look(other, listed(one)):
        assert found.distance is None or found.distance > 31 or found.foreign >= 0.1


def test_no_parts_and_no_candidates_find_nothing(photographs):
    flat = np.full((300, 400, 3), 90, np.uint8)
    assert look(flat, listed(photographs["coffee"])) == ()
    assert look(photographs["coffee"], listed(flat)) == ()
    assert look(photographs["coffee"]) == ()


def test_entries_without_whole_hash_or_tiles_have_votes_only(photographs):
    entry = listed(photographs["coffee"])
    (found,) = look(photographs["coffee"], ListedParts(7, entry.parts, None, None))
    assert found.distance is None
    assert found.votes >= 10
    assert 0.2 <= found.coverage <= 1


def test_pairs_made_to_collide_are_bounded():
    """All codes equal, all places legal: no part has so few rivals that it counts."""
    codes = np.zeros((450, 32), np.uint8)
    rng = np.random.default_rng(3)
    places = np.empty(450, [(n, "<u2") for n in ("x", "y", "size", "turn")])
    for name in ("x", "y", "turn"):
        places[name] = rng.integers(0, 2**15, 450)
    places["size"] = rng.integers(256, 4000, 450)
    parts = Parts(codes, codes, places, 512, 512)
    assert place(parts, parts, 64) is None
    codes = np.repeat(rng.integers(0, 256, (150, 32), dtype=np.uint8), 3, axis=0)
    parts = Parts(codes, codes, places, 512, 512)
    assert place(parts, parts, 64).votes <= 450


def test_what_is_over_a_picture_leaves_most_of_its_parts_and_tiles(photographs):
    import cv2

    photo = photographs["coffee"]
    entry = listed(photo)
    upload = photo.copy()
    for row in range(2):
        cv2.putText(upload, "MONDAY AGAIN", (10, 60 + 250 * row), 0, 1.8, (255, 255, 255), 5)
    (plain,), (found,) = look(photo, entry), look(upload, entry)
    assert plain.there.bounds.area >= 0.8
    assert plain.agreement >= 0.6
    assert 0.99 <= plain.fills <= 1
    assert 0.15 <= found.agreement < plain.agreement
    assert found.there.same < plain.there.same


def test_parts_are_all_over_a_picture_under_stickers_not_where_half_is_another(photographs):
    import cv2

    photo = photographs["coffee"]
    entry = listed(photo)
    stickers, half = photo.copy(), photo.copy()
    for x, y in ((80, 300), (300, 90), (480, 330)):
        cv2.circle(stickers, (x, y), 55, (255, 205, 40), -1)
    half[:, photo.shape[1] // 2 :] = photographs["china"][: photo.shape[0], : photo.shape[1] // 2]
    (plain,), (found,), (other,) = look(photo, entry), look(stickers, entry), look(half, entry)
    assert plain.worst <= 40
    assert plain.worst < found.worst <= other.worst - 15
    assert other.worst >= 115
    assert other.agreement >= 0.15


def test_of_a_picture_under_boxes_what_is_bare_is_there_and_of_another_on_its_page_is_not(
    photographs,
):
    import cv2

    photo = photographs["coffee"]
    boxes = photo.copy()
    for x, y in ((20, 40), (300, 60), (150, 250)):
        cv2.rectangle(boxes, (x, y), (x + 230, y + 110), (255, 255, 255), -1)
    page = np.full((900, 700, 3), 245, np.uint8)
    for row in range(6):
        cv2.putText(page, "a page of words", (20, 480 + 70 * row), 0, 1.8, (20, 20, 20), 4)
    other = page.copy()
    page[20:420, 50:650] = photo[:400]
    other[20:420, 50:650] = photographs["china"][:400, :600]
    (plain,), (under,) = look(photo, listed(photo)), look(boxes, listed(photo))
    (dressed,) = look(other, listed(page))
    assert plain.there.other == plain.there.lost == 0
    assert plain.there.apart is None
    assert plain.there.same > under.there.same >= 5
    assert under.there.other <= 0.12 * under.there.same
    assert under.there.apart < 110
    assert dressed.there.apart >= 116
    assert dressed.there.other > 0.12 * dressed.there.same


def test_one_picture_of_nine_that_is_another_one_is_seen_in_its_place(photographs):
    names = ("coffee", "astronaut", "china", "flower", "chelsea")
    cells = [photographs[name][:300, :300] for name in names]
    cells = [*cells[:4], *(cell[::-1] for cell in cells[:4]), cells[0][:, ::-1], cells[4]]
    page = np.vstack([np.hstack(cells[row : row + 3]) for row in (0, 3, 6)])
    other = page.copy()
    other[:300, 300:600] = cells[9]
    (same,), (found,) = look(page, listed(page)), look(other, listed(page))
    assert same.worst <= 40
    assert found.worst >= 100
    assert found.tile_distance <= 31


def test_a_crop_is_asked_for_what_it_shows_only(photographs):
    photo = photographs["coffee"]
    (found,) = look(photo[: photo.shape[0] // 2], listed(photo))
    assert found.worst <= 60


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_half_of_a_listed_collage_is_a_corner_of_it_and_the_middle_of_a_picture_is_none(
    photographs, side
):
    names = ("coffee", "china", "astronaut", "chelsea")
    ours, mine, *others = [photographs[name][:300, :400] for name in names]
    collage = np.hstack([ours, mine] if side == "right" else [mine, ours])
    *_, half = look(np.vstack([np.hstack([others[0], mine]), np.hstack(others)]), listed(collage))
    left, top, right, bottom = half.there.bounds
    assert (left >= 0.47) if side == "right" else (right <= 0.53)
    assert bottom - top >= 0.8
    assert half.fills <= 0.65
    photo = photographs["china"]
    middle = photo[60:360, 90:550]
    *_, crop = look(np.hstack([others[0], middle, others[1]]), listed(photo))
    left, top, right, bottom = crop.there.bounds
    assert 0.05 <= left <= 0.25
    assert 0.75 <= right <= 0.95
    assert crop.there.holes <= 0.15 * crop.there.same


@pytest.mark.parametrize("kind", ["one app", "logos", "documents"])
def test_pages_of_one_kind_are_told_apart_in_their_places(kind):
    pages = [PAGES[kind](np.random.default_rng(seed)) for seed in (1, 2)]
    entry = listed(pages[0])
    own, other = (in_place(Luma(luma_of(page, FINEST)), entry, np.eye(3)) for page in pages)
    assert own.foreign <= 0.05
    assert own.apart <= 20
    assert other.foreign > 0.35 or other.apart > 75
    assert own.parts == other.parts == len(entry.parts)


def test_what_has_no_parts_is_told_by_its_tiles(photographs):
    entry = listed(photographs["coffee"])
    parts = entry.parts
    none = Parts(parts.codes[:0], parts.mirrored[:0], parts.places[:0], parts.width, parts.height)
    smooth = ListedParts(7, none, entry.whole, entry.tiles)
    seen = in_place(Luma(luma_of(photographs["coffee"], FINEST)), smooth, np.eye(3))
    assert (seen.parts, seen.apart, seen.worst, seen.foreign) == (0, None, None, 0.0)
    assert (seen.there.same, seen.there.other, seen.there.hole) == (0.0, 0.0, 0.0)


def test_what_is_blurred_is_still_the_same_in_its_place(photographs):
    import cv2

    photo = photographs["coffee"]
    small = cv2.resize(photo, (64, 43), interpolation=cv2.INTER_AREA)
    assert in_place(Luma(luma_of(small, FINEST)), listed(photo), np.eye(3)).foreign <= 0.1


@pytest.mark.parametrize("number", range(8), ids=TURNS)
def test_what_is_turned_or_mirrored_is_turned_back_in_its_place(photographs, number):
    photo = photographs["coffee"]
    view = views_of(photo)[number]
    upload = np.ascontiguousarray(_turned(photo)[number])
    seen = in_place(Luma(luma_of(photo, FINEST)), listed(upload), turned_back(view))
    assert seen.foreign == 0
    assert seen.apart <= 20
    assert seen.there.bounds.area >= 0.8


def test_of_a_crop_among_others_what_is_there_is_the_same(photographs):
    photo = photographs["coffee"]
    cut = photo[:, photo.shape[1] // 4 :]
    others = [photographs[name][: cut.shape[0], : cut.shape[1]] for name in ("china", "astronaut")]
    short = min(len(other) for other in others)
    *_, found = look(np.hstack([others[0][:short], cut[:short], others[1][:short]]), listed(photo))
    assert 0.05 <= found.there.bounds.left <= 0.3
    assert found.fills <= 0.65
    assert found.foreign == 0  # the picture beside it lies in another rectangle


@pytest.mark.parametrize("flip", [False, True], ids=["as it is", "mirrored"])
@pytest.mark.parametrize("name", ["coffee", "china", "flower"])
def test_a_crop_among_others_ends_where_its_place_does(photographs, name, flip):
    photo = photographs[name][:300, :450]
    places = [photographs[other][:300, :300] for other in ("astronaut", "chelsea", "rocket")]
    places.insert(1, photo[:, 75:375])
    sheet = np.vstack([np.hstack(places[:2]), np.hstack(places[2:])])
    _, found = look(sheet[:, ::-1] if flip else sheet, listed(photo))
    assert found.mirrored == flip
    assert abs(found.frame_visible - 2 / 3) <= 0.03
    assert found.foreign == 0
    assert found.distance <= 12
    assert found.worst <= 60


def test_one_picture_of_a_listed_collage_is_no_piece_of_it(photographs):
    names = ("astronaut", "coffee", "flower", "china")
    cut = [photographs[name][:400, :400] for name in names]
    collage, other = np.hstack(cut[:2]), np.hstack([cut[2], cut[1], cut[3]])
    (found,) = look(other, listed(collage))
    assert found.frame_visible >= 0.9
    assert found.foreign >= 0.2


def squashed_crop(photo, by):
    """Five sixths of the width and height of a photograph that was made wider, or narrower."""
    import cv2

    height, width = photo.shape[:2]
    squashed = cv2.resize(photo, (round(width * by), height), interpolation=cv2.INTER_AREA)
    crop = squashed[height // 6 :, : round(width * by) * 5 // 6]
    return Luma(luma_of(np.ascontiguousarray(crop), FINEST))


@pytest.mark.parametrize("by", [1.5, 1.25, 0.8, 2 / 3], ids=["wide", "wider", "narrower", "narrow"])
@pytest.mark.parametrize("name", ["astronaut", "coffee", "china", "flower"])
def test_a_crop_that_was_squashed_is_placed_by_parts_of_it_stretched(photographs, name, by):
    entry, upload = listed(photographs[name]), squashed_crop(photographs[name], by)
    stretch = min(STRETCHES, key=lambda each: abs(np.log(each * by)))
    (found,) = align(upload, [entry], stretch)
    assert found.votes >= 6
    assert found.distance <= 31
    assert found.foreign == 0
    assert abs(found.frame_visible - 25 / 36) <= 0.02
    corners = np.array(found.outline)
    assert np.abs(corners - [[0, -0.2], [1.2, -0.2], [1.2, 1], [0, 1]]).max() <= 0.02


def test_hardly_a_crop_that_was_squashed_is_placed_as_it_is(photographs):
    crops = [
        (listed(photographs[name]), squashed_crop(photographs[name], by))
        for name in ("astronaut", "coffee", "china", "flower")
        for by in (1.5, 1.25, 0.8, 2 / 3)
    ]
    found = [align(upload, [entry]) for entry, upload in crops]
    assert sum(any((each.distance or 256) <= 31 for each in one) for one in found) <= 2


def test_ten_parts_of_an_upload_stretched_find_most_crops_that_were_squashed(photographs):
    near = []
    for name in ("astronaut", "coffee", "china", "flower"):
        codes = listed(photographs[name]).parts.codes
        for by in (1.25, 0.8):
            stretched = squashed_crop(photographs[name], by).stretched()
            assert all(len(each) <= 10 for each in stretched)
            asked = np.concatenate(stretched)
            near.append(np.bitwise_count(asked[:, None] ^ codes[None]).sum(axis=2).min() <= 30)
    assert sum(near) >= 6
