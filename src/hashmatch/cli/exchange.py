"""`hashmatch exchange`: sources of hashes; fetch from them, and tell them what came of it."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hashmatch.cli import options
from hashmatch.cli.progress import measured
from hashmatch.cli.table import print_table
from hashmatch.errors import ExchangeError, HashmatchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hashmatch.exchanges import Fetched, Judgement, Reported
    from hashmatch.registry import ExchangeState, Registry

EPILOG = """\b
Examples:
  hashmatch exchange add stopncii stopncii --list partners --credentials keys.toml
  hashmatch exchange add hma hma --list partners --path /srv/hma/pdq.txt
  hashmatch exchange fetch
  hashmatch exchange fetch stopncii --follow 300
  hashmatch exchange report stopncii 4711 --judgement confirmed --tag Nude
  hashmatch exchange submit stopncii --case 4821-0937-5523

\b
Kinds: stopncii, ncmec (servers); threatexchange, hma, csv (files).
Credentials are in a TOML file that only you can read, or in the environment:
  stopncii  subscription_key, fetch_key; feedback_key and submit_key to tell it something
  ncmec     user, password
A variable is called HASHMATCH_EXCHANGE_<NAME>_<KEY>, such as HASHMATCH_EXCHANGE_NCMEC_PASSWORD.
"""
KINDS = ("stopncii", "ncmec", "threatexchange", "hma", "csv")
TOLD = 20
"""Records left out that a person is told of; --json tells them all."""


@click.group("exchange", epilog=EPILOG)
def command() -> None:
    """Fetch hashes from others, and tell them what came of it."""


@command.command()
@click.argument("name")
@click.argument("kind", type=click.Choice(KINDS))
@click.option(
    "--list", "list_name", default="default", show_default=True, help="The list for its entries."
)
@click.option("--url", help="Of a server, if it is not the usual one.")
@click.option(
    "--credentials",
    type=click.Path(exists=True, dir_okay=False),
    help="A TOML file that only you can read.  [the environment]",
)
@click.option("--path", type=click.Path(dir_okay=False), help="Of a file.")
@click.option("--reason", help="NCMEC's name of a reason, to be given for all that is rejected.")
@click.option("--no-feedback", is_flag=True, help="Never tell a server what opinions are here.")
@click.option(
    "--partial", is_flag=True, help="The file holds changes: what is not in it is not gone."
)
@options.registry_place
@options.as_json
def add(
    name: str,
    kind: str,
    list_name: str,
    no_feedback: bool,
    place: str,
    as_json: bool,
    **settings: Any,
) -> None:
    """Add an exchange; its source is not asked yet."""
    from hashmatch import exchanges
    from hashmatch.registry import Registry

    given = {key: value for key, value in settings.items() if value}
    for name_of_file in {"path", "credentials"} & given.keys():  # it is fetched from anywhere
        given[name_of_file] = str(Path(given[name_of_file]).absolute())
    if no_feedback:
        given["feedback"] = False
    with Registry.open(place) as registry:
        _print_states([exchanges.add(registry, name, kind, list_name, **given)], as_json=as_json)


@command.command("list")
@options.registry_place
@options.as_json
def list_(place: str, as_json: bool) -> None:
    """Show the exchanges, and how they are."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        _print_states(registry.exchanges(), as_json=as_json)


@command.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--follow",
    type=click.FloatRange(1),
    metavar="SECONDS",
    help="Fetch again and again, with pauses of so many seconds.",
)
@click.option(
    "--accept-shrinking",
    "may_shrink",
    is_flag=True,
    help="Withdraw what is gone even where that is most of it.",
)
@options.registry_place
@options.as_json
def fetch(
    names: tuple[str, ...], follow: float | None, may_shrink: bool, place: str, as_json: bool
) -> int:
    """Fetch what is new and what was withdrawn, from all exchanges or those named.

    Then each is told what the opinions here make of its hashes, where it takes that.

    Exit code 0: all went well; 2: an exchange failed, or records were left out.
    """
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        while True:
            code = options.CLEAR
            for name in names or [state.name for state in registry.exchanges()]:
                code = max(code, _fetch(registry, name, may_shrink=may_shrink, as_json=as_json))
            if follow is None:
                return code
            time.sleep(follow)


def _fetch(registry: "Registry", name: str, *, may_shrink: bool, as_json: bool) -> int:
    from hashmatch import exchanges
    from hashmatch.errors import RegistryError, RegistryUnavailableError

    registry.exchange(name)
    try:
        with measured(f"Fetching {name}") as shown:
            done = exchanges.fetch(
                registry,
                name,
                may_shrink=may_shrink,
                progress=lambda done: shown(done.records, None) if shown else None,
            )
    except RegistryUnavailableError:
        raise
    except (ExchangeError, RegistryError) as error:
        _print_error(name, error, as_json=as_json)
        return options.FAILED
    _print_fetched(name, done, as_json=as_json)
    if not _tell(registry, name, as_json=as_json) or done.rejected:
        return options.FAILED
    return options.CLEAR


def _tell(registry: "Registry", name: str, *, as_json: bool) -> bool:
    from hashmatch import exchanges

    try:
        done = exchanges.tell(registry, name)
    except ExchangeError as error:
        _print_error(name, error, as_json=as_json)
        return False
    if as_json and (done.told or done.refused):
        refusals = [{"where": each.where, "why": each.why} for each in done.refusals]
        told = {"exchange": name, "told": done.told, "refused": done.refused}
        options.print_json({**told, "refusals": refusals})
    elif done.told or done.refused:
        click.echo(f"{name}: told of {done.told} entries, and refused to be of {done.refused}.")
        for each in done.refusals[:TOLD]:
            click.echo(f"{name}, {each.where}: {each.why}", err=True)
    return True


