import numpy as np
import pytest
from hashers.views.scenes import PAGES, scene, shrunk

from hashmatch import hash_image, native, native_parts
from hashmatch.bench.reposts.pages import PAGES as LOGOS
from hashmatch.hashers import Reduced, is_whole, likelihood, turned_back, views_of
from hashmatch.hashers.views.cells import cells_of
from hashmatch.hashers.views.regions import TURNED, regions
from hashmatch.hashers.views.view import DRAWN_OUT, TURNS
from hashmatch.types import Hash


def cells(pixels):
    height, width = pixels.shape[:2]
    return cells_of(Reduced(pixels, width, height))


def nearest(pixels, photo):
    """The view that is nearest to a photograph, and how far away it is."""
    wanted = hash_image(photo)
    return min(((view.hash - wanted, view.name) for view in views_of(pixels)), default=(256, ""))


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("title", ["astronaut", "coffee", "chelsea"])
def test_a_pasted_photograph_is_found_to_the_sample(kind, title, photographs):
    made = scene(kind, photographs[title], photographs["china"])
    found = native.rectangles(made.pixels)
    errors = [max(abs(a - b) for a, b in zip(made.box, box[:4], strict=True)) for box in found]
    assert min(errors) <= 1, errors


@pytest.mark.parametrize("turn", ["", "flip-y", "rotate-90", "rotate-180"])
def test_the_view_names_the_rectangle_and_its_turn(turn, photographs):
    photo = shrunk(photographs["astronaut"], 300, 300)
    turned = {"": photo, "flip-y": photo[:, ::-1], "rotate-90": np.rot90(photo, 3),
              "rotate-180": np.rot90(photo, 2)}[turn]  # fmt: skip
    made = scene("strangers", np.ascontiguousarray(turned), photographs["china"], inner=(300, 300))
    distance, name = nearest(made.pixels, photo)
    assert distance <= 16
    region, _, seen = name.partition("/")
    assert region.startswith("rectangle-")
    assert seen == turn


@pytest.mark.parametrize("margin", [0.01, 0.05, 0.4])
@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (200, 30, 90)])
def test_a_border_of_any_width_and_colour_is_trimmed(margin, colour, photographs):
    photo = photographs["chelsea"]
    high, wide = photo.shape[:2]
    m = round(margin * wide)
    pixels = np.full((high + 2 * m, wide + 2 * m, 3), colour, np.uint8)
    pixels[m : m + high, m : m + wide] = photo
    distance, name = nearest(pixels, photo)
    assert distance <= 16
    assert name == ("original" if m < 2 else name)
    trimmed = next(box for box in native.rectangles(pixels) if box.trimmed)
    assert trimmed[:4] == pytest.approx((m, m, m + wide, m + high), abs=1)


@pytest.mark.parametrize("gap", [0, 12])
def test_every_picture_of_a_collage_is_found(gap, photographs):
    titles = ("astronaut", "coffee", "chelsea", "china")
    photos = [shrunk(photographs[title], 320, 240) for title in titles]
    pixels = np.full((480 + 3 * gap, 640 + 3 * gap, 3), 255, np.uint8)
    for place, photo in enumerate(photos):
        top, left = gap + place // 2 * (240 + gap), gap + place % 2 * (320 + gap)
        pixels[top : top + 240, left : left + 320] = photo
    assert max(nearest(pixels, photo)[0] for photo in photos) <= 31


def test_only_what_is_turned_besides_is_far_fetched(photographs):
    made = scene("white", photographs["coffee"], photographs["china"])
    names = {view.name: likelihood(view.name) == "far-fetched" for view in views_of(made.pixels)}
    assert {"original", "flip-y", "trimmed", "trimmed/flip-y", "rectangle-1/taller"} <= {*names}
    assert not any(names[name] for name in names if name.split("/")[-1] in {"wider", "taller"})
    assert not any(names[name] for name in names if "/" not in name)
    assert all(names[name] for name in names if "/flip-" in name or "/rotate-" in name)


