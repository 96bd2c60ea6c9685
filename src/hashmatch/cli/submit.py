"""`hashmatch submit`: fingerprints into a hash list; the pictures stay where they are."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from hashmatch.cli import options
from hashmatch.cli.pictures import each, find, read
from hashmatch.cli.places import open_cases
from hashmatch.cli.showing import shown
from hashmatch.errors import HashmatchError, PictureError, SubmissionRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hashmatch.pipeline import Client
    from hashmatch.registry import CaseReceipt, Picture, PictureOutcome, Registry

EPILOG = """\b
Examples:
  hashmatch submit holiday.jpg
  hashmatch submit holiday/ --list default --registry /srv/hashmatch

\b
The pictures stay on this device. What is kept of each is its PDQ fingerprint, by which altered
copies are found; the SHA-256 of the file, by which exact copies are; and fingerprints of its parts,
by which it is found in crops, screenshots and collages. Parts tell more of a picture than the rest:
which regions it has and how they lie, though no picture can be made from them that shows what it
shows. --whole-only leaves them out; a picture with too little in it to be told by has none.
Exit codes: 0 all were submitted, 2 some or all could not be (standard error says which, and why).
"""
PARTS = (
    "Fingerprints of their parts, by which crops and screenshots are found, tell how they are\n"
    "laid out; leave them out with --whole-only."
)


@click.command("submit", epilog=EPILOG)
@options.pictures
@click.option("--list", "list_name", default="default", show_default=True, help="The hash list.")
@click.option("--whole-only", is_flag=True,
              help="Leave out fingerprints of parts, which find more and tell more.")  # fmt: skip
@options.registry_place
@options.as_json
def command(
    pictures: Sequence[str], list_name: str, whole_only: bool, place: str, as_json: bool
) -> int:
    """Submit fingerprints of pictures (files or folders), and get a case number."""
    paths = find(pictures)
    work = partial(fingerprints_of, whole_only=whole_only)
    with open_cases(place) as registry:
        _look_for(list_name, registry)  # one that is not there is told before the work is done
        code = options.CLEAR
        submitted: dict[str, Picture] = {}
        for path, found in each(paths, work, doing="Fingerprinting"):
            if isinstance(found, HashmatchError):
                code = options.FAILED
                options.print_refusal(path, found, as_json=as_json)
                continue
            submitted[path] = found
        if not submitted:
            raise click.ClickException("Nothing was submitted: no picture could be fingerprinted.")
        try:
            receipt = _submit(submitted.values(), list_name, registry)
        except SubmissionRefusedError as error:
            _print_outcomes(submitted, error.pictures)
            raise click.ClickException(f"Nothing was submitted. {error}") from None
        if any(each.state == "refused" for each in receipt.pictures):
            code = options.FAILED
        try:
            if as_json:
                _print_json(submitted, receipt, list_name)
            else:
                _print_outcomes(submitted, receipt.pictures)
                with_parts = any(made.kind == "parts" for one in submitted.values() for made in one)
                _print(receipt, list_name, parts=with_parts)
        except OSError:  # nobody has read the secret phrase, so nobody could take the case back
            registry.withdraw_case(receipt.number, receipt.secret_phrase)
            click.echo("The case was taken back: what it is taken back by could not be shown.",
                       err=True)  # fmt: skip
            raise
    return code


def _look_for(list_name: str, registry: "Registry | Client") -> None:
    from hashmatch.registry import Registry

    if isinstance(registry, Registry):  # a service tells of its lists to platforms only
        registry.hash_list(list_name)


def _submit(
    pictures: "Iterable[Picture]", list_name: str, registry: "Registry | Client"
) -> "CaseReceipt":
    from hashmatch.matching import submit
    from hashmatch.registry import Registry

    if isinstance(registry, Registry):
        return submit(registry, pictures, list_name)
    return registry.submit(pictures, list_name)


def fingerprints_of(path: str, *, whole_only: bool = False) -> "Picture":
    """What is submitted of a picture."""
    from hashmatch import hash_image
    from hashmatch.hashers import decode, has_listed_parts, listed_parts, read_bytes
    from hashmatch.packed import HASHER
    from hashmatch.registry import Fingerprint
    from hashmatch.types import Hash

    data = read_bytes(read(path))
    try:
        pixels = decode(data)
    except PictureError as error:
        raise type(error)(f"{path}: {error}") from None
    whole = hash_image(pixels)
    made = [Fingerprint(whole), Fingerprint(hash_image(data, "sha256"))]
    if whole_only or not has_listed_parts(whole):
        return made
    return [*made, Fingerprint(Hash(HASHER, listed_parts(pixels)), "parts")]


def _print_json(paths: "Iterable[str]", receipt: "CaseReceipt", list_name: str) -> None:
    options.print_json(
        {
            "case": receipt.number,
            "secret_phrase": receipt.secret_phrase,
            "list": list_name,
            "pictures": [
                {"path": path, "state": each.state, "reason": each.reason, "words": each.words}
                for path, each in zip(paths, receipt.pictures, strict=True)
            ],
        }
    )


def _print(receipt: "CaseReceipt", list_name: str, *, parts: bool) -> None:
    taken = sum(each.state != "refused" for each in receipt.pictures)
    of = "1 picture" if taken == 1 else f"{taken} pictures"
    click.echo(f"The fingerprints of {of} are on the list {list_name!r}.")
    click.echo("The pictures themselves were not sent or copied anywhere.")
    if parts:
        click.echo(PARTS)
    click.echo()
    click.echo(f"  Case number    {receipt.number}")
    click.echo(f"  Secret phrase  {receipt.secret_phrase}\n")
    click.echo("Please write both down now: nobody can find them again for you.")
    click.echo(f"To take the case back: hashmatch case withdraw {receipt.number}")


def _print_outcomes(paths: "Iterable[str]", outcomes: "Iterable[PictureOutcome]") -> None:
    """Say what became of the pictures that were not simply taken."""
    for path, outcome in zip(paths, outcomes, strict=True):
        if outcome.reason is not None:
            click.echo(f"{shown(path)}: {outcome.words}", err=True)
