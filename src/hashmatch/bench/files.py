"""A report as a folder: ``results.json``, ``results.parquet``, ``report.html`` and its plots."""

from pathlib import Path

from hashmatch.bench import page, plots
from hashmatch.bench.results import Report, write_json, write_parquet
from hashmatch.errors import SearchError


def write(report: Report, folder: Path) -> list[Path]:
    """Write all forms of a report, over those of an earlier one; returns their paths.

    Raises:
        MissingExtraError: matplotlib is not installed.
        SearchError: the folder cannot be written.
    """
    drawn = plots.draw(report)
    written = [folder / name for name in ("report.html", "results.json", "results.parquet")]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written[0].write_text(page.render(report, drawn), encoding="utf-8")
        write_json(report, written[1])
        write_parquet(report, written[2])
        for name, plot in drawn.items():
            written.append(folder / f"{name}.png")
            written[-1].write_bytes(plot)
    except OSError as error:
        raise SearchError(
            f"The report could not be written to {folder}: {error.strerror or error}."
        ) from error
    return written
