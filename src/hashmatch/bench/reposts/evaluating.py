"""Copies and strangers, checked by each contestant; then counted."""

import shlex
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hashmatch.bench import machine
from hashmatch.bench.reposts.asking import Asked, Plan, Questions
from hashmatch.bench.reposts.contestants import WIDE, Answer, Contestant, Found
from hashmatch.bench.reposts.counting import Checked, curves, flags, recalls
from hashmatch.bench.reposts.results import Report

__all__ = ["evaluate"]


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
    questions = Questions(plan)
    for contestant in contestants:
        contestant.list_pictures(questions.shown, questions.unknown)

    copies: dict[str, list[Checked]] = {each.name: [] for each in contestants}
    wrong: dict[str, list[Checked]] = {each.name: [] for each in contestants}
    finished = False
    with suppress(KeyboardInterrupt):
        for asked, checks in ((questions.copies(), copies), (questions.others(), wrong)):
            for each in asked:
                _check(contestants, each, checks)
                done()
        finished = True

    names = [each.name for each in contestants]
    return Report(
        machine=described,
        asked=_asked(plan, questions) | {"finished": finished},
        recalls=tuple(row for name in names for row in recalls(name, copies[name])),
        flags=tuple(row for name in names for row in flags(name, wrong[name])),
        curves={name: curves(copies[name], wrong[name]) for name in names},
        command=shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        measured=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _check(
    contestants: Sequence[Contestant], asked: Asked, checks: dict[str, list[Checked]]
) -> None:
    """Have an upload checked by all, and note what they say.

    What they find of pictures that it is most of is noted apart, beside what they find of others.
    """
    answers = [each.check(asked.upload) for each in contestants]
    for contestant, answer in zip(contestants, answers, strict=True):
        noted = checks[contestant.name]
        others = tuple(each for each in answer.found if each.picture not in asked.mostly)
        noted.append(_checked(answer._replace(found=others), asked, asked.family))
        if asked.mostly:
            rest = tuple(each for each in answer.found if each.picture in asked.mostly)
            noted.append(_checked(answer._replace(found=rest), asked, "shares most"))


def _checked(answer: Answer, asked: Asked, family: str) -> Checked:
    """What counts of an answer: for a copy its own entry, for a stranger the nearest."""
    fitting = [each for each in answer.found if asked.own in (None, each.picture)]
    severity = {"block": 2, "review": 1, "pass": 0}
    best = max(
        fitting,
        key=lambda each: (severity[each.tier], -each.distance),
        default=Found(-1, "pass", WIDE + 1, ""),
    )
    return Checked(
        family, asked.kind, best.tier, best.distance, best.votes, answer.seconds, answer.codes
    )


def _asked(plan: Plan, questions: Questions) -> dict[str, Any]:
    shown, others = len(questions.shown), questions.unknown
    return {
        "photos": str(plan.photos or "scikit-image's"),
        "half": plan.half or "both",
        "listed_photographs": len(questions.listed),
        "listed_pictures": shown + (len(others.codes) if others.parts is not None else 0),
        "listed_in_all": shown + len(others.codes),
        "listed_parts": 0 if others.parts is None else len(others.parts),
        "strangers": len(questions.strangers),
        "alterations": len(plan.alterations),
        "negatives": plan.negatives,
        "hard_negatives": plan.hard_share,
        "seed": plan.seed,
    }
