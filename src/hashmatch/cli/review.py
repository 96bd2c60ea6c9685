"""`hashmatch review`: entries that are held back, in numbers, and what becomes of them."""

from typing import TYPE_CHECKING

import click

from hashmatch.cli import options
from hashmatch.cli.table import print_table

if TYPE_CHECKING:
    from hashmatch.registry import Decision, Review

EPILOG = """\b
Examples:
  hashmatch review list
  hashmatch review confirm 17
  hashmatch review demote 17 --reason "a logo"

\b
Nobody sees a picture here: distances, times and counts tell whether an entry finds what it should.
"""

_reason = click.option("--reason", default="", help="Why, in a few words.")


@click.group("review", epilog=EPILOG)
def command() -> None:
    """Show entries that are held back, and decide on them."""


@command.command("list")
@options.registry_place
@options.as_json
def list_(place: str, as_json: bool) -> None:
    """Show the entries that are held back, and why."""
    from hashmatch.registry import Registry

    rows: list[dict[str, str | int | None]] = []
    with Registry.open(place) as registry:
        after = 0
        while found := registry.reviews(after):
            rows += [_row(each) for each in found]
            after = found[-1].entry
    if as_json:
        for row in rows:
            options.print_json(row)
        return
    heads = (
        "entry", "list", "hasher", "held", "since", "blocked", "reviewed", "nearest", "platforms",
        "true", "false",
    )  # fmt: skip
    cells = [["-" if value is None else str(value) for value in row.values()] for row in rows]
    print_table(heads, cells, right=(0, 5, 6, 7, 8, 9, 10))


@command.command()
@click.argument("entry", type=options.NUMBER)
@_reason
@options.registry_place
def confirm(entry: int, reason: str, place: str) -> None:
    """Let an entry go live; no count of matches holds it back again."""
    _decide(entry, "confirm", reason, place)
    click.echo(f"Entry {entry} is live.")


@command.command()
@click.argument("entry", type=options.NUMBER)
@_reason
@options.registry_place
def demote(entry: int, reason: str, place: str) -> None:
    """Hold an entry back: what matches it goes to review until it is confirmed."""
    _decide(entry, "demote", reason, place)
    click.echo(f"Entry {entry} is held back.")


@command.command()
@click.argument("entry", type=options.NUMBER)
@_reason
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.registry_place
def withdraw(entry: int, reason: str, yes: bool, place: str) -> None:
    """Withdraw an entry; its code is deleted, and nobody can bring it back."""
    if not yes:
        click.confirm(f"Withdraw entry {entry} for ever?", abort=True, err=True)
    _decide(entry, "withdraw", reason, place)
    click.echo(f"Entry {entry} is withdrawn.")


def _decide(entry: int, decision: "Decision", reason: str, place: str) -> None:
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        registry.decide(entry, decision, reason)


def _row(review: "Review") -> dict[str, str | int | None]:
    return {
        "entry": review.entry,
        "list": review.list_name,
        "hasher": review.hasher,
        "held": review.held,
        "since": review.since.isoformat(timespec="minutes") if review.since else None,
        "blocked": review.blocked,
        "reviewed": review.reviewed,
        "nearest": review.nearest,
        "platforms": review.platforms,
        "true_opinions": review.true_opinions,
        "false_opinions": review.false_opinions,
    }