def _print_error(name: str, error: HashmatchError, *, as_json: bool) -> None:
    if as_json:
        options.print_json({"exchange": name, "error": error.reason, "message": str(error)})
    else:
        click.echo(f"{name}: {error}", err=True)


@command.command()
@click.argument("name")
@click.argument("entries", nargs=-1, required=True, type=options.NUMBER, metavar="ENTRY...")
@click.option(
    "--judgement",
    required=True,
    type=click.Choice(("confirmed", "rejected", "pending")),
    help="What matches of the entries turned out to be.",
)
@click.option("--tag", "tags", multiple=True, help="A free word; StopNCII takes several.")
@click.option("--reason", help="NCMEC's name of a reason, for what was rejected.")
@options.registry_place
@options.as_json
def report(
    name: str,
    entries: tuple[int, ...],
    judgement: "Judgement",
    tags: tuple[str, ...],
    reason: str | None,
    place: str,
    as_json: bool,
) -> int:
    """Tell a source what matches of its entries turned out to be."""
    from hashmatch.exchanges import Feedback, opened
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        state = registry.exchange(name)
        held = registry.held_hashes(name, entries)
    feedback = [Feedback(each.hash, judgement, each.external_id, tags, reason) for each in held]
    missing = sorted({*entries} - {each.entry for each in held})
    with opened(state) as exchange:
        if not hasattr(exchange, "report"):
            raise ExchangeError(f"An exchange of the kind {state.kind} takes no feedback.")
        reported: Reported = exchange.report(feedback)
    for entry in missing:
        click.echo(f"{name} does not hold the entry {entry}.", err=True)
    _print_reported(reported, as_json=as_json)
    return options.FAILED if missing or reported.rejected else options.CLEAR


@command.command()
@click.argument("name")
@click.option("--case", "number", required=True, help="The number of an open case.")
@click.option("--tag", "tags", multiple=True, help="A free word; may be given several times.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.registry_place
@options.as_json
def submit(
    name: str, number: str, tags: tuple[str, ...], yes: bool, place: str, as_json: bool
) -> int:
    """Submit the hashes of a case, for all who fetch from the source.

    They cannot be taken back from here: a withdrawal of the case does not reach the source.
    """
    from hashmatch.exchanges import opened
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        state = registry.exchange(name)
        hashes = registry.case_hashes(number)
        if not hashes:
            registry.case(number)  # says what is wrong with the number
            raise ExchangeError("The case is withdrawn, or nothing of it is left in its list.")
    with opened(state) as exchange:
        if not hasattr(exchange, "submit"):
            raise ExchangeError(f"Hashes cannot be submitted to the kind {state.kind}.")
        if not yes:
            question = f"Submit {len(hashes)} hashes to {name!r}? They cannot be taken back there."
            click.confirm(question, abort=True, err=True)
        reported: Reported = exchange.submit(hashes, tags)
    _print_reported(reported, as_json=as_json)
    return options.FAILED if reported.rejected else options.CLEAR


@command.command()
@click.argument("name")
@click.option("--keep", is_flag=True, help="Leave its entries in the list, as the list's own.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.registry_place
@options.as_json
def remove(name: str, keep: bool, yes: bool, place: str, as_json: bool) -> None:
    """Remove an exchange, and withdraw what only it holds."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        held = registry.exchange(name).entries
        if not yes:
            fate = "keep" if keep else "withdraw"
            question = f"Remove the exchange {name!r} and {fate} the {held} entries it holds?"
            click.confirm(question, abort=True, err=True)
        withdrawn = registry.remove_exchange(name, keep=keep)
    if as_json:
        options.print_json({"removed": name, "withdrawn": withdrawn})
    else:
        click.echo(f"The exchange {name!r} is gone; {withdrawn} entries were withdrawn.")


def _print_fetched(name: str, done: "Fetched", *, as_json: bool) -> None:
    if as_json:
        options.print_json(
            {
                "exchange": name,
                "records": done.records,
                "added": done.added,
                "withdrawn": done.withdrawn,
                "skipped": done.skipped,
                "rejected": done.rejected,
                "rejections": [{"where": each.where, "why": each.why} for each in done.rejections],
            }
        )
        return
    click.echo(
        f"{name}: {done.records} records; {done.added} added, {done.withdrawn} withdrawn, "
        f"{done.skipped} of other kinds, {done.rejected} bad."
    )
    for each in done.rejections[:TOLD]:
        click.echo(f"{name}, {each.where}: {each.why}", err=True)
    if done.rejected > TOLD:
        click.echo(f"... and {done.rejected - TOLD} more bad records.", err=True)


def _print_reported(reported: "Reported", *, as_json: bool) -> None:
    if as_json:
        rejected = [{"where": each.where, "why": each.why} for each in reported.rejected]
        options.print_json({"sent": reported.sent, "rejected": rejected})
        return
    click.echo(f"{reported.sent} sent.")
    for each in reported.rejected:
        click.echo(f"{each.where}: {each.why}", err=True)


def _print_states(states: "Iterable[ExchangeState]", *, as_json: bool) -> None:
    rows = [
        {
            "exchange": each.name,
            "kind": each.kind,
            "list": each.list_name,
            "entries": each.entries,
            "complete": each.completed.isoformat() if each.completed else None,
            "rejected": each.rejected,
            "failure": each.failure,
        }
        for each in states
    ]
    if as_json:
        for row in rows:
            options.print_json(row)
        return
    cells = [["" if value is None else str(value) for value in row.values()] for row in rows]
    print_table(("exchange", "kind", "list", "entries", "complete", "rejected", "failure"), cells)
