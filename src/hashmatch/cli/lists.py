"""`hashmatch list`: make, show, fill, export and remove hash lists."""

from typing import TYPE_CHECKING, Any, cast

import click

from hashmatch.cli import options
from hashmatch.cli.showing import shown
from hashmatch.cli.table import print_table

if TYPE_CHECKING:
    from hashmatch.registry import FileFormat, HashList, Imported, ListSettings

EPILOG = """\b
Examples:
  hashmatch list show
  hashmatch list create partners --threshold 31 --review-threshold 40
  hashmatch list import partners hashes.csv
  hashmatch list export partners partners.parquet
"""
USUAL = "usual"
"""Instead of a number: as far as a list reaches without."""
FORMATS = click.Choice(("csv", "parquet", "hex"))


class _BitsOrUsual(click.ParamType[Any]):
    """A whole number of bits, or the word for none."""

    name = "bits"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        return value if value == USUAL else click.INT.convert(value, param, ctx)


@click.group("list", epilog=EPILOG)
def command() -> None:
    """Make, show, fill, export and remove hash lists."""


def settings(function: Any) -> Any:
    """The policy of a list, as options."""
    for option in (
        click.option(
            "--false-opinions",
            type=int,
            help="Platforms whose contrary opinion holds an entry back; 0: never.  [2]",
        ),
        click.option(
            "--flood-window", type=int, help="Seconds that --flood-matches is of.  [3600]"
        ),
        click.option(
            "--flood-matches",
            type=int,
            help="An entry that matches more uploads is held back; 0: never.  [50]",
        ),
        click.option(
            "--allow-list/--no-allow-list",
            default=None,
            help="Entries are harmless pictures: a match overrules all others.",
        ),
        click.option(
            "--action",
            type=click.Choice(("block", "review")),
            help="What a match within the threshold means.  [block]",
        ),
        click.option(
            "--min-quality", type=int, help="Pictures of less are not matched perceptually.  [50]"
        ),
        click.option(
            "--part-review-threshold",
            type=_BitsOrUsual(),
            help="Likewise, up to where they go to review.  [usual]",
        ),
        click.option(
            "--part-threshold",
            type=_BitsOrUsual(),
            help="Bits, for pictures that parts find; usual: as far as --threshold.  [usual]",
        ),
        click.option(
            "--review-threshold", type=int, help="Bits; up to here a match goes to review.  [45]"
        ),
        click.option(
            "--threshold", type=int, help="Bits; up to here a match gets the action.  [31]"
        ),
    ):
        function = option(function)
    return function


def _given(values: dict[str, Any]) -> "ListSettings":
    given = {name: value for name, value in values.items() if value is not None}
    return cast("ListSettings", {k: None if v == USUAL else v for k, v in given.items()})


@command.command()
@click.argument("name")
@settings
@options.registry_place
@options.as_json
def create(name: str, place: str, as_json: bool, **values: Any) -> None:
    """Make a hash list."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        _print([(registry.create_list(name, **_given(values)), 0)], as_json=as_json)


@command.command("set")
@click.argument("name")
@settings
@options.registry_place
@options.as_json
def set_(name: str, place: str, as_json: bool, **values: Any) -> None:
    """Change the policy of a hash list; what is not given stays."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        changed = registry.update_list(name, **_given(values))
        _print([(changed, registry.count_entries(name))], as_json=as_json)


