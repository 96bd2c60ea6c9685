"""Copies and strangers, checked by each contestant; then counted."""

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from hashmatch.bench import codes as codes_room
from hashmatch.bench import machine, photographs
from hashmatch.bench.reposts.alterations.crops import anywhere
from hashmatch.bench.reposts.alterations.setting import Alteration, Pixels, Setting
from hashmatch.bench.reposts.contestants import WIDE, Answer, Contestant, Filling, Found
from hashmatch.bench.reposts.counting import Checked, curves, flags, recalls
from hashmatch.bench.reposts.kept import KeptList
from hashmatch.bench.reposts.negatives import (
    HARD_SHARE,
    dressed,
    listed_pages,
    negatives,
)
from hashmatch.bench.reposts.pictures import Picture, load
from hashmatch.bench.reposts.results import Report
from hashmatch.bench.reposts.scenes import KINDS, Shots, scenes
from hashmatch.bench.reposts.split import HALVES, Half
from hashmatch.bench.reposts.suite import altered, encoded
from hashmatch.errors import PictureError

__all__ = ["Plan", "evaluate"]

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


def evaluate(
    plan: Plan, contestants: Sequence[Contestant], done: Callable[[], None] = lambda: None
) -> Report:
    """Check copies of listed photographs and strangers, by every contestant in turn.

    `KeyboardInterrupt` ends it early: what was checked until then is reported.

    Args:
        plan: what.
        contestants: that are new: each is given the list first.
        done: hears of each check that was done by all of them.

    Raises:
        PictureError: there are fewer than two photographs.
        MissingExtraError: scikit-image is not installed.
    """
    described = machine.describe()
    pictures = load(photographs.paths(plan.photos), plan.half, plan.most)
    if len(pictures) < 2:
        raise PictureError(
            "An evaluation takes two photographs at least, one of them a stranger; name a folder "
            "with more, or take both halves."
        )
    listed = pictures[: max(1, min(len(pictures) - 1, round(len(pictures) * LISTED)))]
    others = pictures[len(listed) :]
    strangers = others[len(others) // _SCENES :]
    shots = _shots(plan, others, strangers)
    shown = (*(each.pixels for each in listed), *dressed(listed, strangers, plan.seed),
             *listed_pages(plan.seed), *(each.listed for each in shots))  # fmt: skip
    shown += _fillers(plan, plan.pictures - len(shown))
    unknown = _others(plan, plan.list_size - len(shown), pictures)
    for contestant in contestants:
        contestant.list_pictures(shown, unknown)

    copies: dict[str, list[Checked]] = {each.name: [] for each in contestants}
    wrong: dict[str, list[Checked]] = {each.name: [] for each in contestants}
    finished = False
    with suppress(KeyboardInterrupt):
        for upload, alteration, place in _copies(plan, listed, strangers):
            _check(contestants, upload, (alteration.family, alteration.name, place), copies)
            done()
        for shot in shots:
            _check(contestants, shot.upload, ("scene", shot.kind, None), wrong)
            done()
        for each in negatives(listed, strangers, plan.negatives, plan.seed, plan.hard_share):
            family = "hard" if each.hard else "stranger"
            mostly = frozenset(len(listed) + place for place in each.shares)
            _check(contestants, each.upload, (family, each.kind, None), wrong, mostly)
            done()
        finished = True

    names = [each.name for each in contestants]
    return Report(
        machine=described,
        asked=_asked(plan, listed, strangers, len(shown), unknown) | {"finished": finished},
        recalls=tuple(row for name in names for row in recalls(name, copies[name])),
        flags=tuple(row for name in names for row in flags(name, wrong[name])),
        curves={name: curves(copies[name], wrong[name]) for name in names},
        command=shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        measured=datetime.now(UTC).isoformat(timespec="seconds"),
    )


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


def _check(
    contestants: Sequence[Contestant],
    upload: bytes,
    what: tuple[str, str, int | None],
    checks: dict[str, list[Checked]],
    mostly: frozenset[int] = frozenset(),
) -> None:
    """Have an upload of a family and kind checked by all, and note what they say.

    What they find of pictures that it is most of is noted apart, beside what they find of others.
    """
    family, kind, own = what
    answers = [each.check(upload) for each in contestants]
    for contestant, answer in zip(contestants, answers, strict=True):
        noted = checks[contestant.name]
        others = tuple(each for each in answer.found if each.picture not in mostly)
        noted.append(_checked(answer._replace(found=others), family, kind, own))
        if mostly:
            rest = tuple(each for each in answer.found if each.picture in mostly)
            noted.append(_checked(answer._replace(found=rest), "shares most", kind, own))


def _checked(answer: Answer, family: str, kind: str, own: int | None) -> Checked:
    """What counts of an answer: for a copy its own entry, for a stranger the nearest."""
    fitting = [each for each in answer.found if own is None or each.picture == own]
    severity = {"block": 2, "review": 1, "pass": 0}
    best = max(
        fitting,
        key=lambda each: (severity[each.tier], -each.distance),
        default=Found(-1, "pass", WIDE + 1, ""),
    )
    return Checked(family, kind, best.tier, best.distance, best.votes, answer.seconds, answer.codes)


def _asked(
    plan: Plan, listed: Sequence[Picture], strangers: Sequence[Picture], shown: int,
    others: Filling,
) -> dict[str, Any]:  # fmt: skip
    return {
        "photos": str(plan.photos or "scikit-image's"),
        "half": plan.half or "both",
        "listed_photographs": len(listed),
        "listed_pictures": shown + (len(others.codes) if others.parts is not None else 0),
        "listed_in_all": shown + len(others.codes),
        "listed_parts": 0 if others.parts is None else len(others.parts),
        "strangers": len(strangers),
        "alterations": len(plan.alterations),
        "negatives": plan.negatives,
        "hard_negatives": plan.hard_share,
        "seed": plan.seed,
    }