def test_a_photograph_by_itself_has_few_rectangles(photographs):
    counts = {title: len(native.rectangles(photo)) for title, photo in photographs.items()}
    assert sorted(counts.values())[len(counts) // 2] <= 4, counts


def test_panels_and_small_rectangles_are_not_hashed():
    pixels = np.full((600, 400, 3), 250, np.uint8)
    pixels[100:300, 50:350] = np.linspace(60, 90, 300).astype(np.uint8)[:, None]  # almost a panel
    boxes = native.rectangles(pixels)
    assert boxes[0][:4] == (50, 100, 350, 300)
    assert len(regions(cells(pixels))) <= 8 * (len(boxes) - 1)
    assert regions(cells(np.zeros((31, 31, 3), np.uint8))) == ()


def hostile():
    random = np.random.default_rng(3)
    grid = np.zeros((640, 640), np.uint8)
    grid[::8] = grid[:, ::8] = 255
    boxes = np.zeros((640, 640), np.uint8)
    for _ in range(3000):
        y, x = random.integers(0, 600, 2)
        h, w = random.integers(8, 200, 2)
        boxes[y : y + h, x : x + w] = random.integers(256)
    return {
        "all border": np.full((640, 640), 7, np.uint8),
        "lines": np.tile(np.array([0, 255] * 320, np.uint8), (640, 1)),
        "broad lines": np.tile(np.repeat(np.arange(40, dtype=np.uint8) % 2 * 255, 16), (640, 1)),
        "a grid": grid,
        "thousands of rectangles": boxes,
        "text": (random.random((640, 640)) < 0.2).astype(np.uint8) * 255,
        "noise": random.integers(0, 256, (640, 640), np.uint8),
        "a ribbon": random.integers(0, 256, (33, 30_000), np.uint8),
        "a tower": random.integers(0, 256, (30_000, 33), np.uint8),
        "a thin line": np.zeros((65_535, 1), np.uint8),
    }


@pytest.mark.parametrize("name", hostile())
def test_nothing_has_more_than_so_many_views(name):
    pixels = hostile()[name]
    boxes = native.rectangles(pixels)
    assert len(boxes) <= native.RECTANGLES
    height, width = pixels.shape
    for box in boxes:
        assert 0 <= box.left < box.right <= width
        assert 0 <= box.top < box.bottom <= height
    assert len(views_of(pixels)) <= 8 + 2 + 8 * TURNED + native.RECTANGLES - TURNED


def test_rectangles_of_color_and_of_strided_pixels_are_the_same(photographs):
    made = scene("white", photographs["coffee"], photographs["china"])
    gray = np.repeat(made.pixels[..., 1:2], 3, axis=2)
    assert native.rectangles(gray) == native.rectangles(made.pixels)
    wide = np.zeros((640, 700, 3), np.uint8)
    wide[:, :480] = made.pixels
    assert native.rectangles(wide[:, :480]) == native.rectangles(made.pixels)


@pytest.mark.parametrize("cut", ["wider", "taller"])
@pytest.mark.parametrize("place", range(4))
def test_a_picture_that_was_cut_to_fill_its_place_in_a_collage_is_found(cut, place, photographs):
    titles = ("astronaut", "coffee", "chelsea", "china")
    photos = [shrunk(photographs[title], 320, 240) for title in titles]
    wide, high = (344, 240) if cut == "wider" else (320, 258)  # a fourteenth of it is cut off
    photo = shrunk(photographs[titles[place]], wide, high)
    x, y = (wide - 320) // 2, (high - 240) // 2
    photos[place] = photo[y : y + 240, x : x + 320]
    pixels = np.concatenate([np.concatenate(row, axis=1) for row in (photos[:2], photos[2:])])
    distance, name = nearest(pixels, photo)
    assert distance <= 31
    assert name.startswith("rectangle-")
    assert name.endswith(f"/{cut}")


@pytest.mark.parametrize("gap", [0, 8])
def test_most_pictures_of_a_collage_of_nine_are_found(gap, photographs):
    photos = [shrunk(photo, 240, 180) for photo in photographs.values()]
    photos.append(photos[0][::-1, ::-1] // 2 + 60)  # one more
    pixels = np.full((540 + 4 * gap, 720 + 4 * gap, 3), 20, np.uint8)
    for place, photo in enumerate(photos):
        top, left = gap + place // 3 * (180 + gap), gap + place % 3 * (240 + gap)
        pixels[top : top + 180, left : left + 240] = photo
    assert sum(nearest(pixels, photo)[0] <= 31 for photo in photos) >= 8


def test_a_border_that_a_picture_fades_into_at_one_side_is_as_wide_as_opposite(photographs):
    photo = shrunk(photographs["coffee"], 400, 300)
    fade = np.clip((380 - np.arange(400)) / 100, 0, 1)  # black from 380 on
    dark = (photo * fade[None, :, None]).astype(np.uint8)
    pixels = np.zeros((380, 480, 3), np.uint8)
    pixels[40:340, 40:440] = dark
    boxes = native.rectangles(pixels)
    assert boxes[0].trimmed
    assert boxes[0].right < 430, "the dark side is trimmed away"
    assert any(box[:4] == pytest.approx((40, 40, 440, 340), abs=1) for box in boxes)
    assert nearest(pixels, dark)[0] <= 16


def test_a_dark_picture_between_words_on_a_dark_page_is_cut_out(photographs):
    photo = shrunk(photographs["chelsea"], 400, 260) // 6 + 18
    pixels = np.full((700, 400, 3), 18, np.uint8)
    pixels[200:460] = photo
    for line in (60, 90, 560, 590, 620):
        pixels[line : line + 12, 30:340:7] = 200
    boxes = native.rectangles(pixels)
    assert any(box[:4] == pytest.approx((0, 200, 400, 460), abs=1) for box in boxes)


def rounded(pixels, radius, page):
    """The same with round corners, in which the page is seen."""
    high, wide = pixels.shape[:2]
    y, x = np.mgrid[:high, :wide] + 0.5
    beside = np.maximum(radius - np.minimum(x, wide - x), 0)
    above = np.maximum(radius - np.minimum(y, high - y), 0)
    seen = np.clip(radius + 0.5 - np.hypot(beside, above), 0, 1)[..., None]
    return np.rint(pixels * seen + page * (1 - seen)).astype(np.uint8)


@pytest.mark.parametrize("page", [0, 128, 255])
def test_round_corners_do_not_change_what_a_dark_picture_is(page, photographs):
    for title in ("coffee", "chelsea"):
        photo = shrunk(photographs[title], 300, 200) // 5 + 30
        gray = np.ascontiguousarray(rounded(photo, 24, page)[..., 1])
        box = [native.Rectangle(0, 0, 300, 200, False)]
        (codes,), _ = native.pdq_rectangles(gray, box, 1, 1)
        alone = native.pdq(np.ascontiguousarray(photo[..., 1]))
        bits = np.unpackbits(codes[0] ^ np.frombuffer(alone.code, np.uint8)).sum()
        unmended = native.pdq(gray)
        before = np.frombuffer(unmended.code, np.uint8) ^ np.frombuffer(alone.code, np.uint8)
        assert bits <= 32
        assert 2 * bits <= np.unpackbits(before).sum()


@pytest.mark.parametrize("radius", range(9, 17))
@pytest.mark.parametrize("short", [0, 1])
def test_small_round_corners_are_seen_where_a_row_of_them_is_missing(radius, short, photographs):
    photo = shrunk(photographs["coffee"], 300, 200) // 5 + 30
    gray = np.ascontiguousarray(rounded(photo, radius, 255)[..., 1])
    box = [native.Rectangle(0, 0, 300, 200 - short, False)]
    (codes,), _ = native.pdq_rectangles(gray, box, 1, 1)
    alone = np.frombuffer(native.pdq(np.ascontiguousarray(photo[..., 1])).code, np.uint8)
    assert np.unpackbits(codes[0] ^ alone).sum() <= 32


def test_corners_that_are_not_round_stay_as_they_are(photographs):
    gray = np.ascontiguousarray(shrunk(photographs["astronaut"], 300, 300)[..., 1])
    gray[:60, :60] = gray[:60, -60:] = gray[-60:, :60] = gray[-60:, -60:] = 255
    box = [native.Rectangle(0, 0, 300, 300, False)]
    (codes,), _ = native.pdq_rectangles(gray, box, 1, 1)
    alone = native.pdq_scaled(gray, 300, 300, 1)
    assert np.unpackbits(codes[0] ^ alone.codes[0]).sum() <= 8


def test_a_dark_picture_in_a_bubble_has_an_even_margin(photographs):
    photo = shrunk(photographs["coffee"], 400, 300)
    fade = np.clip((330 - np.arange(300)) / 200, 0, 1)[:, None, None]
    dark = (photo * fade**3).astype(np.uint8)  # black at its foot
    dark[-40:] = 44
    pixels = np.full((800, 640, 3), 18, np.uint8)
    pixels[200:524, 30:454] = 44
    pixels[212:512, 42:442] = dark
    words = np.random.default_rng(1).random((800, 640)) < 0.2
    words[190:534] = False
    pixels[words] = 200
    boxes = native.rectangles(pixels)
    assert any(box[:4] == pytest.approx((42, 212, 442, 512), abs=2) for box in boxes)


def test_a_picture_whose_foot_is_as_dark_as_the_page_has_a_usual_shape(photographs):
    photo = shrunk(photographs["chelsea"], 480, 270)
    fade = np.clip((200 - np.arange(270)) / 80, 0, 1)[:, None, None]
    dark = (photo * fade).astype(np.uint8)
    pixels = np.zeros((900, 480, 3), np.uint8)
    pixels[300:570] = dark
    for line in (60, 90, 700, 730):
        pixels[line : line + 12, 30:340:7] = 200
    boxes = native.rectangles(pixels)
    assert any(box[:4] == pytest.approx((0, 300, 480, 570), abs=2) for box in boxes)


def test_a_picture_with_a_line_through_it_is_one_of_those_named(photographs):
    photo = shrunk(photographs["coffee"], 480, 320)
    photo[:150] = photo[:150] // 4 + 180  # a horizon
    pixels = np.full((900, 480, 3), 255, np.uint8)
    pixels[240:560] = photo
    for line in (60, 90, 700, 730, 760):
        pixels[line : line + 12, 30:340:7] = 30
    assert nearest(pixels, photo)[0] <= 16


@pytest.mark.parametrize("high", [220, 300])
@pytest.mark.parametrize("title", ["coffee", "astronaut"])
def test_a_picture_that_a_line_makes_two_of_is_found_whole_among_busy_bars(
    title, high, photographs
):
    photo = shrunk(photographs[title], 480, high)
    photo[: high * 9 // 20] = photo[: high * 9 // 20] // 4 + 160  # a horizon
    specks = np.random.default_rng(1).random((50, 480, 1)) < 0.3
    bars = [np.where(specks, 128, shade) for shade in (30, 225)] * 7
    pixels = np.repeat(np.concatenate(bars), 3, axis=2).astype(np.uint8)
    pixels[200 : 200 + high] = photo
    boxes = native.rectangles(pixels)
    assert any(box[:4] == pytest.approx((0, 200, 480, 200 + high), abs=2) for box in boxes)


def test_hashes_of_rectangles_are_those_of_the_pictures_alone(photographs):
    boxes = [native.Rectangle(*box, False) for box in ((0, 0, 300, 200), (31, 57, 211, 307))]
    for title in ("astronaut", "coffee", "chelsea"):
        gray = np.ascontiguousarray(photographs[title][..., 1])[:310, :400]
        boxes[1] = boxes[1]._replace(bottom=min(307, gray.shape[0]))
        for reduction in (1, 2, 8):
            codes, qualities = native.pdq_rectangles(gray, boxes, reduction, 2)
            for box, turned, quality in zip(boxes, codes, qualities, strict=True):
                wide, high = box.right - box.left, box.bottom - box.top
                alone = native.pdq_scaled(
                    gray[box.top : box.bottom, box.left : box.right],
                    wide * reduction, high * reduction, reduction,
                )  # fmt: skip
                differing = np.unpackbits(turned[:8] ^ alone.codes, axis=1).sum(axis=1)
                assert differing.max() <= 8
                assert differing.mean() <= 3
                assert abs(int(quality) - alone.quality) <= 1


@pytest.mark.parametrize("reduction", [1, 2, 8])
def test_drawn_out_rectangles_are_hashed_as_if_their_outermost_samples_went_on(
    reduction, photographs
):
    for title in ("astronaut", "coffee", "chelsea"):
        gray = np.ascontiguousarray(photographs[title][:280, :420, 1])
        box = [native.Rectangle(0, 0, 420, 280, False)]
        (codes,), _ = native.pdq_rectangles(gray, box, reduction, 1)
        for code, beside in zip(codes[8:], ((0, 15), (10, 0)), strict=True):
            padded = np.pad(gray, tuple((each, each) for each in beside), mode="edge")
            high, wide = padded.shape
            alone = native.pdq_scaled(padded, wide * reduction, high * reduction, reduction)
            assert np.unpackbits(code ^ alone.codes[0]).sum() <= 8


def test_rectangles_that_are_not_turned_have_one_hash_and_the_same(photographs):
    gray = np.ascontiguousarray(photographs["astronaut"][..., 1])
    boxes = [native.Rectangle(*box, False) for box in ((0, 0, 300, 200), (31, 57, 211, 307))]
    turned, qualities = native.pdq_rectangles(gray, boxes, 1, 2)
    upright, same = native.pdq_rectangles(gray, boxes, 1, 1)
    assert (upright[0] == turned[0]).all()
    assert (upright[1, 0] == turned[1, 0]).all()
    assert not upright[1, 1:].any()
    assert same.tolist() == qualities.tolist()


@pytest.mark.parametrize(
    ("pixels", "box", "reduction"),
    [
        (np.zeros((40, 40), np.uint8), (0, 0, 41, 40), 1),
        (np.zeros((40, 40), np.uint8), (5, 0, 5, 40), 1),
        (np.zeros((40, 40), np.uint8), (0, 0, 40, 40), 65),
        (np.zeros((40, 31), np.uint8), (0, 0, 31, 40), 1),
        (np.zeros((40, 40, 3), np.uint8), (0, 0, 40, 40), 1),
    ],
)
def test_rectangles_that_cannot_be_hashed_are_refused(pixels, box, reduction):
    with pytest.raises(ValueError, match="gray picture with sides from 32 on"):
        native.pdq_rectangles(pixels, [native.Rectangle(*box, False)], reduction, 1)


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_a_logo_is_not_drawn_out(seed):
    logo = LOGOS["logos"](np.random.default_rng(seed))
    low = {view.name for view in views_of(logo) if (view.hash.quality or 0) < 80}
    assert any(name.startswith("rectangle-") and name.endswith("/flip-y") for name in low)
    assert not any(name.endswith(("/wider", "/taller")) for name in low)


@pytest.mark.parametrize("rendering", ["", *TURNS[1:6], *DRAWN_OUT])
def test_a_view_tells_what_of_the_upload_it_shows(rendering, photographs):
    """What lies in its place, turned as the view is, has its hash; of one drawn out, nearly."""
    made = scene("strangers", shrunk(photographs["astronaut"], 300, 300), photographs["china"])
    height, width = made.pixels.shape[:2]
    views = {view.name: view for view in views_of(made.pixels)}
    name = next(name for name in views if name.startswith("rectangle-")) + f"/{rendering}" * (
        rendering != ""
    )
    view = views[name]
    gray = native.gray(made.pixels)
    back = np.diag([width, height, 1]) @ turned_back(view) @ np.diag([1 / 256, 1 / 256, 1])
    shown, _ = native_parts.warp(native_parts.luma(gray, width, height, side=max(width, height)),
                                 back, 256, 256)  # fmt: skip
    assert (Hash("pdq", native.pdq(shown).code) - view.hash) <= (
        60 if rendering in DRAWN_OUT else 24
    )


def test_a_view_of_the_whole_shows_everything(photographs):
    for view in views_of(photographs["coffee"]):
        assert is_whole(view.name) == (view.place == (0, 0, 1, 1))
        left, top, right, bottom = view.place
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