@command.command()
@click.argument("name", required=False)
@options.registry_place
@options.as_json
def show(name: str | None, place: str, as_json: bool) -> None:
    """Show a hash list, or all of them."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        found = registry.lists() if name is None else (registry.hash_list(name),)
        _print([(each, registry.count_entries(each.name)) for each in found], as_json=as_json)


@command.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--format", "file_format", type=FORMATS, help="Else the file's name tells it.")
@click.option("--hasher", default="pdq", show_default=True, help="Of hashes that stand without.")
@click.option("--source", default="import", show_default=True, help="Of hashes that stand without.")
@click.option(
    "--strict", is_flag=True, help="Import all of the file or, if a line is bad, nothing."
)
@options.registry_place
@options.as_json
def import_(
    name: str,
    file: str,
    file_format: "FileFormat | None",
    hasher: str,
    source: str,
    strict: bool,
    place: str,
    as_json: bool,
) -> int:
    """Add the hashes of a file to a list: CSV, Parquet, or lines of hexadecimal digits."""
    from hashmatch import hashers
    from hashmatch.cli.progress import measured
    from hashmatch.registry import Registry

    with Registry.open(place) as registry, measured("Importing") as progress:
        if hasher in hashers.names():  # one that somebody else made is made known first
            registry.know_hasher(hasher, hashers.get(hasher).bits)
        done = registry.import_file(
            name,
            file,
            file_format=file_format,
            hasher=hasher,
            source=source,
            strict=strict,
            progress=progress,
        )
    _report(done, file, as_json=as_json)
    return options.FAILED if done.bad else options.CLEAR


def _report(done: "Imported", file: str, *, as_json: bool) -> None:
    if as_json:
        options.print_json(
            {
                "added": done.added,
                "already_there": done.already_there,
                "bad": done.bad,
                "bad_lines": [{"line": line.number, "why": line.why} for line in done.bad_lines],
            }
        )
        return
    click.echo(f"{done.added} added, {done.already_there} already there, {done.bad} bad.")
    for line in done.bad_lines:
        click.echo(f"{shown(file)}, line {line.number}: {line.why}", err=True)
    if done.bad > len(done.bad_lines):
        click.echo(f"... and {done.bad - len(done.bad_lines)} more bad lines.", err=True)


@command.command()
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--format", "file_format", type=FORMATS, help="Else the file's name tells it.")
@click.option("--hasher", help="Only the hashes of this one.")
@options.registry_place
@options.as_json
def export(
    name: str,
    file: str,
    file_format: "FileFormat | None",
    hasher: str | None,
    place: str,
    as_json: bool,
) -> None:
    """Write a list to a file. Guard it: fingerprints tell something of the pictures."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        count = registry.export_file(name, file, file_format=file_format, hasher=hasher)
    if as_json:
        options.print_json({"exported": count, "file": file})
    else:
        click.echo(f"{count} hashes are in {shown(file)}.")


@command.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.registry_place
@options.as_json
def remove(name: str, yes: bool, place: str, as_json: bool) -> None:
    """Remove a list, and withdraw all its entries."""
    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        count = registry.count_entries(name)
        if not yes:
            question = f"Remove the list {name!r} and withdraw its {count} entries?"
            click.confirm(question, abort=True, err=True)
        withdrawn = registry.remove_list(name)
    if as_json:
        options.print_json({"removed": name, "withdrawn": withdrawn})
    else:
        click.echo(f"The list {name!r} is gone; {withdrawn} entries were withdrawn.")


def _print(found: "list[tuple[HashList, int]]", *, as_json: bool) -> None:
    rows = [
        {
            "list": each.name,
            "entries": entries,
            "action": "allow" if each.allow_list else each.action,
            "threshold": each.threshold,
            "review_threshold": each.review_threshold,
            "min_quality": each.min_quality,
            "part_threshold": each.part_threshold,
            "part_review_threshold": each.part_review_threshold,
            "flood_matches": each.flood_matches,
            "flood_window": each.flood_window,
            "false_opinions": each.false_opinions,
            "created": each.created.isoformat(timespec="seconds"),
        }
        for each, entries in found
    ]
    if as_json:
        for row in rows:
            options.print_json(row)
        return
    heads = ("list", "entries", "action", "threshold", "review to", "min quality")
    print_table(heads, [[str(v) for v in list(row.values())[: len(heads)]] for row in rows])
