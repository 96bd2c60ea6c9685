"""Uploads that are on no list: strangers, and strangers that look alike on purpose.

The *hard* ones share with a listed picture all but the picture: the interface it was shown in, the
words upon it, the watermark, the frame, balls or shadows over it, a partner in a collage. The list
holds pictures in the same dress, so that the dress alone must not make a match. Or they are another
page of a listed kind: the same form filled in anew, the same chart of other figures, another screen
of the same app.

What takes more of a listed picture than what it lacks *shares most* of it: a collage with three of
the four pictures of a listed one, a post in whose screenshot the next one's picture is larger, a
logo of the same word and shape, a calendar of the same month. It is the listed picture with
something over a part of it, which is what re-posts are. So what is found of that one entry is told
by itself, and is no false flag; what is found of all others is.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from hashmatch.bench.reposts.alterations.crops import anywhere
from hashmatch.bench.reposts.alterations.setting import Pixels, Setting
from hashmatch.bench.reposts.dresses import AMONG, DRESSES, dress
from hashmatch.bench.reposts.pages import PAGES, says_the_same
from hashmatch.bench.reposts.pictures import Picture
from hashmatch.bench.reposts.suite import SUITE, altered, encoded

__all__ = [
    "HARD_SHARE",
    "LISTED_PAGES",
    "Negative",
    "dressed",
    "listed_pages",
    "negatives",
]

HARD_SHARE: Final = 0.1
"""Of the negatives that are hard: one in ten."""
_KINDS: Final = ("page", "dress", "page", "dress", "partner")
"""Kinds of hard negatives, in turn."""
_MOST_PARTNERS: Final = 3
SAME: Final = "the same for all"
_CUT: Final = (0.4, 1.0)
"""Shares of its area that a stranger keeps before it is dressed: so that no two uploads are one."""
_MORE: Final = 1.1
"""How much more of a listed picture is more than what it lacks: grids cut off a row of samples."""
_SEEN: Final = 0.02
"""Share of an upload above which a partner is seen in it, and is no portrait beside a name."""
_NOISE: Final = 3
"""Levels by which a sample that shows nothing of a picture may change with it."""
LISTED_PAGES: Final = 2
"""Pages of each kind that are listed."""


class Negative(NamedTuple):
    """An upload that is on no list.

    Attributes:
        kind: what it is.
        hard: whether it has anything in common with what is listed.
        upload: a picture file.
        shares: of `dressed` and `listed_pages`, one after the other, the places of those of which
            it shares most.
    """

    kind: str
    hard: bool
    upload: bytes
    shares: frozenset[int] = frozenset()


class _Shown(NamedTuple):
    """Of a picture in a dress, the shares that its own picture takes, and each of its partners."""

    own: float
    partners: tuple[float, ...]


def dressed(
    listed: Sequence[Picture], strangers: Sequence[Picture], seed: int
) -> tuple[Pixels, ...]:
    """One listed picture in each of the dresses; the partners in them are no listed pictures."""
    partners, _ = _parted(strangers, seed)
    return tuple(
        altered(dress(name), worn.pixels, SAME, partners, seed)
        for name, worn in zip(DRESSES, _dealt(listed, seed), strict=True)
    )


def _dealt(listed: Sequence[Picture], seed: int) -> list[Picture]:
    """Who wears which dress: of each seed others, or all of its runs would be of the same few."""
    order = _random(seed, "dresses", 0).permutation(len(listed)).tolist()
    return [listed[order[turn % len(order)]] for turn in range(len(DRESSES))]


def _parted(strangers: Sequence[Picture], seed: int) -> tuple[tuple[Pixels, ...], list[Picture]]:
    """The pictures that listed collages show beside a listed one, and the other strangers.

    The first are on the list in those collages. Each seed has others.
    """
    order = _random(seed, "partners", 0).permutation(len(strangers)).tolist()
    shared = max(1, min(_MOST_PARTNERS, len(strangers) // 2))
    rest = sorted(order[shared:]) or order
    return tuple(strangers[n].pixels for n in order[:shared]), [strangers[n] for n in rest]


def listed_pages(seed: int) -> tuple[Pixels, ...]:
    """The generated pages that are listed."""
    return tuple(
        PAGES[kind](_random(seed, kind, number)) for kind in PAGES for number in range(LISTED_PAGES)
    )


def negatives(
    listed: Sequence[Picture], strangers: Sequence[Picture], count: int, seed: int,
    share: float = HARD_SHARE,
) -> Iterator[Negative]:  # fmt: skip
    """So many uploads that nothing on the list is to be found in, but what they share most of.

    Most are strangers, whole or cropped, altered by anything of the suite; the others are a page
    of a listed kind, a stranger in a listed dress, or one picture of a listed collage among others.

    Args:
        listed: the pictures of which `dressed` shows some.
        strangers: pictures that are not listed; they are used again and again, each time altered
            in another way. Three of them, at most half, are seen in collages only: those that are
            listed show them too.
        count: of negatives.
        seed: of all choices.
        share: of them that is no stranger: one in a whole number.
    """
    shared, strangers = _parted(strangers, seed)
    shown: tuple[_Shown, ...] = ()
    partners = tuple(each.pixels for each in strangers)
    every = round(1 / share)
    for number in range(count):
        random = _random(seed, "negatives", number)
        if number % every:
            yield _stranger(strangers[number % len(strangers)], partners, random, seed, number)
            continue
        shown = shown or _shown(listed, shared, seed)
        turn, kind = divmod(number // every, len(_KINDS))
        nth = turn * _KINDS.count(_KINDS[kind]) + _KINDS[:kind].count(_KINDS[kind])
        match _KINDS[kind]:
            case "page":
                yield _page(seed, number, nth)
            case "dress":
                yield _in_dress(partners, shared, shown, random, seed, nth)
            case _:
                yield _partner(partners, shared, shown, random, seed, nth)


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
    return Negative(kind, False, encoded(copy, alteration.quality))


def _page(seed: int, number: int, turn: int) -> Negative:
    kind = [*PAGES][turn % len(PAGES)]
    page = PAGES[kind](_random(seed, kind, LISTED_PAGES + number))
    same = frozenset(
        len(DRESSES) + turn % len(PAGES) * LISTED_PAGES + listed
        for listed in range(LISTED_PAGES)
        if says_the_same(
            kind, _random(seed, kind, listed), _random(seed, kind, LISTED_PAGES + number)
        )
    )
    return Negative(kind, True, encoded(page, 85), same)


def _in_dress(
    partners: tuple[Pixels, ...], shared: tuple[Pixels, ...], shown: Sequence[_Shown],
    random: np.random.Generator, seed: int, turn: int,
) -> Negative:  # fmt: skip
    """A stranger, or a crop of one, in the very dress of a listed picture."""
    worn = turn % len(DRESSES)
    name, each = DRESSES[worn], shown[worn]
    chosen = partners[int(random.integers(len(partners)))]
    cut = anywhere(chosen, Setting(random, partners), float(random.uniform(*_CUT)))
    copy = altered(dress(name), cut, SAME, shared, seed)
    seen = {partner for partner, takes in enumerate(each.partners) if takes > _SEEN}
    return Negative(f"same dress: {name}", True, encoded(copy, 85), _mostly(shown, seen))


def _partner(
    partners: tuple[Pixels, ...], shared: tuple[Pixels, ...], shown: Sequence[_Shown],
    random: np.random.Generator, seed: int, turn: int,
) -> Negative:  # fmt: skip
    """A picture that listed collages show, the half of one of them, among strangers."""
    name = AMONG[turn % len(AMONG)]
    chosen = int(random.integers(len(shared)))
    copy = altered(dress(name), shared[chosen], f"partner {turn}", partners, seed)
    most = _mostly(shown, {chosen})
    return Negative(f"partner in another {name}", True, encoded(copy, 85), most)


def _mostly(shown: Sequence[_Shown], seen: set[int]) -> frozenset[int]:
    """The listed dresses of which some partners take more than all else in them."""
    takes = [sum(each.partners[partner] for partner in seen) for each in shown]
    return frozenset(
        worn
        for worn, (each, taken) in enumerate(zip(shown, takes, strict=True))
        if taken > _MORE * (each.own + sum(each.partners) - taken)
    )


def _shown(
    listed: Sequence[Picture], shared: tuple[Pixels, ...], seed: int
) -> tuple[_Shown, ...]:  # fmt: skip
    """What pictures take of those of `dressed`: what changes there where they do."""
    negated = [
        tuple(255 - each if place == nth else each for place, each in enumerate(shared))
        for nth in range(len(shared))
    ]
    found = []
    for name, worn in zip(DRESSES, _dealt(listed, seed), strict=True):
        own = worn.pixels
        made = [(own, shared), (255 - own, shared), *((own, others) for others in negated)]
        plain, *others = (
            altered(dress(name), pixels, SAME, partners, seed) for pixels, partners in made
        )
        takes = [_differs(plain, other) for other in others]
        found.append(_Shown(takes[0], tuple(takes[1:])))
    return tuple(found)


def _differs(one: Pixels, other: Pixels) -> float:
    """The share of the pixels in which a channel differs by more than noise."""
    differs = np.maximum(one, other) - np.minimum(one, other) > _NOISE
    return float((differs[..., 0] | differs[..., 1] | differs[..., 2]).mean())


def _random(seed: int, kind: str, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, number, *kind.encode()])
