"""`hashmatch check`: pictures against the hash lists."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hashmatch.cli import options
from hashmatch.cli.pictures import each, find, read
from hashmatch.cli.places import open_checks
from hashmatch.cli.showing import shown
from hashmatch.errors import ForbiddenError, HashmatchError, UnauthenticatedError

if TYPE_CHECKING:
    from hashmatch.matching.uploads import Depth
    from hashmatch.pipeline import Checked
    from hashmatch.types import Verdict

EPILOG = """\b
Examples:
  hashmatch check upload.jpg
  hashmatch check upload.jpg --depth thorough --explain drawn.png
  hashmatch check uploads/ --json | jq 'select(.action == "block")'
  HASHMATCH_TOKEN=hm_... hashmatch check upload.jpg --registry https://registry.example

\b
A service is sent the codes of the pictures, never the pictures. To look for parts, its lists are
fetched and kept in a cache, and compared here. --explain looks thoroughly, at one picture.
Exit codes: 0 nothing was flagged, 1 a picture was flagged (block or review), 2 a picture could not
be checked (standard error says which, and why).
"""


@click.command("check", epilog=EPILOG)
@options.pictures
@click.option("--depth", type=click.Choice(["fast", "thorough"]), default="fast", show_default=True,
              help="Look for the parts of listed pictures too.")  # fmt: skip
@click.option("--explain", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.png",
              help="Draw there where listed pictures lie in the one that is checked.")  # fmt: skip
@options.registry_place
@options.as_json
def command(
    pictures: Sequence[str], depth: "Depth", explain: Path | None, place: str, as_json: bool
) -> int:
    """Check pictures (files, folders, or - for standard input) against the hash lists."""
    code = options.CLEAR
    paths = find(pictures)
    if explain is not None:
        return _explain(paths, explain, place, as_json=as_json)
    with open_checks(place, depth) as check:
        for path, found in each(paths, lambda path: check(read(path)), doing="Checking"):
            if isinstance(found, HashmatchError):
                if isinstance(found, UnauthenticatedError | ForbiddenError):
                    raise found  # one error, not one for each picture
                code = options.FAILED
                options.print_refusal(path, found, as_json=as_json)
                continue
            if found.action != "pass" and code == options.CLEAR:
                code = options.FLAGGED
            _print(path, found, as_json=as_json)
    return code


def _explain(paths: Sequence[str], out: Path, place: str, *, as_json: bool) -> int:
    """Check one picture thoroughly, and draw where its matches lie."""
    from hashmatch.cli.explaining import draw
    from hashmatch.cli.places import open_matcher
    from hashmatch.hashers import read_bytes

    if len(paths) != 1:
        raise click.UsageError(f"--explain draws over one picture; there are {len(paths)}.")
    (path,) = paths
    with open_matcher(place) as matcher:
        try:
            data = read_bytes(read(path))
            verdict = matcher.check(data, depth="thorough")
            located = matcher.locate(data)
        except HashmatchError as error:
            options.print_refusal(path, error, as_json=as_json)
            return options.FAILED
    _print(path, verdict, as_json=as_json)
    draw(data, verdict, located, out)
    return options.CLEAR if verdict.action == "pass" else options.FLAGGED


def _print(path: str, verdict: "Verdict | Checked", *, as_json: bool) -> None:
    if not as_json:
        click.echo(f"{verdict.action:<6}  {shown(path)}: {verdict.reason}")
        return
    from hashmatch.types import verdict_told

    options.print_json({"path": path, **verdict_told(verdict)})
