"""`hashmatch case`: look a case up, or take it back."""

from typing import TYPE_CHECKING

import click

from hashmatch.cli import options
from hashmatch.cli.places import open_cases
from hashmatch.cli.table import print_table

if TYPE_CHECKING:
    from hashmatch.registry import Case, CaseClock

EPILOG = """\b
Examples:
  hashmatch case show 4821-0937-5523
  hashmatch case withdraw 4821-0937-5523
  hashmatch case overdue
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
        _print(registry.case(number), registry.case_clock(number), as_json=as_json)


@command.command()
@click.argument("number")
@options.registry_place
@options.as_json
def withdraw(number: str, place: str, as_json: bool) -> None:
    """Take a case back; its secret phrase is asked for, or read from standard input."""
    # Not an option: what stands on a command line is kept by shells and seen by other users.
    with open_cases(place) as registry:
        registry.case(number)  # a number that is none is told before the phrase is asked for
        phrase = click.prompt("Secret phrase", err=True)
        case = registry.withdraw_case(number, phrase)
        _print(case, registry.case_clock(number), as_json=as_json)


@command.command()
@options.registry_place
@options.as_json
def overdue(place: str, as_json: bool) -> int:
    """Show the cases for which a platform has not done in 48 hours what it is to do.

    Exit codes: 0 there is none, 1 there are.
    """
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        found = registry.overdue_cases()
    late = [(case, each) for case in found for each in case.platforms if each.overdue]
    if as_json:
        for case, each in late:
            options.print_json({"case": case.number, **each.told()})
    else:
        cells = [
            (case.number, each.platform, each.state, f"{each.deadline:%Y-%m-%d %H:%M}")
            for case, each in late
        ]
        print_table(("case", "platform", "state", "deadline"), cells)
    return options.FLAGGED if late else options.CLEAR


def _print(case: "Case", clock: "CaseClock", *, as_json: bool) -> None:
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
                "in_review": case.in_review,
                "pictures": [
                    {"state": each.state, "reason": each.reason, "words": each.words}
                    for each in case.pictures
                ],
                "deadline": clock.deadline.isoformat(),
                "platforms": [each.told() for each in clock.platforms],
                "true_opinions": clock.true_opinions,
                "false_opinions": clock.false_opinions,
            }
        )
        return
    click.echo(f"Case {case.number}: {case.state}")
    click.echo(f"  submitted   {case.created:%Y-%m-%d}, to the list {case.list_name!r}")
    if case.withdrawn:
        click.echo(f"  withdrawn   {case.withdrawn:%Y-%m-%d}")
    held = f", {case.in_review} of them to be reviewed first" if case.in_review else ""
    others = " (somebody else has them looked for, too)" if case.withdrawn and case.active else ""
    click.echo(f"  fingerprints looked for now: {case.active} of {case.entries}{held}{others}")
    for each in clock.platforms:
        what = f"{each.blocked} blocked, {each.reviewed} to review" if each.first_match else ""
        since = f"has it since {each.served:%Y-%m-%d}" if each.served else "has it not yet"
        late = f"overdue since {each.deadline:%Y-%m-%d}" if each.overdue else ""
        click.echo(
            f"  {each.platform}: " + ", ".join(filter(None, (since, what, each.outcome, late)))
        )
