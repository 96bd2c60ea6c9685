"""Uploads that are on no list: strangers, and strangers that look alike on purpose.

The *hard* ones share with a listed picture all but the picture: the interface it was shown in, the
words upon it, the watermark, the frame, the partners in a collage. The list holds pictures in the
same dress, so that the dress alone must not make a match.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from hashmatch.bench.reposts.alterations.crops import anywhere
from hashmatch.bench.reposts.alterations.setting import Pixels, Setting
from hashmatch.bench.reposts.pages import PAGES
from hashmatch.bench.reposts.pictures import Picture
from hashmatch.bench.reposts.suite import SUITE, altered, encoded

__all__ = ["DRESSES", "HARD_SHARE", "Negative", "dressed", "listed_pages", "negatives"]

HARD_SHARE: Final = 0.1
"""Of the negatives that are hard: one in ten."""
DRESSES: Final = (
    "phone, light", "phone, dark", "feed post, dark", "chat, light", "chat, dark", "story, colours",
    "browser, light", "meme bands white", "meme poster", "captions", "text 8%, 3 lines",
    "watermark all over", "5 stickers 12%", "border black 20%", "rounded white 5%",
    "collage 1x2", "collage 2x2", "collage 3x3, gaps",
)  # fmt: skip
"""Alterations that listed pictures and strangers get alike, words and partners included."""
_MOST_PARTNERS: Final = 3
SAME: Final = "the same for all"
LISTED_PAGES: Final = 3
"""Pages of each kind that are listed."""

_BY_NAME: Final = {each.name: each for each in SUITE}


class Negative(NamedTuple):
    """An upload that is on no list.

    Attributes:
        kind: what it is.
        hard: whether it is like something that is listed.
        upload: a picture file.
    """

    kind: str
    hard: bool
    upload: bytes


def dressed(
    listed: Sequence[Picture], strangers: Sequence[Picture], seed: int
) -> tuple[Pixels, ...]:
    """One listed picture in each of the dresses; the partners in them are no listed pictures."""
    partners = _partners(strangers)
    return tuple(
        altered(_BY_NAME[name], listed[turn % len(listed)].pixels, SAME, partners, seed)
        for turn, name in enumerate(DRESSES)
    )


def _partners(strangers: Sequence[Picture]) -> tuple[Pixels, ...]:
    """The pictures that listed collages show beside a listed one: they are on the list in them."""
    return tuple(each.pixels for each in strangers[-_shared(strangers) :])


def _shared(strangers: Sequence[Picture]) -> int:
    return max(1, min(_MOST_PARTNERS, len(strangers) // 2))


def listed_pages(seed: int) -> tuple[Pixels, ...]:
    """The generated pages that are listed."""
    return tuple(
        PAGES[kind](_random(seed, kind, number)) for kind in PAGES for number in range(LISTED_PAGES)
    )


def negatives(
    strangers: Sequence[Picture], count: int, seed: int, share: float = HARD_SHARE
) -> Iterator[Negative]:
    """So many uploads that nothing on the list is to be found in.

    Most are strangers, whole or cropped, altered by anything of the suite; the others are hard: a
    stranger in a listed dress, or a page of a listed kind.

    Args:
        strangers: pictures that are not listed; they are used again and again, each time altered
            in another way. The last three, at most half, are seen in collages only: those that are
            listed show them too.
        count: of negatives.
        seed: of all choices.
        share: of them that is hard: one in a whole number.
    """
    shared = _partners(strangers)
    strangers = strangers[: -len(shared)] or strangers
    partners = tuple(each.pixels for each in strangers)
    every = round(1 / share)
    for number in range(count):
        random = _random(seed, "negatives", number)
        stranger = strangers[number % len(strangers)]
        if number % every:
            yield _easy(stranger, partners, random, seed, number)
            continue
        turn = number // every
        if turn % 2:
            kind = [*PAGES][turn // 2 % len(PAGES)]
            page = PAGES[kind](_random(seed, kind, LISTED_PAGES + number))
            yield Negative(kind, hard=True, upload=encoded(page, 85))
        else:
            name = DRESSES[turn // 2 % len(DRESSES)]
            chosen = strangers[int(random.integers(len(strangers)))].pixels
            copy = altered(_BY_NAME[name], chosen, SAME, shared, seed)
            yield Negative(f"same dress: {name}", hard=True, upload=encoded(copy, 85))


def _easy(
    stranger: Picture, partners: tuple[Pixels, ...], random: np.random.Generator, seed: int,
    number: int,
) -> Negative:  # fmt: skip
    kind = "stranger"
    pixels = stranger.pixels
    if number % 3 == 0:
        kind = "crop of a stranger"
        kept = float(random.uniform(0.2, 0.9))
        pixels = anywhere(pixels, Setting(random, partners), kept)
    alteration = SUITE[int(random.integers(len(SUITE)))]
    copy = altered(alteration, pixels, f"{stranger.name} {number}", partners, seed)
    return Negative(kind, hard=False, upload=encoded(copy, alteration.quality))


def _random(seed: int, kind: str, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, number, *kind.encode()])
