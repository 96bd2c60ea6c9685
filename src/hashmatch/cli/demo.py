"""`hashmatch demo`: the whole path on real photographs, and what is left of them: nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from hashmatch.cli import options
from hashmatch.cli.leftovers import Leftover, leftovers
from hashmatch.cli.pictures import find
from hashmatch.cli.progress import progress
from hashmatch.cli.submit import fingerprints_of
from hashmatch.cli.table import print_table
from hashmatch.errors import MissingExtraError
from hashmatch.types import Verdict

EPILOG = """\b
Examples:
  hashmatch demo
  hashmatch demo ~/Pictures/garden --registry /tmp/hashmatch-demo
"""
PHOTOGRAPHS: Final = (
    "astronaut.png", "camera.png", "chelsea.png", "coffee.png", "coins.png", "motorcycle_left.png",
    "rocket.jpg", "hubble_deep_field.jpg", "moon.png", "retina.jpg",
)  # fmt: skip
"""Of those that scikit-image carries; the last ones are the strangers."""
PLACE: Final = "var/demo"
SUBMITTED_SHARE: Final = 2 / 3
MOST: Final = 60
"""Pictures of a folder that are used; the rest would only repeat what these show."""


class Row(NamedTuple):
    """One line of the table."""

    file: str
    copy: str
    expected: str
    verdict: Verdict


@click.command("demo", epilog=EPILOG)
@click.argument("pictures", nargs=-1, metavar="[PICTURE...]")
@click.option("--registry", "place", metavar="FOLDER", default=PLACE, show_default=True,
              help="The folder that the demo's registry is made in.")  # fmt: skip
@options.as_json
def command(pictures: Sequence[str], place: str, as_json: bool) -> int:
    """Submit fingerprints of photographs, then check altered copies of them, and strangers.

    Uses the pictures (or folders) given, or else photographs that scikit-image carries.
    """
    from hashmatch.matching import Matcher, submit
    from hashmatch.registry import Registry

    paths = [Path(path) for path in (find(pictures) if pictures else _photographs())][:MOST]
    if len(paths) < 2:
        raise click.BadParameter("the demo takes two pictures at least: one is to be a stranger")
    submitted = paths[: max(1, min(len(paths) - 1, round(len(paths) * SUBMITTED_SHARE)))]
    strangers = paths[len(submitted) :]

    with Registry.open(place) as registry:
        receipt = submit(
            registry, (fingerprints_of(str(path), whole_only=True) for path in submitted)
        )
    if not as_json:
        click.echo(
            f"Submitted the fingerprints of {len(submitted)} photographs as case "
            f"{receipt.number}.\nNow altered copies of them, and {len(strangers)} strangers, "
            "are checked before they would be stored.\n"
        )
    with Matcher.open(place) as matcher:
        rows = _checks(matcher, submitted, strangers)
    wrong = [row for row in rows if row.verdict.action != row.expected]
    left = leftovers(Path(place), submitted)
    if as_json:
        _print_json(rows, left)
    else:
        _print_table(rows)
        _print_left(place, submitted, left)
        click.echo(
            f"\nTo take the case back: hashmatch case withdraw {receipt.number} --registry {place}"
            f"\nIts secret phrase: {receipt.secret_phrase}"
        )
    for file in left:
        if file.finding:
            raise click.ClickException(f"{file.name} holds {file.finding}; please report this.")
    return options.FLAGGED if wrong else options.CLEAR


def _photographs() -> list[str]:
    try:
        import skimage
    except ImportError:
        raise MissingExtraError(
            "The demo's photographs come with scikit-image: pip install 'hashmatch[demo]', "
            "or name pictures of your own: hashmatch demo FOLDER."
        ) from None
    folder = Path(skimage.__file__).parent / "data"
    return [str(folder / name) for name in PHOTOGRAPHS if (folder / name).is_file()]


def _checks(matcher: Any, submitted: list[Path], strangers: list[Path]) -> list[Row]:
    from hashmatch.cli.alterations import ALTERATIONS, altered

    jobs = [(path, name, "block") for path in submitted for name in ("as it is", *ALTERATIONS)]
    jobs += [(path, "a stranger", "pass") for path in strangers]
    rows = []
    with progress(len(jobs), "Checking") as advance:
        for path, name, expected in jobs:
            data = path.read_bytes()
            copy = altered(data, name) if name in ALTERATIONS else data
            rows.append(Row(path.name, name, expected, matcher.check(copy)))
            advance()
    return rows


def _nearest(verdict: Verdict) -> int | None:
    return min((match.distance for match in verdict.matches), default=None)


def _print_table(rows: list[Row]) -> None:
    cells = []
    for row in rows:
        distance = _nearest(row.verdict)
        shown = "-" if distance is None else str(distance)
        cells.append((row.file, row.copy, shown, row.verdict.action))
    colours = {"block": "red", "review": "yellow", "pass": "green"}
    print_table(
        ("file", "copy", "distance", "verdict"),
        cells,
        right=(2,),
        style=lambda action: click.style(action, fg=colours[action]),
    )
    copies = [row.verdict.action for row in rows if row.expected == "block"]
    strangers = [row.verdict.action for row in rows if row.expected == "pass"]
    click.echo(
        f"\n{len(copies) - copies.count('pass')} of {len(copies)} copies were found "
        f"({copies.count('block')} block, {copies.count('review')} review); "
        f"{len(strangers) - strangers.count('pass')} of {len(strangers)} strangers were flagged."
    )


def _print_left(place: str, submitted: list[Path], left: list[Leftover]) -> None:
    size = sum(path.stat().st_size for path in submitted)
    click.echo(f"\nThe pictures submitted have {size:,} bytes. All that is kept, in {place}:")
    for file in left:
        click.echo(f"  {file.size:>11,} bytes  {file.kind:<16}  {file.name}")
    clean = "None of it is a picture, holds one, or holds bytes or pixels of those submitted."
    click.echo(clean if not any(file.finding for file in left) else "There is a picture in it!")


def _print_json(rows: list[Row], left: list[Leftover]) -> None:
    for row in rows:
        options.print_json(
            {
                "file": row.file,
                "copy": row.copy,
                "distance": _nearest(row.verdict),
                "action": row.verdict.action,
                "expected": row.expected,
            }
        )
    for file in left:
        options.print_json(file._asdict())
