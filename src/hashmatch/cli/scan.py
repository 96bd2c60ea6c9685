"""`hashmatch scan`: what is stored already, against the entries that came later."""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hashmatch.cli import options
from hashmatch.cli.places import TOKEN
from hashmatch.cli.progress import stages

if TYPE_CHECKING:
    from hashmatch.pipeline.scan import Summary

EPILOG = """\b
Examples:
  hashmatch scan uploads/
  hashmatch scan hashes.parquet --out var/scan --since 120000
  hashmatch scan s3://bucket/hashes/ --out var/scan --json
  hashmatch scan s3://bucket/uploads/ --out var/scan

\b
ARCHIVE is a folder of pictures, or Parquet (a file or a folder) with a column 'hash' and, if there
are, 'hasher', 'quality' and 'path'; or a URL of such, which takes the extra s3. A second scan looks
at what is new only; a scan that was stopped goes on where it was. Matches are Parquet, and name
entries, no hashes.
Exit codes: 0 nothing was found, 1 something was (block or review), 2 an error.
"""


@click.command("scan", epilog=EPILOG)
@click.argument("archive")
@click.option(
    "--out",
    metavar="FOLDER",
    type=click.Path(file_okay=False),
    help="For what is found, and how far the scan is.  [NAME.scan, here]",
)
@click.option(
    "--since",
    type=options.NUMBER,
    metavar="SEQUENCE",
    help="Only entries added after this change.  [after the last scan]",
)
@click.option(
    "--hasher",
    "hashers",
    multiple=True,
    help="Of codes that do not tell theirs [pdq]; or, several times, for pictures [pdq, sha256].",
)
@options.cache
@options.registry_place
@options.as_json
def command(
    archive: str,
    out: str | None,
    since: int | None,
    hashers: tuple[str, ...],
    cache: str | None,
    place: str,
    as_json: bool,
) -> int:
    """Compare an archive with the entries that came since its last scan."""
    from hashmatch.pipeline.scan import scan

    folder = out or f"{Path(archive.rstrip('/')).stem or 'archive'}.scan"
    with stages() as told:
        summary = scan(
            archive,
            folder,
            place,
            token=os.environ.get(TOKEN),
            cache=cache,
            since=since,
            hashers=hashers,
            told=told,
        )
    if as_json:
        options.print_json(asdict(summary))
    else:
        _print(summary, click.echo)
    return options.FLAGGED if summary.block or summary.review else options.CLEAR


def _print(summary: "Summary", echo: Callable[[str], None]) -> None:
    if summary.hashed:
        refused = f", {summary.refused:,} of them could not be decoded" if summary.refused else ""
        echo(f"{summary.hashed:,} pictures were hashed{refused}.")
    echo(
        f"{summary.codes:,} codes were compared with what is new up to change {summary.sequence:,}."
    )
    echo(
        f"  block   {summary.block:>9,}\n  review  {summary.review:>9,}\n"
        f"  allowed {summary.allowed:>9,}"
    )
    echo(f"All that was ever found: {summary.matches}")
