"""`hashmatch watch`: a folder, here or in an object store, in which uploads arrive as files."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from hashmatch.cli import options
from hashmatch.cli.places import TOKEN
from hashmatch.cli.showing import shown

if TYPE_CHECKING:
    from hashmatch.pipeline.guards.edge import EdgeAction
    from hashmatch.pipeline.watch import Handled

EPILOG = """\b
Examples:
  hashmatch watch incoming/
  hashmatch watch incoming/ --passed-to clean/ --held-to review/ --refused-to blocked/ --json
  hashmatch watch incoming/ --once
  hashmatch watch s3://uploads/incoming --passed-to s3://uploads/clean --every 10

\b
A file is checked once nothing was written to it for --settled seconds; one that is moved into the
folder, as soon as it is that old. Without the options --...-to nothing is moved, only told.
A URL takes the extra s3, and finds endpoint and credentials as all tools for S3 do
(AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, ...). Its objects are moved within their store.
While the lists cannot be had, files wait (--when-away wait) or go on unchecked (pass).

\b
Exit code with --once: 0 where every file was dealt with; 2 where one could not be, or something
else went wrong.
"""


@click.command("watch", epilog=EPILOG)
@click.argument("folder", metavar="FOLDER|URL")
@click.option("--passed-to", metavar="FOLDER", help="Where clean files are moved.")
@click.option("--held-to", metavar="FOLDER", help="Likewise those for a review.")
@click.option("--refused-to", metavar="FOLDER", help="Likewise those not to store.")
@click.option(
    "--when-away",
    type=click.Choice(("wait", "pass")),
    default="wait",
    show_default=True,
    help="What becomes of files while the lists cannot be had.",
)
@click.option("--shadow", is_flag=True, help="Tell what would be done; let all files pass.")
@click.option("--every", type=click.FloatRange(min=0.01), default=1.0, show_default=True,
              help="Seconds from one look to the next.")  # fmt: skip
@click.option("--settled", type=click.FloatRange(min=0), default=2.0, show_default=True,
              help="Seconds a file must be at rest.")  # fmt: skip
@click.option("--once", is_flag=True, help="Look once, and end.")
@options.cache
@options.registry_place
@options.as_json
def command(
    folder: str,
    passed_to: str | None,
    held_to: str | None,
    refused_to: str | None,
    when_away: str,
    shadow: bool,
    every: float,
    settled: float,
    once: bool,
    cache: str | None,
    place: str,
    as_json: bool,
) -> int:
    """Check files as they arrive in a folder, and move them by what is decided."""
    from hashmatch.matching import Matcher
    from hashmatch.pipeline.guards import EdgePolicy, Guard
    from hashmatch.pipeline.watch import Watcher

    away: EdgeAction = "pass" if when_away == "pass" else "hold"
    policy = EdgePolicy(unavailable=away, shadow=shadow)
    asked: dict[EdgeAction, str | None] = {
        "pass": passed_to,
        "hold": held_to,
        "refuse": refused_to,
    }
    move = {action: target for action, target in asked.items() if target is not None}
    with Matcher.open(place, token=os.environ.get(TOKEN), cache=cache) as matcher:
        watcher = Watcher(folder, Guard(matcher, policy), move, settled)
        with _until_ended() as ending:
            code = 0
            for handled in watcher.look() if once else watcher.run(ending, every):
                _print(handled, as_json=as_json)
                if once and handled.problem:
                    code = options.FAILED
            return code


@contextmanager
def _until_ended() -> Iterator[threading.Event]:
    """An event that SIGTERM sets, so that the file under way is finished."""
    ending = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: ending.set())
    try:
        yield ending
    finally:
        signal.signal(signal.SIGTERM, before)


def _print(handled: "Handled", *, as_json: bool) -> None:
    decision = handled.decision
    verdict = None if decision is None else decision.verdict
    if as_json:
        options.print_json(
            {
                "path": handled.path,
                "action": None if decision is None else decision.action,
                "meant": None if decision is None else decision.meant,
                "why": None if decision is None else decision.why,
                "moved_to": handled.moved_to,
                "problem": handled.problem,
                "matches": [
                    {
                        "entry": match.entry,
                        "list": match.list_name,
                        "hasher": match.hasher,
                        "distance": match.distance,
                        "view": match.view,
                        "action": match.action,
                    }
                    for match in (verdict.matches if verdict else ())
                ],
            }
        )
        return
    words = handled.problem or (verdict.reason if verdict else "")
    if decision is not None and verdict is None:
        words = words or f"It was not compared ({decision.why.replace('_', ' ')})."
    where = f" It is now {handled.moved_to}." if handled.moved_to else ""
    action = decision.action if decision else "-"
    click.echo(shown(f"{action:<6}  {handled.path or '-'}: {words}{where}"))
