"""`hashmatch submit`: fingerprints into a hash list; the pictures stay where they are."""

from collections.abc import Sequence

import click

from hashmatch.cli import options
from hashmatch.cli.pictures import each, find, read
from hashmatch.errors import HashmatchError
from hashmatch.types import Hash

EPILOG = """\b
Examples:
  hashmatch submit holiday.jpg
  hashmatch submit holiday/ --list default --registry /srv/hashmatch

\b
The pictures stay on this device. What is kept of each is its PDQ fingerprint, by which altered
copies are found, and the SHA-256 of the file, by which exact copies are.
Exit codes: 0 all were submitted, 2 some or all could not be (standard error says which, and why).
"""
SUBMITTED = ("pdq", "sha256")


@click.command("submit", epilog=EPILOG)
@options.pictures
@click.option("--list", "list_name", default="default", show_default=True, help="The hash list.")
@options.registry_place
@options.as_json
def command(pictures: Sequence[str], list_name: str, place: str, as_json: bool) -> int:
    """Submit fingerprints of pictures (files or folders), and get a case number."""
    from hashmatch.registry import Registry

    paths = find(pictures)
    with Registry.open(place) as registry:
        least = registry.hash_list(list_name).min_quality
        code, submitted, hashes = options.CLEAR, 0, []
        for path, found in each(paths, _fingerprints, doing="Fingerprinting"):
            if isinstance(found, HashmatchError):
                code = options.FAILED
                options.print_refusal(path, found, as_json=as_json)
                continue
            submitted += 1
            hashes += found
            quality = found[0].quality
            if quality is not None and quality < least and not as_json:
                click.echo(
                    f"{path}: too little can be seen in this picture to find altered copies of it "
                    f"(quality {quality} of 100, {least} are needed). Exact copies will be found.",
                    err=True,
                )
        if not hashes:
            raise click.ClickException("Nothing was submitted: no picture could be fingerprinted.")
        receipt = registry.submit(hashes, list_name)
    if as_json:
        options.print_json(
            {
                "case": receipt.number,
                "secret_phrase": receipt.secret_phrase,
                "list": list_name,
                "pictures": submitted,
            }
        )
        return code
    of = "1 picture" if submitted == 1 else f"{submitted} pictures"
    click.echo(f"The fingerprints of {of} are on the list {list_name!r}.")
    click.echo("The pictures themselves were not sent or copied anywhere.\n")
    click.echo(f"  Case number    {receipt.number}")
    click.echo(f"  Secret phrase  {receipt.secret_phrase}\n")
    click.echo("Please write both down now: nobody can find them again for you.")
    click.echo(f"To take the case back: hashmatch case withdraw {receipt.number}")
    return code


def _fingerprints(path: str) -> list[Hash]:
    from hashmatch import hash_image

    picture = read(path)
    return [hash_image(picture, hasher) for hasher in SUBMITTED]
