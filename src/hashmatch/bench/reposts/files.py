"""An evaluation as a folder: ``results.json``, two Parquet files, ``report.html``, its plots."""

from pathlib import Path
from typing import Final

from hashmatch.bench import page
from hashmatch.bench.reposts import drawn, wording
from hashmatch.bench.reposts.results import Report, write_flags, write_json, write_parquet
from hashmatch.errors import SearchError

__all__ = ["write"]

NOTES: Final = """
Copies are made of listed photographs by the alterations of the suite, saved as JPEG and checked as
files. A copy counts as found only where its own entry is what blocks it, or asks for a review.

Photographs are dealt into a half for tuning and a half for reporting by the SHA-256 of their file
names. Two thirds of those used are listed, the others are the strangers.

Negatives are strangers, whole and cropped, altered by the same suite; one in ten is hard: a
stranger in the very interface, with the very words, watermark, frame or partner of a listed
picture, a page of a kind that is listed, or a picture of a listed collage, at most the half of it,
among others. Some share most of one listed picture, which is more of it than they lack (a collage
with three of its four pictures, a logo of its word and shape): to that one they are a re-post with
something over a part, which a list is to find, so what is found of it is counted by itself, and
what is found of all others is a false flag; scenes are other shots of what is listed, near the
border of what counts as the same picture, and counted by themselves. Rates are a million checks;
bounds are one-sided, at 95 %.
"""


def write(report: Report, folder: Path) -> list[Path]:
    """Write all forms of a report, over those of an earlier one; returns their paths.

    Raises:
        MissingExtraError: matplotlib is not installed.
        SearchError: the folder cannot be written.
    """
    plots = drawn.draw(report)
    body = [
        "<h2>Recall by family</h2>",
        page.table(wording.recall_table(report.recalls, families=True)),
        "<h2>False flags</h2>",
        page.table(wording.flags_table(report.flags)),
        *(page.figure(plot, drawn.CAPTIONS[name]) for name, plot in plots.items()),
        "<h2>Recall by alteration</h2>",
        page.table(wording.recall_table(report.recalls, families=False)),
    ]
    text = page.document("hashmatch bench reposts", report.measured, body, report.asked,
                         report.machine, NOTES, report.command)  # fmt: skip
    names = ("report.html", "results.json", "results.parquet", "flags.parquet")
    written = [folder / name for name in names]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written[0].write_text(text, encoding="utf-8")
        write_json(report, written[1])
        write_parquet(report, written[2])
        write_flags(report, written[3])
        for name, plot in plots.items():
            written.append(folder / f"{name}.png")
            written[-1].write_bytes(plot)
    except OSError as error:
        raise SearchError(
            f"The report could not be written to {folder}: {error.strerror or error}."
        ) from error
    return written
