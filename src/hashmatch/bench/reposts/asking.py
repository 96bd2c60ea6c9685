"""What an evaluation asks: which pictures are listed, and each upload, with what is known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from hashmatch.bench import codes as codes_room
from hashmatch.bench import photographs
from hashmatch.bench.reposts.alterations.crops import anywhere
from hashmatch.bench.reposts.alterations.setting import Alteration, Pixels, Setting
from hashmatch.bench.reposts.contestants import Filling
from hashmatch.bench.reposts.kept import KeptList
from hashmatch.bench.reposts.negatives import (
    HARD_SHARE,
    dressed,
    listed_pages,
    negatives,
)
from hashmatch.bench.reposts.pictures import Picture, load
from hashmatch.bench.reposts.scenes import KINDS, Shots, scenes
from hashmatch.bench.reposts.split import HALVES, Half
from hashmatch.bench.reposts.suite import altered, encoded
from hashmatch.errors import PictureError

__all__ = ["Asked", "Plan", "Questions"]

_KEPT: Final = 0.4  # of the area of a photograph, in a crop that fills the list up
LISTED: Final = 2 / 3
"""Share of the photographs that are listed; the others are the strangers."""
_SOURCES: Final = 200
_SEED: Final = 1
"""Of a kept list, which is for evaluations of any seed."""
_SCENES: Final = 4
"""One in so many of the others is a scene that is seen twice, and no stranger."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be evaluated.

    Attributes:
        photos: a folder of photographs; scikit-image's without.
        half: of the photographs; all of them without. See `hashmatch.bench.reposts.split`.
        most: photographs, at most.
        alterations: of the suite.
        negatives: how many.
        list_size: codes of the list in all: those of strangers that nobody has fill it up.
        pictures: on the list at least, with all their fingerprints: crops of the photographs of the
            other half fill it up; none do where both halves are used.
        seed: of all choices.
        kept: a folder with a list that fills this one up with all fingerprints; where there is
            none, one of `list_size` pictures is made there, of photographs of the other half.
        hard_share: of the negatives that is hard. What is said of all is of one in ten, whatever
            it is here.
    """

    photos: Path | None
    half: Half | None
    most: int
    alterations: tuple[Alteration, ...] = field(repr=False)
    negatives: int
    list_size: int
    seed: int
    pictures: int = 0
    hard_share: float = HARD_SHARE
    kept: Path | None = None

    @property
    def checks(self) -> int:
        """Of copies, scenes and negatives, for a progress bar; an upper bound."""
        others = round(self.most * (1 - LISTED)) // _SCENES * len(KINDS) + 1
        return (
            self.most * len(self.alterations) + self.negatives + (others if self.negatives else 0)
        )


class Asked(NamedTuple):
    """An upload, and what is known of it.

    Attributes:
        upload: a picture file.
        family: of the alteration; ``"scene"``, ``"hard"`` or ``"stranger"`` for what is no copy.
        kind: the alteration, or what else it is.
        own: of what it is a copy, by its place among those listed; None where it is none.
        mostly: the places of those that it shares most of: see `hashmatch.bench.reposts.negatives`.
    """

    upload: bytes
    family: str
    kind: str
    own: int | None
    mostly: frozenset[int] = frozenset()


class Questions:
    """The list and the uploads of a plan.

    Attributes:
        listed: photographs of which copies are made.
        strangers: photographs that are on no list.
        shown: all listed pictures, those of `listed` first.
        unknown: what else is on the list.

    Args:
        plan: what is to be evaluated.

    Raises:
        PictureError: there are fewer than two photographs.
        MissingExtraError: scikit-image is not installed.
    """

    def __init__(self, plan: Plan) -> None:
        pictures = load(photographs.paths(plan.photos), plan.half, plan.most)
        if len(pictures) < 2:
            raise PictureError(
                "An evaluation takes two photographs at least, one of them a stranger; name a "
                "folder with more, or take both halves."
            )
        count = max(1, min(len(pictures) - 1, round(len(pictures) * LISTED)))
        others = pictures[count:]
        self._plan = plan
        self.listed = pictures[:count]
        self.strangers = others[len(others) // _SCENES :]
        self._shots = _shots(plan, others, self.strangers)
        shown = (*(each.pixels for each in self.listed),
                 *dressed(self.listed, self.strangers, plan.seed),
                 *listed_pages(plan.seed), *(each.listed for each in self._shots))  # fmt: skip
        self.shown = shown + _fillers(plan, plan.pictures - len(shown))
        self.unknown = _others(plan, plan.list_size - len(self.shown), pictures)

    def copies(self) -> Iterator[Asked]:
        """Altered copies of what is listed."""
        for upload, alteration, place in _copies(self._plan, self.listed, self.strangers):
            yield Asked(upload, alteration.family, alteration.name, place)

    def others(self) -> Iterator[Asked]:
        """Scenes that are seen twice, strangers, and what looks like a listed picture."""
        plan, first = self._plan, len(self.listed)
        for shot in self._shots:
            yield Asked(shot.upload, "scene", shot.kind, None)
        for each in negatives(
            self.listed, self.strangers, plan.negatives, plan.seed, plan.hard_share
        ):
            mostly = frozenset(first + place for place in each.shares)
            family = "hard" if each.hard else "stranger"
            yield Asked(each.upload, family, each.kind, None, mostly)


def _fillers(plan: Plan, count: int) -> tuple[Pixels, ...]:
    """Crops of photographs that have no other part in the evaluation."""
    if count <= 0 or plan.half is None:
        return ()
    (other,) = (half for half in HALVES if half != plan.half)
    found = load(photographs.paths(plan.photos), other, plan.most)
    setting = Setting(np.random.default_rng(plan.seed), ())
    pixels = [found[n % len(found)].pixels for n in range(count)]
    return tuple(anywhere(each, setting, _KEPT) for each in pixels)


def _others(plan: Plan, count: int, pictures: Sequence[Picture]) -> Filling:
    """Pictures that are no copies of any of these: those of the kept list, or natural codes."""
    named = {each.name for each in pictures}
    if plan.kept is None:
        files = photographs.paths(None)
        carried = photographs.load([path for path in files if path.name not in named] or files)
        random = np.random.default_rng(plan.seed)
        return Filling(codes_room.natural(max(0, count), random, carried))
    kept = KeptList.open(plan.kept) if plan.kept.exists() else _kept(plan, plan.kept)
    for each in pictures:
        source = kept.shown(each)
        if source is not None:
            raise PictureError(
                f"The list in {plan.kept} has blends of what would be checked now: {source} shows "
                f"what {each.name} does. Take the other half, or keep another list."
            )
    return Filling(kept.codes, kept.parts)


def _kept(plan: Plan, folder: Path) -> KeptList:
    if plan.half is None:
        raise PictureError(
            "A list to be kept is made of the photographs of the other half; name a half."
        )
    (other,) = (half for half in HALVES if half != plan.half)
    files = photographs.paths(plan.photos)
    sources = load(files, other, _SOURCES, besides=load(files, plan.half, _SOURCES))
    return KeptList.made(folder, sources, plan.list_size, _SEED)


def _shots(plan: Plan, others: Sequence[Picture], strangers: Sequence[Picture]) -> list[Shots]:
    """Scenes that are seen twice: of photographs that are no strangers; none without negatives."""
    if not plan.negatives:
        return []
    seen = {each.name for each in strangers}
    carried = [path for path in photographs.paths(None) if path.name not in seen]
    return [*scenes(others[: len(others) - len(strangers)], carried, plan.seed)]


def _copies(
    plan: Plan, listed: Sequence[Picture], strangers: Sequence[Picture]
) -> Iterator[tuple[bytes, Alteration, int]]:
    """Altered copies as files, with the place of their picture among those listed."""
    partners = tuple(each.pixels for each in strangers)
    for alteration in plan.alterations:
        for place, picture in enumerate(listed):
            pixels = altered(alteration, picture.pixels, picture.name, partners, plan.seed)
            yield encoded(pixels, alteration.quality), alteration, place
