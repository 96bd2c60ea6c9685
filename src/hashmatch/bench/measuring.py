"""Measuring indexes beside each other: each in its process, turn by turn, in one run.

In each round every recipe answers the same queries, one recipe after the other (A B A B …), so
that a drift of the machine meets them alike; the first round warms up and is thrown away. Numbers
are medians over the rounds, ratios the medians of the rounds' ratios. Answers are compared with
those of brute force.
"""

import shlex
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from hashmatch.bench import machine
from hashmatch.bench.contestant import Contestant
from hashmatch.bench.results import PERCENTILES, BatchResult, Report, Result
from hashmatch.bench.worker import Built, Seconds
from hashmatch.bench.workload import Workload
from hashmatch.indexes import load_recipe
from hashmatch.types import Matches

CHECKED_PAIRS: Final = 2_000_000_000
"""Pairs of query and code that brute force looks at: some seconds' work."""
FEWEST: Final = 32
"""Queries that are asked, and checked, however long it takes."""
OPENINGS: Final = 5

Told = Callable[[str], None]
"""Called before each step with what it is, in words."""


@dataclass(slots=True)
class Lap:
    """What the rounds found of one contestant, round by round."""

    built: Built
    singles: list[Seconds] = field(default_factory=list)
    batches: dict[tuple[int, int], list[float]] = field(default_factory=dict)  # seconds a query
    measured: dict[int, int] = field(default_factory=dict)  # queries, by size of the batch
    open_seconds: float | None = None
    answers: Matches | None = None

    def percentiles(self) -> Seconds:
        """Shape ``(rounds, 3)``: p50, p90 and p99 of single queries."""
        return np.array([np.percentile(times, PERCENTILES) for times in self.singles])


def steps(recipes: int, counts: int, rounds: int) -> int:
    """How often `measure` tells of a step."""
    return counts * (2 + recipes * (3 + rounds + 1))


def with_peer(recipes: Sequence[str], peer: str | None) -> list[str]:
    """All that take part, each once; the peer is the last, unless it was named among them."""
    return list(dict.fromkeys([*recipes, *([peer] if peer else [])]))


def measure(
    recipes: Sequence[str],
    workload: Workload,
    counts: Sequence[int | None] = (1_000_000,),
    *,
    threads: Sequence[int] = (1,),
    rounds: int = 7,
    patience: float = 1.0,
    peer: str | None = "faiss-flat",
    command: Sequence[str] = (),
    told: Told = lambda _: None,
) -> Report:
    """Measure recipes, and the peer beside them, on lists of several sizes.

    Args:
        recipes: names of packaged recipes, or paths of others.
        workload: what they are asked.
        counts: codes of each list; None takes all of a file.
        threads: numbers of threads that batches are shared out to; the largest builds.
        rounds: that count; one more warms up.
        patience: seconds that one turn of one recipe may take, about: slow ones answer fewer.
        peer: the recipe that ratios are to; None for no ratios.
        command: that this was called by, for the report.
        told: hears of each step.

    Raises:
        SearchError: a recipe that there is not, codes or a radius it cannot do with, or a process
            that died for want of memory.
        MissingExtraError: natural codes, and no photographs to make them from.
        PictureError: photographs that are of no use.
    """
    entered = with_peer(recipes, peer)
    for recipe in entered:
        load_recipe(recipe)  # a wrong name is told before the first minute has gone by
    described = machine.describe()  # at once: later, the load would be our own
    results: list[Result] = []
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="hashmatch-bench-") as folder:
            one = _Measurement(Path(folder), workload, threads, rounds, patience, told)
            results += one.run(entered, count, peer)
    return Report(
        machine=described,
        workload=workload.told(),
        rounds=rounds,
        peer=peer,
        results=tuple(results),
        command=shlex.join(command),
        measured=datetime.now(UTC).isoformat(timespec="seconds"),
    )


