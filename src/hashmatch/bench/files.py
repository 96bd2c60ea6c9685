"""A report as a folder: ``results.json``, ``results.parquet``, ``report.html`` and its plots."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hashmatch.bench import page, plots
from hashmatch.bench.results import Report, write_json, write_parquet
from hashmatch.errors import SearchError


def prepare(folder: Path) -> None:
    """Make the folder that a report is to be written to, before minutes of measuring.

    Raises:
        MissingExtraError: matplotlib is not installed.
        SearchError: the folder cannot be made, or cannot be written to.
    """
    plots.library()
    with _told_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()


def write(report: Report, folder: Path) -> list[Path]:
    """Write all forms of a report, over those of an earlier one; returns their paths.

    Raises:
        MissingExtraError: matplotlib is not installed.
        SearchError: the folder cannot be written.
    """
    drawn = plots.draw(report)
    written = [folder / name for name in ("report.html", "results.json", "results.parquet")]
    with _told_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        written[0].write_text(page.render(report, drawn), encoding="utf-8")
        write_json(report, written[1])
        write_parquet(report, written[2])
        for name, plot in drawn.items():
            written.append(folder / f"{name}.png")
            written[-1].write_bytes(plot)
    return written


@contextmanager
def _told_of(folder: Path) -> Iterator[None]:
    """Turn the system's errors into ours."""
    try:
        yield
    except OSError as error:
        raise SearchError(
            f"The report could not be written to {folder}: {error.strerror or error}. Name another "
            f"folder (--out), or free some space."
        ) from error
