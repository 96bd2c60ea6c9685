"""What listed pictures and strangers are dressed in alike, words and partners included.

Most dresses are of the suite, flat ones and lively ones. Two are made for this: a post below which
as much of the next one shows, at most, as of its own picture; and three pictures beside each other,
no two of them one. No dress is a double exposure: what a picture takes of an upload is told by
where it changes it, which there is everywhere for both.
"""

from typing import Final

from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.collages import LONGEST
from hashmatch.bench.reposts.alterations.drawing import (
    array,
    canvas,
    cover,
    fit,
    font,
    paste,
    resized,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Alteration, Pixels, Setting
from hashmatch.bench.reposts.suite import SUITE

__all__ = ["AMONG", "DRESSES", "dress"]

DRESSES: Final = (
    "phone, light", "phone, dark", "feed post, dark", "chat, light", "chat, dark", "story, colours",
    "browser, light", "meme bands white", "meme poster", "captions", "text 8%, 3 lines",
    "watermark all over", "5 stickers 12%", "border black 20%", "rounded white 5%",
    "collage 1x2", "collage 2x2", "collage 3x3, gaps", "narrow capitals above and below",
    "meme bands white + phone, dark", "post and the next one", "three beside each other",
    "shaded balls", "shaded faces", "confetti", "snow", "quote on the darkened picture",
    "shadow of leaves", "discs of light", "drops on glass", "wooden frame",
    "letters filled with a photograph", "cut-out of a photograph", "photograph in a corner",
    "print on a photograph", "shadow of blinds",
)  # fmt: skip
"""Names of the dresses."""
AMONG: Final = ("collage 1x2", "collage 2x2", "collage 3x3, gaps", "three beside each other")
"""Dresses that put a partner of listed collages among pictures that are listed nowhere."""


def dress(name: str) -> Alteration:
    """The alteration of a name, of the suite or of this room."""
    return _BY_NAME[name]


def next_post(pixels: Pixels, setting: Setting) -> Pixels:
    """A post in a feed, and the upper part of the next one, which shows no more than the first."""
    page = canvas(1080, 1920, (255, 255, 255))
    draw = ImageDraw.Draw(page)
    shown = fit(pixels, 1080, 1000)
    high, wide = shown.shape[:2]
    following = cover(setting.stranger(), 1080, max(1, high * wide // 1080))
    top = 0
    for post, left in ((shown, (1080 - wide) // 2), (following, 0)):
        draw.ellipse((30, top + 25, 110, top + 105), fill=(120, 140, 190))
        draw.text((140, top + 38), sentence(setting.random, 2), (20, 20, 20), font(44))
        paste(page, post, left, top + 130)
        top += 130 + post.shape[0]
        for sign in range(3):
            x = 30 + 90 * sign
            draw.ellipse((x, top + 20, x + 50, top + 70), outline=(20, 20, 20), width=4)
        top += 90
    return array(page)


def three_beside(pixels: Pixels, setting: Setting) -> Pixels:
    """The picture in one of three places beside each other, two strangers in the others."""
    scale = min(1.0, LONGEST / (3 * pixels.shape[1]))
    high, wide = (max(1, round(side * scale)) for side in pixels.shape[:2])
    order = setting.random.permutation(len(setting.strangers)).tolist()
    row = [cover(setting.strangers[order[n % len(order)]], wide, high) for n in range(2)]
    row.insert(int(setting.random.integers(3)), resized(pixels, wide, high))
    page = canvas(3 * wide, high, (255, 255, 255))
    for place, content in enumerate(row):
        paste(page, content, place * wide, 0)
    return array(page)


_OWN: Final = (
    Alteration("post and the next one", "screenshot", next_post),
    Alteration("three beside each other", "collage", three_beside),
)
_BY_NAME: Final = {each.name: each for each in (*SUITE, *_OWN)}
