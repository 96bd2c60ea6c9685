"""What the harness found, in plain values: for tables, JSON, Parquet and plots alike."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from hashmatch.errors import SearchError

__all__ = ["Flags", "Recall", "Report", "read_flags", "write_flags", "write_json", "write_parquet"]

_KINDS: Final[dict[Any, str]] = {
    str: "string", int: "int64", float: "double", float | None: "double"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recall:
    """One alteration, or a family of them, by one contestant.

    Attributes:
        contestant: its name.
        family: of alterations.
        alteration: its name; empty for the whole family.
        copies: that were checked.
        block: share of copies whose own entry blocks them.
        block_low: the 95 % interval of that.
        block_high: likewise.
        flagged: share of copies whose own entry blocks them or asks for a review.
        flagged_low: the 95 % interval of that.
        flagged_high: likewise.
        distance_median: bits to the own entry; capped where it was farther than looked for.
        distance_p95: likewise.
        votes_median: parts that agreed; None where there are none.
        ms_median: of a check, decoding included.
        ms_p95: likewise.
        codes_mean: that a check searched for.
        codes_most: likewise.
    """

    contestant: str
    family: str
    alteration: str
    copies: int
    block: float
    block_low: float
    block_high: float
    flagged: float
    flagged_low: float
    flagged_high: float
    distance_median: float
    distance_p95: float
    votes_median: float | None
    ms_median: float
    ms_p95: float
    codes_mean: float
    codes_most: int


@dataclass(frozen=True, slots=True)
class Flags:
    """False flags by one contestant.

    Attributes:
        contestant: its name.
        family: of negatives: ``"stranger"``, ``"hard"``; ``"all"`` for these two, with hard ones at
            the rate of one in ten; and what is no error, by itself: ``"shares most"`` of a listed
            picture, or is another shot of its ``"scene"``.
        kind: within the family; empty for all of it.
        checks: of negatives.
        blocked: that were blocked.
        reviewed: that were given to a review.
        block_per_million: checks.
        block_at_most: the upper bound of that with 95 % confidence (Clopper-Pearson).
        flagged_per_million: blocks and reviews a million checks.
        flagged_at_most: likewise.
        nearest: bits between any of them and any listed picture that was compared, at the least;
            111 where none was so near that it counts.
    """

    contestant: str
    family: str
    kind: str
    checks: int
    blocked: int
    reviewed: int
    block_per_million: float
    block_at_most: float
    flagged_per_million: float
    flagged_at_most: float
    nearest: int


@dataclass(frozen=True, slots=True)
class Report:
    """A whole evaluation.

    Attributes:
        machine: see `hashmatch.bench.machine.describe`.
        asked: what was to be evaluated, by name.
        recalls: by contestant; families before alterations, these in the order of the suite.
        flags: by contestant; sums first.
        curves: for each contestant, at each threshold in bits: the share of copies that would be
            found, of strangers and of hard negatives that would be flagged.
        command: that evaluates this again; empty where it was not a command.
        measured: when.
    """

    machine: dict[str, Any]
    asked: dict[str, Any]
    recalls: tuple[Recall, ...]
    flags: tuple[Flags, ...]
    curves: dict[str, dict[str, list[float]]]
    command: str = ""
    measured: str = ""

    def told(self) -> dict[str, Any]:
        """The report in JSON's terms."""
        return asdict(self)


def write_json(report: Report, path: Path) -> None:
    """Write a report as JSON."""
    path.write_text(json.dumps(report.told(), indent=1) + "\n", encoding="utf-8")


def write_parquet(report: Report, path: Path) -> None:
    """Write the recalls as Parquet, a row each; the rest is the JSON of the schema's metadata."""
    told = report.told()
    _write(told.pop("recalls"), Recall, told, path)


def write_flags(report: Report, path: Path) -> None:
    """Write the false flags as Parquet, a row each; what was asked is in the schema's metadata."""
    told = report.told()
    _write(told["flags"], Flags, {"asked": told["asked"], "command": told["command"]}, path)


def read_flags(path: Path) -> tuple[tuple[Flags, ...], dict[str, Any]]:
    """What `write_flags` wrote, and what was asked.

    Raises:
        SearchError: the file cannot be read, or is another.
    """
    from pyarrow import ArrowException, parquet

    try:
        table = parquet.read_table(path)
        told = json.loads((table.schema.metadata or {})[b"hashmatch"])
        return tuple(Flags(**row) for row in table.to_pylist()), told["asked"]
    except (OSError, ArrowException, KeyError, TypeError, ValueError) as error:
        raise SearchError(
            f"{path} has no false flags that can be read ({error}); name files that "
            f"hashmatch bench reposts --out wrote."
        ) from error


def _write(rows: Any, kind: type, meta: dict[str, Any], path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    columns = [(name, _KINDS[of]) for name, of in kind.__annotations__.items()]
    table = pa.Table.from_pylist(list(rows), schema=pa.schema(columns))
    meta_data = {b"hashmatch": json.dumps(meta).encode()}
    parquet.write_table(table.replace_schema_metadata(meta_data), path)
