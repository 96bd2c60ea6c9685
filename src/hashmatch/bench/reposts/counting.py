"""From single checks to recalls, rates of false flags, and curves."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from hashmatch.bench.reposts.contestants import WIDE
from hashmatch.bench.reposts.intervals import share, upper_bound
from hashmatch.bench.reposts.negatives import HARD_SHARE
from hashmatch.bench.reposts.results import Flags, Recall
from hashmatch.types import Action

__all__ = ["Checked", "added", "curves", "flags", "recalls"]

MILLION: Final = 1e6


class Checked(NamedTuple):
    """One check, by one contestant.

    Attributes:
        family: of the alteration; of a negative its own, or ``"scene"``.
        kind: name of the alteration; kind of the negative.
        tier: what was made of it.
        distance: bits to the own entry, or to the nearest one.
        votes: parts that agreed; None where there are none.
        seconds: that it took.
        codes: that were searched for.
    """

    family: str
    kind: str
    tier: Action
    distance: int
    votes: int | None
    seconds: float
    codes: int


def recalls(contestant: str, checks: Sequence[Checked]) -> Iterator[Recall]:
    """A row for each family, then one for each alteration."""
    for family in dict.fromkeys(each.family for each in checks):
        yield _recall(contestant, family, "", [each for each in checks if each.family == family])
    for kind in dict.fromkeys(each.kind for each in checks):
        same = [each for each in checks if each.kind == kind]
        yield _recall(contestant, same[0].family, kind, same)


def _recall(contestant: str, family: str, name: str, checks: Sequence[Checked]) -> Recall:
    block = share(sum(each.tier == "block" for each in checks), len(checks))
    flagged = share(sum(each.tier != "pass" for each in checks), len(checks))
    distances = [each.distance for each in checks]
    votes = [each.votes for each in checks if each.votes is not None]
    ms = [each.seconds * 1e3 for each in checks]
    return Recall(
        contestant, family, name, len(checks), *block, *flagged,
        distance_median=float(np.median(distances)),
        distance_p95=float(np.percentile(distances, 95)),
        votes_median=float(np.median(votes)) if votes else None,
        ms_median=float(np.median(ms)),
        ms_p95=float(np.percentile(ms, 95)),
        codes_mean=float(np.mean([each.codes for each in checks])),
        codes_most=max(each.codes for each in checks),
    )  # fmt: skip


def flags(contestant: str, checks: Sequence[Checked]) -> Iterator[Flags]:
    """A row for all negatives at the rate agreed on, one for each family, one for each kind.

    What is found of a listed picture that an upload shares most of is no error, nor is another shot
    of a listed scene: they are not among all.
    """
    families = {
        family: _flags(contestant, family, "", [each for each in checks if each.family == family])
        for family in ("stranger", "hard", "shares most", "scene")
        if any(each.family == family for each in checks)
    }
    if "stranger" in families and "hard" in families:
        yield _weighed(contestant, families["stranger"], families["hard"])
    yield from families.values()
    for family, kind in sorted({(each.family, each.kind) for each in checks}):
        same = [each for each in checks if (each.family, each.kind) == (family, kind)]
        yield _flags(contestant, family, kind, same)


def added(runs: Iterable[Sequence[Flags]]) -> Iterator[Flags]:
    """The false flags of several runs as those of one: counts are added, bounds made anew.

    Args:
        runs: over the same pictures, with different seeds.
    """
    rows: dict[tuple[str, str, str], list[Flags]] = {}
    for row in (row for run in runs for row in run if row.family != "all"):
        rows.setdefault((row.contestant, row.family, row.kind), []).append(row)
    summed = {
        key: _counted(
            *key,
            sum(row.checks for row in same),
            sum(row.blocked for row in same),
            sum(row.reviewed for row in same),
            min(row.nearest for row in same),
        )
        for key, same in rows.items()
    }
    for name in dict.fromkeys(key[0] for key in summed):
        strangers, hard = (summed.get((name, family, "")) for family in ("stranger", "hard"))
        if strangers is not None and hard is not None:
            yield _weighed(name, strangers, hard)
        yield from (row for key, row in summed.items() if key[0] == name)


def _flags(contestant: str, family: str, kind: str, checks: Sequence[Checked]) -> Flags:
    return _counted(
        contestant,
        family,
        kind,
        len(checks),
        sum(each.tier == "block" for each in checks),
        sum(each.tier == "review" for each in checks),
        min(each.distance for each in checks),
    )


def _counted(
    contestant: str, family: str, kind: str, count: int, blocked: int, reviewed: int, nearest: int
) -> Flags:
    return Flags(
        contestant, family, kind, count, blocked, reviewed,
        block_per_million=blocked / count * MILLION,
        block_at_most=upper_bound(blocked, count) * MILLION,
        flagged_per_million=(blocked + reviewed) / count * MILLION,
        flagged_at_most=upper_bound(blocked + reviewed, count) * MILLION,
        nearest=nearest,
    )  # fmt: skip


def _weighed(contestant: str, strangers: Flags, hard: Flags) -> Flags:
    """Both together, with one in ten hard; the bounds are added, which is on the safe side."""

    def both(name: str) -> float:
        one, other = float(getattr(strangers, name)), float(getattr(hard, name))
        return (1 - HARD_SHARE) * one + HARD_SHARE * other

    return Flags(
        contestant, "all", "", strangers.checks + hard.checks, strangers.blocked + hard.blocked,
        strangers.reviewed + hard.reviewed, both("block_per_million"), both("block_at_most"),
        both("flagged_per_million"), both("flagged_at_most"), min(strangers.nearest, hard.nearest),
    )  # fmt: skip


def curves(copies: Sequence[Checked], wrong: Sequence[Checked]) -> dict[str, list[float]]:
    """What would be found and flagged at each threshold, from 0 to the widest."""
    groups = {
        "found": [each.distance for each in copies],
        "strangers": [each.distance for each in wrong if each.family == "stranger"],
        "hard": [each.distance for each in wrong if each.family == "hard"],
    }
    return {"threshold": [float(bits) for bits in range(WIDE + 1)]} | {
        name: _within(distances) for name, distances in groups.items()
    }


def _within(distances: Sequence[int]) -> list[float]:
    if not distances:
        return [0.0] * (WIDE + 1)
    counts = np.bincount(np.minimum(distances, WIDE + 1), minlength=WIDE + 2)
    within: list[float] = (np.cumsum(counts)[: WIDE + 1] / len(distances)).tolist()
    return within
