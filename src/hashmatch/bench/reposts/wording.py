"""The report in words: tables of cells."""

from collections.abc import Sequence

from hashmatch.bench.reposts.contestants import WIDE
from hashmatch.bench.reposts.results import Flags, Recall
from hashmatch.bench.wording import DASH, Table, digits

__all__ = ["flags_table", "recall_table"]


def recall_table(rows: Sequence[Recall], *, families: bool) -> Table:
    """Recall by family, or by alteration."""
    heads = ("contestant", "family" if families else "alteration", "copies", "block %",
             "95 % interval", "flagged %", "95 % interval", "bits p50", "p95", "votes", "ms p50",
             "codes")  # fmt: skip
    return heads, [
        (
            row.contestant,
            row.alteration or row.family,
            f"{row.copies:,}",
            _percent(row.block),
            f"{_percent(row.block_low)} to {_percent(row.block_high)}",
            _percent(row.flagged),
            f"{_percent(row.flagged_low)} to {_percent(row.flagged_high)}",
            f"{row.distance_median:.0f}",
            f"{row.distance_p95:.0f}",
            DASH if row.votes_median is None else f"{row.votes_median:.0f}",
            digits(row.ms_median),
            f"{row.codes_mean:.0f}",
        )
        for row in rows
        if families == (not row.alteration)
    ]


def flags_table(rows: Sequence[Flags]) -> Table:
    """False flags by kind of negative."""
    heads = ("contestant", "negatives", "checks", "blocked", "reviewed", "blocks / 1e6", "at most",
             "flags / 1e6", "at most", "nearest")  # fmt: skip
    return heads, [
        (
            row.contestant,
            f"{row.family}: {row.kind}" if row.kind else row.family,
            f"{row.checks:,}",
            str(row.blocked),
            str(row.reviewed),
            f"{row.block_per_million:,.0f}",
            f"{row.block_at_most:,.0f}",
            f"{row.flagged_per_million:,.0f}",
            f"{row.flagged_at_most:,.0f}",
            str(row.nearest) if row.nearest <= WIDE else DASH,
        )
        for row in rows
    ]


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"