@dataclass(frozen=True, slots=True)
class _Measurement:
    """What is done with one list."""

    scratch: Path
    workload: Workload
    threads: Sequence[int]
    rounds: int
    patience: float
    told: Told

    def run(self, recipes: list[str], count: int | None, peer: str | None) -> list[Result]:
        """Measure all recipes on one list."""
        self.told("making codes")
        codes, queries = self.workload.made(count)
        shape = codes.shape
        np.save(self.scratch / "codes.npy", codes)
        np.save(self.scratch / "queries.npy", queries)
        del codes, queries
        with ExitStack() as stack:
            contestants = [
                stack.enter_context(Contestant(recipe, self.workload.radius)) for recipe in recipes
            ]
            laps = [self._built(contestant, shape[0]) for contestant in contestants]
            for turn in range(self.rounds + 1):
                for contestant, lap in zip(contestants, laps, strict=True):
                    self.told(f"{contestant.recipe}, {shape[0]:,} codes, round {turn}")
                    self._turn(contestant, lap, warm=turn == 0)
            checked = self._checked(shape[0])
            for contestant, lap in zip(contestants, laps, strict=True):
                self.told(f"{contestant.recipe}, {shape[0]:,} codes, answers")
                lap.answers = contestant.answer(checked)
                self.told(f"{contestant.recipe}, {shape[0]:,} codes, snapshot")
                lap.open_seconds = contestant.open(self.scratch, OPENINGS)
        self.told(f"brute force, {shape[0]:,} codes")
        truth = self._truth(checked)
        other = dict(zip(recipes, laps, strict=True)).get(peer or "")
        return [
            _result(recipe, lap, shape, truth, max(self.threads), None if lap is other else other)
            for recipe, lap in zip(recipes, laps, strict=True)
        ]

    def _built(self, contestant: Contestant, count: int) -> Lap:
        self.told(f"{contestant.recipe}, {count:,} codes, building")
        files = self.scratch / "codes.npy", self.scratch / "queries.npy"
        return Lap(contestant.build(*files, max(self.threads)))

    def _turn(self, contestant: Contestant, lap: Lap, *, warm: bool) -> None:
        singles = contestant.singles(self.workload.queries, self.patience)
        if warm:
            affordable = max(FEWEST, int(self.patience / float(np.median(singles))))
            lap.measured = {size: min(size, affordable) for size in self.workload.batches}
        else:
            lap.singles.append(singles)
        for size, measured in lap.measured.items():
            for threads in self.threads:
                seconds = contestant.batch(measured, threads, self.patience / 10) / measured
                if not warm:
                    lap.batches.setdefault((size, threads), []).append(seconds)

    def _checked(self, count: int) -> int:
        """How many queries brute force has the time for."""
        asked = max(self.workload.queries, *self.workload.batches)
        return min(asked, max(FEWEST, CHECKED_PAIRS // count))

    def _truth(self, checked: int) -> Matches:
        from hashmatch.indexes import FlatIndex

        codes = np.load(self.scratch / "codes.npy", mmap_mode="r")
        queries = np.load(self.scratch / "queries.npy")
        return FlatIndex(codes).search(queries[:checked], self.workload.radius)


def _result(
    recipe: str, lap: Lap, shape: tuple[int, int], truth: Matches, threads: int, other: Lap | None
) -> Result:
    """The medians of a lap."""
    if lap.answers is None:
        raise ValueError(f"{recipe} was never asked for answers.")
    percentiles = lap.percentiles()
    p50, p90, p99 = np.median(percentiles, axis=0) * 1e6
    each = min(len(times) for times in lap.singles)
    steady = np.median([times[:each] for times in lap.singles], axis=0)
    built = lap.built
    return Result(
        recipe=recipe,
        kind=built.kind,
        codes=shape[0],
        bits=8 * shape[1],
        exact=built.exact,
        recall=recall(lap.answers, truth),
        same=same(lap.answers, truth),
        checked=len(truth),
        found=len(truth.ids),
        queries=each,
        p50_us=float(p50),
        p90_us=float(p90),
        p99_us=float(p99),
        steady_p99_us=float(np.percentile(steady, 99)) * 1e6,
        ratio=_median_ratio(
            None if other is None else other.percentiles()[:, 0], percentiles[:, 0]
        ),
        batches=tuple(
            BatchResult(
                size=size,
                measured=lap.measured[size],
                threads=count,
                per_second=1 / float(np.median(times)),
                ratio=_median_ratio(None if other is None else other.batches[size, count], times),
            )
            for (size, count), times in lap.batches.items()
        ),
        build_seconds=built.seconds,
        build_threads=threads,
        bytes_per_code=built.grown / shape[0],
        rss=built.rss,
        peak=built.peak,
        open_ms=None if lap.open_seconds is None else lap.open_seconds * 1e3,
        bucket_skew=None if built.buckets is None else built.buckets["skew"],
    )


def _median_ratio(theirs: ArrayLike | None, mine: ArrayLike) -> float | None:
    """How many times as long theirs took, round by round."""
    return None if theirs is None else float(np.median(np.divide(theirs, mine)))


def recall(answers: Matches, truth: Matches) -> float:
    """The share of the true matches, as pairs of query and id, that the answers hold."""
    if not len(truth.ids):
        return 1.0
    return float(np.isin(_pairs(truth), _pairs(answers)).mean())


def same(answers: Matches, truth: Matches) -> bool:
    """Whether two searches found the same ids at the same distances, in the same order."""
    return all(
        np.array_equal(getattr(answers, name), getattr(truth, name))
        for name in ("offsets", "ids", "distances")
    )


def _pairs(matches: Matches) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Query and id as one number; ids of an index are rows, below 2**32."""
    queries = matches.queries()
    return queries << 32 | matches.ids
