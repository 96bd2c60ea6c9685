"""`hashmatch check`: pictures against the hash lists."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from hashmatch.cli import options
from hashmatch.cli.pictures import each, find, read
from hashmatch.cli.places import open_checks
from hashmatch.errors import HashmatchError

if TYPE_CHECKING:
    from hashmatch.pipeline import Checked
    from hashmatch.types import Verdict

EPILOG = """\b
Examples:
  hashmatch check upload.jpg
  hashmatch check uploads/ --json | jq 'select(.action == "block")'
  HASHMATCH_TOKEN=hm_... hashmatch check upload.jpg --registry https://registry.example

\b
A service is sent the codes of the pictures, never the pictures.
Exit codes: 0 nothing was flagged, 1 a picture was flagged (block or review), 2 a picture could not
be checked (standard error says which, and why).
"""


@click.command("check", epilog=EPILOG)
@options.pictures
@options.registry_place
@options.as_json
def command(pictures: Sequence[str], place: str, as_json: bool) -> int:
    """Check pictures (files, folders, or - for standard input) against the hash lists."""
    code = options.CLEAR
    paths = find(pictures)
    with open_checks(place) as matcher:
        for path, found in each(paths, lambda path: matcher.check(read(path)), doing="Checking"):
            if isinstance(found, HashmatchError):
                code = options.FAILED
                options.print_refusal(path, found, as_json=as_json)
                continue
            if found.action != "pass" and code == options.CLEAR:
                code = options.FLAGGED
            _print(path, found, as_json=as_json)
    return code


def _print(path: str, verdict: "Verdict | Checked", *, as_json: bool) -> None:
    if not as_json:
        click.echo(f"{verdict.action:<6}  {path}: {verdict.reason}")
        return
    options.print_json(
        {
            "path": path,
            "action": verdict.action,
            "status": verdict.status,
            "reason": verdict.reason,
            "quality": verdict.quality,
            "matches": [
                {
                    "entry": match.entry,
                    "list": match.list_name,
                    "hasher": match.hasher,
                    "distance": match.distance,
                    "view": match.view,
                    "action": match.action,
                }
                for match in verdict.matches
            ],
        }
    )
