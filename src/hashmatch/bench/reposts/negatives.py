"""Uploads that are on no list: strangers, and strangers that look alike on purpose.

The *hard* ones share with a listed picture all but the picture: the interface it was shown in, the
words upon it, the watermark, the frame, a partner in a collage. The list holds pictures in the same
dress, so that the dress alone must not make a match.

A collage that shows three of four, or eight of nine, pictures of a listed one *shares most* of it:
it is the listed picture with something over a part of it, which is what re-posts are. So these are
told by themselves, and are no false flags.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np

from hashmatch.bench.reposts.alterations.crops import anywhere
from hashmatch.bench.reposts.alterations.setting import Pixels, Setting
from hashmatch.bench.reposts.pages import PAGES
from hashmatch.bench.reposts.pictures import Picture
from hashmatch.bench.reposts.suite import SUITE, altered, encoded

__all__ = [
    "DRESSES",
    "HARD_SHARE",
    "MOSTLY_LISTED",
    "Family",
    "Negative",
    "dressed",
    "listed_pages",
    "negatives",
]

Family = Literal["stranger", "hard", "shares most"]
"""What an upload that is on no list has in common with what is: nothing; a dress, or at most half
of it; more than half of it."""

HARD_SHARE: Final = 0.1
"""Of the negatives that are hard: one in ten."""
DRESSES: Final = (
    "phone, light", "phone, dark", "feed post, dark", "chat, light", "chat, dark", "story, colours",
    "browser, light", "meme bands white", "meme poster", "captions", "text 8%, 3 lines",
    "watermark all over", "5 stickers 12%", "border black 20%", "rounded white 5%",
    "collage 1x2", "collage 2x2", "collage 3x3, gaps",
)  # fmt: skip
"""Alterations that listed pictures and strangers get alike, words and partners included."""
MOSTLY_LISTED: Final = frozenset({"collage 2x2", "collage 3x3, gaps"})
"""The dresses in which more than half of a listed picture comes back: all partners do."""
AMONG: Final = ("collage 1x2", "collage 2x2", "collage 3x3, gaps")
"""Alterations that put a partner of listed collages among pictures that are listed nowhere."""
_KINDS: Final = ("page", "dress", "page", "dress", "partner")
"""Kinds of hard negatives, in turn."""
_MOST_PARTNERS: Final = 3
SAME: Final = "the same for all"
LISTED_PAGES: Final = 3
"""Pages of each kind that are listed."""

_BY_NAME: Final = {each.name: each for each in SUITE}


class Negative(NamedTuple):
    """An upload that is on no list.

    Attributes:
        kind: what it is.
        family: what it has in common with what is listed.
        upload: a picture file.
    """

    kind: str
    family: Family
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
    """So many uploads that nothing on the list is to be found in, but for those that share most.

    Most are strangers, whole or cropped, altered by anything of the suite; the others are a page
    of a listed kind, a stranger in a listed dress, or one picture of a listed collage among others.

    Args:
        strangers: pictures that are not listed; they are used again and again, each time altered
            in another way. The last three, at most half, are seen in collages only: those that are
            listed show them too.
        count: of negatives.
        seed: of all choices.
        share: of them that is no stranger: one in a whole number.
    """
    shared = _partners(strangers)
    strangers = strangers[: -len(shared)] or strangers
    partners = tuple(each.pixels for each in strangers)
    every = round(1 / share)
    for number in range(count):
        random = _random(seed, "negatives", number)
        if number % every:
            yield _stranger(strangers[number % len(strangers)], partners, random, seed, number)
            continue
        turn, kind = divmod(number // every, len(_KINDS))
        nth = turn * _KINDS.count(_KINDS[kind]) + _KINDS[:kind].count(_KINDS[kind])
        match _KINDS[kind]:
            case "page":
                yield _page(seed, number, nth)
            case "dress":
                yield _in_dress(partners, shared, random, seed, nth)
            case _:
                yield _partner(partners, shared, random, seed, nth)


def _stranger(
    stranger: Picture, partners: tuple[Pixels, ...], random: np.random.Generator, seed: int,
    number: int,
) -> Negative:  # fmt: skip
    kind = "whole"
    pixels = stranger.pixels
    if number % 3 == 0:
        kind = "crop"
        kept = float(random.uniform(0.2, 0.9))
        pixels = anywhere(pixels, Setting(random, partners), kept)
    alteration = SUITE[int(random.integers(len(SUITE)))]
    copy = altered(alteration, pixels, f"{stranger.name} {number}", partners, seed)
    return Negative(kind, "stranger", encoded(copy, alteration.quality))


def _page(seed: int, number: int, turn: int) -> Negative:
    kind = [*PAGES][turn % len(PAGES)]
    page = PAGES[kind](_random(seed, kind, LISTED_PAGES + number))
    return Negative(kind, "hard", encoded(page, 85))


def _in_dress(
    partners: tuple[Pixels, ...], shared: tuple[Pixels, ...], random: np.random.Generator,
    seed: int, turn: int,
) -> Negative:  # fmt: skip
    """A stranger in the very dress of a listed picture."""
    name = DRESSES[turn % len(DRESSES)]
    chosen = partners[int(random.integers(len(partners)))]
    copy = altered(_BY_NAME[name], chosen, SAME, shared, seed)
    family: Family = "shares most" if name in MOSTLY_LISTED else "hard"
    return Negative(f"same dress: {name}", family, encoded(copy, 85))


def _partner(
    partners: tuple[Pixels, ...], shared: tuple[Pixels, ...], random: np.random.Generator,
    seed: int, turn: int,
) -> Negative:  # fmt: skip
    """A picture that listed collages show, the half of one of them, among strangers."""
    name = AMONG[turn % len(AMONG)]
    chosen = shared[int(random.integers(len(shared)))]
    copy = altered(_BY_NAME[name], chosen, f"partner {turn}", partners, seed)
    return Negative(f"partner in another {name}", "hard", encoded(copy, 85))


def _random(seed: int, kind: str, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, number, *kind.encode()])
