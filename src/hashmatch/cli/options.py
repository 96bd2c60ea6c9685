"""Options and exit codes that several commands share."""

import json
from typing import Any, Final

import click

from hashmatch.cli.showing import shown
from hashmatch.errors import HashmatchError

CLEAR: Final = 0
FLAGGED: Final = 1
FAILED: Final = 2

NUMBER: Final = click.IntRange(0, 2**63 - 1)
"""The id of an entry, or the number of a change or a line: what a database can hold."""

as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line, for programs."
)
registry_place = click.option(
    "--registry",
    "place",
    metavar="PLACE",
    default="var/hashmatch",
    show_default=True,
    envvar="HASHMATCH_REGISTRY",
    show_envvar=True,
    help="The registry: a folder (made on first use), a database URL, or a service URL.",
)
cache = click.option(
    "--cache",
    metavar="FOLDER",
    envvar="HASHMATCH_CACHE",
    show_envvar=True,
    type=click.Path(file_okay=False),
    help="Where processes share snapshots of the lists.  [inside a registry's folder]",
)
pictures = click.argument("pictures", nargs=-1, required=True, metavar="PICTURE...")


def print_json(value: dict[str, Any]) -> None:
    """Print one object as one line; ASCII, so that every locale and every file name can be told."""
    click.echo(json.dumps(value))


def print_refusal(path: str, error: HashmatchError, *, as_json: bool) -> None:
    """Say that a picture was refused: in its place among the lines, or on standard error."""
    if as_json:
        print_json({"path": path, "error": error.reason, "message": str(error)})
    else:
        told = str(error)
        click.echo(shown(told if told.startswith(path) else f"{path}: {told}"), err=True)
