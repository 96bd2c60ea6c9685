"""Numbers as people read them: three significant digits, with a unit."""

from collections.abc import Sequence
from typing import Final

from hashmatch.bench.results import BatchResult, Result

DASH: Final = "-"


def scaled(value: float, units: Sequence[str], step: float = 1000) -> str:
    """A number with three digits and the unit that suits it, the first of which is that given."""
    number = float(value)
    last = len(units) - 1
    place = 0
    while place < last and abs(number) >= step * 0.9995:
        number /= step
        place += 1
    return f"{digits(number)} {units[place]}".strip()


def digits(value: float) -> str:
    """Three significant digits, and no more than two decimals."""
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"


def microseconds(value: float) -> str:
    """A time given in microseconds."""
    return scaled(value, ("µs", "ms", "s"))


def seconds(value: float) -> str:
    """A time given in seconds."""
    return microseconds(value * 1e6)


def size(value: float) -> str:
    """A number of bytes."""
    return scaled(value, ("B", "KiB", "MiB", "GiB", "TiB"), 1024)


def rate(value: float) -> str:
    """So many a second."""
    return scaled(value, ("/s", "k/s", "M/s"))


def ratio(value: float | None) -> str:
    """How many times the peer."""
    return DASH if value is None else f"{digits(value)}x"


def amount(value: int) -> str:
    """A number of codes: 1e6 and its like in short."""
    for unit, name in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= unit and value % (unit // 10) == 0:
            return f"{value / unit:g}{name}"
    return f"{value:,}"


Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Heads, and rows of cells; the first column holds words, the others numbers."""


def query_table(results: Sequence[Result], peer: str | None) -> Table:
    """How long single queries take, and how right the answers are."""
    return _without_peer(peer, (
        ("recipe", "codes", "p50", "p90", "p99", "steady p99", f"x {peer}", "recall"),
        [
            (
                result.recipe,
                amount(result.codes),
                *map(microseconds, (result.p50_us, result.p90_us, result.p99_us)),
                microseconds(result.steady_p99_us),
                ratio(result.ratio),
                _recall(result),
            )
            for result in results
        ],
    ))  # fmt: skip


def _recall(result: Result) -> str:
    """Recall, or that the sets are brute force's to the last id and distance."""
    return "1, same sets" if result.same else f"{result.recall:.4f}"


def batch_table(results: Sequence[Result], peer: str | None) -> Table:
    """How many queries a second batches answer."""
    return _without_peer(peer, (
        ("recipe", "codes", "batch", "threads", "queries", f"x {peer}", "x one thread"),
        [
            (
                result.recipe,
                amount(result.codes),
                f"{batch.size:,}" + f" ({batch.measured:,})" * (batch.measured < batch.size),
                str(batch.threads),
                rate(batch.per_second),
                ratio(batch.ratio),
                ratio(_scaling(result, batch)),
            )
            for result in results
            for batch in result.batches
        ],
    ))  # fmt: skip


def _without_peer(peer: str | None, table: Table) -> Table:
    """A table without its column of ratios where there is no peer."""
    if peer is not None:
        return table
    heads, rows = table
    left_out = heads.index(f"x {peer}")

    def cut(cells: tuple[str, ...]) -> tuple[str, ...]:
        return cells[:left_out] + cells[left_out + 1 :]

    return cut(heads), [cut(row) for row in rows]


def _scaling(result: Result, batch: BatchResult) -> float | None:
    """Against the same batch on one thread."""
    for other in result.batches:
        if other.size == batch.size and other.threads == 1 and batch.threads > 1:
            return batch.per_second / other.per_second
    return None


def index_table(results: Sequence[Result]) -> Table:
    """What an index costs: to build, to hold, to open."""
    heads = ("recipe", "codes", "build", "bytes a code", "process", "at most", "open", "skew")
    return heads, [
        (
            result.recipe,
            amount(result.codes),
            seconds(result.build_seconds),
            digits(result.bytes_per_code),
            size(result.rss),
            size(result.peak),
            DASH if result.open_ms is None else microseconds(result.open_ms * 1e3),
            DASH if result.bucket_skew is None else f"{result.bucket_skew:.2f}",
        )
        for result in results
    ]
