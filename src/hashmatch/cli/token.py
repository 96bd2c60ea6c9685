"""`hashmatch token`: credentials for the service."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from hashmatch.cli import options
from hashmatch.cli.table import print_table

if TYPE_CHECKING:
    from hashmatch.registry import Credential, IssuedToken, Scope

EPILOG = """\b
Examples:
  hashmatch token create "photo site" --scope check --expires 90d
  hashmatch token rotate 5f3a9c1e20b7 --overlap 24h
  hashmatch token revoke 5f3a9c1e20b7

\b
Scopes: check (pictures and codes; read the feed), submit (cases), operate (everything).
A change is effective in a running service within a second.
"""


class Duration(click.ParamType[timedelta]):
    """Such as 90d, 24h or 30m."""

    name = "duration"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        """From text."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d{1,5})([dhm])", value)
        if found is None:
            self.fail("a duration is a number with d, h or m behind it, such as 90d", param, ctx)
        unit = {"d": "days", "h": "hours", "m": "minutes"}[found[2]]
        return timedelta(**{unit: int(found[1])})


@click.group("token", epilog=EPILOG)
def command() -> None:
    """Make, show, replace and end credentials for the service."""


@command.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(("check", "submit", "operate")),
    help="What it is good for; may be given several times.",
)
@click.option("--expires", type=Duration(), help="How long it is good, such as 90d.  [for ever]")
@options.registry_place
@options.as_json
def create(
    name: str,
    scopes: "tuple[Scope, ...]",
    expires: timedelta | None,
    place: str,
    as_json: bool,
) -> None:
    """Make a credential; its token is shown this once."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        print_issued(registry.issue_credential(name, scopes, expires), as_json=as_json)


@command.command()
@click.argument("key_id")
@click.option(
    "--overlap",
    type=Duration(),
    default="24h",
    show_default=True,
    help="How long the old token works beside the new one.",
)
@options.registry_place
@options.as_json
def rotate(key_id: str, overlap: timedelta, place: str, as_json: bool) -> None:
    """Replace the token of a credential by a new one."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        print_issued(registry.rotate_credential(key_id, overlap), as_json=as_json)


@command.command("list")
@options.registry_place
@options.as_json
def list_(place: str, as_json: bool) -> None:
    """Show all credentials; their tokens are known to their holders only."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        rows = [_row(each) for each in registry.credentials()]
    if as_json:
        for row in rows:
            options.print_json(row)
        return
    cells = [[str(value or "") for value in row.values()] for row in rows]
    print_table(("key id", "name", "scopes", "created", "expires", "revoked"), cells)


@command.command()
@click.argument("key_id")
@options.registry_place
@options.as_json
def revoke(key_id: str, place: str, as_json: bool) -> None:
    """End a credential at once."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        revoked = registry.revoke_credential(key_id)
    if as_json:
        options.print_json(_row(revoked))
    else:
        click.echo(f"The credential {revoked.key_id} of {revoked.name!r} is revoked.")


def print_issued(issued: "IssuedToken", *, as_json: bool) -> None:
    """Show a new token, with how long and what for it is good."""
    if as_json:
        options.print_json({"token": issued.token, **_row(issued.credential)})
        return
    row = _row(issued.credential)
    click.echo(f"  Token    {issued.token}")
    click.echo(f"  Key id   {row['key_id']}")
    click.echo(f"  Scopes   {row['scopes']}")
    click.echo(f"  Expires  {row['expires'] or 'never'}\n")
    click.echo(
        "Please keep the token now: only its digest is stored, and nobody can find it again."
    )


def _row(credential: "Credential") -> dict[str, str | None]:
    def told(time: Any) -> str | None:
        return None if time is None else time.isoformat(timespec="seconds")

    return {
        "key_id": credential.key_id,
        "name": credential.name,
        "scopes": " ".join(sorted(credential.scopes)),
        "created": told(credential.created),
        "expires": told(credential.expires),
        "revoked": told(credential.revoked),
    }
