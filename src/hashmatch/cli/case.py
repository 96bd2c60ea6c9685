"""`hashmatch case`: look a case up, or take it back."""

from typing import TYPE_CHECKING

import click

from hashmatch.cli import options
from hashmatch.cli.places import open_cases

if TYPE_CHECKING:
    from hashmatch.registry import Case

EPILOG = """\b
Examples:
  hashmatch case show 4821-0937-5523
  hashmatch case withdraw 4821-0937-5523
"""


@click.group("case", epilog=EPILOG)
def command() -> None:
    """Look a case up, or take it back."""


@command.command()
@click.argument("number")
@options.registry_place
@options.as_json
def show(number: str, place: str, as_json: bool) -> None:
    """Show how a case stands."""
    with open_cases(place) as registry:
        _print(registry.case(number), as_json=as_json)


@command.command()
@click.argument("number")
@options.registry_place
@options.as_json
def withdraw(number: str, place: str, as_json: bool) -> None:
    """Take a case back; its secret phrase is asked for, or read from standard input."""
    # Not an option: what stands on a command line is kept by shells and seen by other users.
    phrase = click.prompt("Secret phrase", err=True)
    with open_cases(place) as registry:
        _print(registry.withdraw_case(number, phrase), as_json=as_json)


def _print(case: "Case", *, as_json: bool) -> None:
    if as_json:
        options.print_json(
            {
                "case": case.number,
                "state": case.state,
                "list": case.list_name,
                "created": case.created.isoformat(),
                "withdrawn": case.withdrawn.isoformat() if case.withdrawn else None,
                "entries": case.entries,
                "active": case.active,
            }
        )
        return
    click.echo(f"Case {case.number}: {case.state}")
    click.echo(f"  submitted   {case.created:%Y-%m-%d}, to the list {case.list_name!r}")
    if case.withdrawn:
        click.echo(f"  withdrawn   {case.withdrawn:%Y-%m-%d}")
    click.echo(f"  fingerprints looked for now: {case.active} of {case.entries}")
