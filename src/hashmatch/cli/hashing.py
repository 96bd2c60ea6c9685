"""`hashmatch hash`: fingerprints of pictures, printed."""

from collections.abc import Sequence

import click

from hashmatch.cli import options
from hashmatch.cli.pictures import each, find, read
from hashmatch.cli.showing import shown
from hashmatch.errors import HashmatchError

EPILOG = """\b
Examples:
  hashmatch hash holiday.jpg
  hashmatch hash --hasher phash --json holiday/ > hashes.jsonl
  cat holiday.jpg | hashmatch hash -

\b
Each line is the hash, the quality (0 to 100, or - where the hasher has none) and the file.
Exit codes: 0 all were hashed, 2 some were not (standard error says which, and why).
"""


@click.command("hash", epilog=EPILOG)
@options.pictures
@click.option("--hasher", default="pdq", show_default=True, help="The algorithm.")
@options.as_json
def command(pictures: Sequence[str], hasher: str, as_json: bool) -> int:
    """Print the fingerprints of pictures (files, folders, or - for standard input)."""
    from hashmatch import hash_image, hashers

    hashers.get(hasher)  # a wrong name is one error, not one for each picture
    code = options.CLEAR
    outcomes = each(find(pictures), lambda path: hash_image(read(path), hasher), doing="Hashing")
    for path, found in outcomes:
        if isinstance(found, HashmatchError):
            code = options.FAILED
            options.print_refusal(path, found, as_json=as_json)
        elif as_json:
            options.print_json(
                {"path": path, "hasher": hasher, "hash": found.hex, "quality": found.quality}
            )
        else:
            quality = "-" if found.quality is None else found.quality
            click.echo(f"{found.hex}  {quality:>3}  {shown(path)}")
    return code
