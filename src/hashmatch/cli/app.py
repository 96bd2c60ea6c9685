"""The command `hashmatch`: its subcommands, loaded when they are called, and its errors."""

import io
import os
import sys
from importlib import import_module, metadata
from typing import Any, Final, NoReturn

import click

from hashmatch.cli.options import FAILED
from hashmatch.cli.places import TOKEN
from hashmatch.cli.showing import shown
from hashmatch.errors import HashmatchError, UnauthenticatedError

READER_GONE: Final = 141
"""What shells tell of a program whose reader has gone; 1 would mean that something is flagged."""

COMMANDS: Final = {
    "hash": ("hashing", "Print the fingerprints of pictures; nothing else is kept or sent."),
    "submit": ("submit", "Submit fingerprints of pictures to a hash list, and get a case number."),
    "case": ("case", "Look a case up, or take it back."),
    "review": ("review", "Show entries that are held back, and decide on them."),
    "audit": ("audit", "Show and verify the audit, and export the evidence of a case."),
    "check": ("check", "Check pictures against the hash lists."),
    "scan": ("scan", "Compare an archive with the entries that came since its last scan."),
    "watch": ("watch", "Check files as they arrive in a folder, and move them."),
    "list": ("lists", "Make, show, fill, export and remove hash lists."),
    "exchange": ("exchange", "Fetch hashes from others, and tell them what came of it."),
    "index": ("index", "Build index files, and look into them."),
    "bench": ("bench", "Measure indexes and hashers beside their peers."),
    "serve": ("serve", "Serve the registry over HTTP: cases, checks, matches, lists."),
    "token": ("token", "Make, show, replace and end credentials for the service."),
    "demo": ("demo", "Submit fingerprints of photographs, then look for altered copies of them."),
    "completion": ("completion", "Print the script that makes a shell complete hashmatch."),
}
"""Each command: the module it lives in, and its line in the help (which need not load it)."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they run, so that `hash` starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of a newcomer's interest."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command by its name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"hashmatch.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; an unknown one is answered with those that there are."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            known = ", ".join(COMMANDS)
            raise click.UsageError(f"No such command {args[0]!r}; there are: {known}.", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; it ends quietly where the reader of its output has seen enough."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _discard_output()
            raise click.exceptions.Exit(READER_GONE) from None


EPILOG = """\b
Examples:
  hashmatch hash holiday.jpg
  hashmatch submit holiday.jpg
  hashmatch check uploads/ --json

Pictures are decoded in memory on this machine. What leaves a command are fingerprints and verdicts.
"""


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(metadata.version("hashmatch"), prog_name="hashmatch")
def group() -> None:
    """Find copies of pictures by their fingerprints, without anyone keeping the pictures."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; errors end it with a sentence on standard error and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that it cannot spell ends no command
            stream.reconfigure(errors="backslashreplace")
    try:
        code = group.main(arguments, prog_name="hashmatch", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(FAILED)
    except UnauthenticatedError as error:
        _fail(f"{error} The command line takes the token from {TOKEN}.")
    except HashmatchError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename or 'What was to be printed, or read'}: {error.strerror or error}.")
    except Exception:  # noqa: BLE001 - a fault of ours is not to end with the 1 that means "flagged"
        sys.excepthook(*sys.exc_info())
        sys.exit(FAILED)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> NoReturn:
    """Say what is wrong, and end; also where standard output is what cannot be written."""
    click.echo(f"hashmatch: {shown(message)}", err=True)
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()
    sys.exit(FAILED)


def _discard_output() -> None:
    """Let what is still to be written go nowhere, or Python complains of it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
