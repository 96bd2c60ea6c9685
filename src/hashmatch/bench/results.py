"""What a measurement found, in plain values: for tables, JSON and Parquet alike."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

PERCENTILES: Final = (50, 90, 99)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Batches of one size on so many threads.

    Attributes:
        size: queries of a batch, as asked for.
        measured: queries that were searched at once; fewer where `size` would have taken longer
            than the measurement's patience.
        threads: that the batch was shared out to.
        per_second: queries a second, the median of the rounds.
        ratio: how many times as many as the peer's on as many threads, the median of the rounds'
            ratios; None for the peer itself, or without one.
    """

    size: int
    measured: int
    threads: int
    per_second: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """One recipe on one list.

    Attributes:
        recipe: its name or file, as asked for.
        kind: of its index.
        codes: in the list.
        bits: of each.
        exact: whether the index promises to miss nothing at this radius.
        recall: share of brute force's matches that it found.
        same: whether ids and distances are those of brute force, all of them.
        checked: queries that this was told by.
        found: matches that brute force has for those.
        queries: asked one by one in each round; fewer than asked for where patience ended.
        p50_us: of single queries on one thread, microseconds; the median of the rounds, as all
            that follow.
        p90_us: likewise.
        p99_us: likewise.
        steady_p99_us: the 99th percentile over queries of each query's median over the rounds:
            what hard queries cost by themselves, without interruptions from outside.
        ratio: how many times as fast as the peer at the median query, the median of the rounds'
            ratios; None for the peer itself, or without one.
        batches: by size, then threads.
        build_seconds: on `build_threads` threads.
        build_threads: likewise.
        bytes_per_code: by which the process grew when the index was built, codes included.
        rss: bytes of memory of the whole process with the index.
        peak: the most of them while it was built.
        open_ms: opening its snapshot, milliseconds; None where its kind has none.
        bucket_skew: how many times more codes share a bucket with a code than if codes were
            uniform; None where there are no buckets.
    """

    recipe: str
    kind: str
    codes: int
    bits: int
    exact: bool
    recall: float
    same: bool
    checked: int
    found: int
    queries: int
    p50_us: float
    p90_us: float
    p99_us: float
    steady_p99_us: float
    ratio: float | None
    batches: tuple[BatchResult, ...]
    build_seconds: float
    build_threads: int
    bytes_per_code: float
    rss: int
    peak: int
    open_ms: float | None
    bucket_skew: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """A whole measurement: results, and all that is needed to make sense of them and repeat it.

    Attributes:
        machine: see `hashmatch.bench.machine.describe`.
        workload: see `hashmatch.bench.workload.Workload`.
        rounds: that each number is the median of.
        peer: the recipe that the ratios are to; None without one.
        command: that measures this again; empty where it was not a command.
        results: by size of the list, then in the order of the recipes.
    """

    machine: dict[str, Any]
    workload: dict[str, Any]
    rounds: int
    peer: str | None
    results: tuple[Result, ...]
    command: str = ""
    measured: str = field(default="")

    def told(self) -> dict[str, Any]:
        """The report in JSON's terms."""
        return asdict(self)


def write_json(report: Report, path: Path) -> None:
    """Write a report as JSON."""
    path.write_text(json.dumps(report.told(), indent=1) + "\n", encoding="utf-8")


def write_parquet(report: Report, path: Path) -> None:
    """Write the results as Parquet, a row each; the rest is the JSON of the schema's metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    told = report.told()
    table = pa.Table.from_pylist(told.pop("results"), schema=_schema(pa))
    meta = {b"hashmatch": json.dumps(told).encode()}
    parquet.write_table(table.replace_schema_metadata(meta), path)


def _schema(pa: Any) -> Any:
    """The columns, with types that do not depend on what was measured."""
    kinds = {
        "str": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "float | None": pa.float64(),
    }

    def columns(fields: Iterable[tuple[str, Any]]) -> list[Any]:
        return [pa.field(name, kinds[_name(kind)]) for name, kind in fields]

    batch = pa.struct(columns(BatchResult.__annotations__.items()))
    return pa.schema(
        pa.field(name, pa.list_(batch)) if name == "batches" else columns([(name, kind)])[0]
        for name, kind in Result.__annotations__.items()
    )


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind)) if isinstance(kind, type) else str(kind)
