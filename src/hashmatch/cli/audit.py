"""`hashmatch audit`: what was done, that nobody altered it, and the evidence of a case."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hashmatch.cli import options
from hashmatch.cli.table import print_table
from hashmatch.errors import AuditError

if TYPE_CHECKING:
    from hashmatch.registry import SigningKey

EPILOG = """\b
Examples:
  hashmatch audit show
  hashmatch audit head > /elsewhere/head.json
  hashmatch audit verify --head /elsewhere/head.json
  hashmatch audit export 4821-0937-5523 --to evidence/
  hashmatch audit verify --bundle evidence/

\b
Every line has the digest of itself and of the line before. Keep a signed head now and then where
nobody who may write to the registry can: by it, lines that were cut off at the end are missed too.
Exit codes: 0 all is as it was written, 2 it is not (standard error says where).
"""
FILES: Final = ("evidence.json", "timeline.csv")
MANIFEST: Final = "manifest.json"
_PAGE: Final = 1_000

_key = click.option(
    "--key",
    "key_file",
    type=click.Path(dir_okay=False),
    envvar="HASHMATCH_AUDIT_KEY",
    show_envvar=True,
    help="The file of the key that signs; made on first use.  [audit-key.pem in the registry's "
    "folder]",
)


@click.group("audit", epilog=EPILOG)
def command() -> None:
    """Show and verify the audit, and export the evidence of a case."""


@command.command()
@click.option(
    "--after",
    type=options.NUMBER,
    default=0,
    show_default=True,
    help="Only lines with higher numbers.",
)
@click.option("--subject", help="Only lines on it, such as 'entry 17'.")
@options.registry_place
@options.as_json
def show(after: int, subject: str | None, place: str, as_json: bool) -> None:
    """Show what was done, by whom and when."""
    from hashmatch.registry import Registry, evidence

    with Registry.open(place) as registry:
        cells = []
        while lines := registry.audit(after, _PAGE, subject=subject):
            after = lines[-1].number
            for line in lines:
                if as_json:
                    options.print_json(evidence.told(line))
                detail = json.dumps(line.detail) if line.detail else ""
                at = f"{line.at:%Y-%m-%d %H:%M}"
                cells.append((str(line.number), at, line.actor, line.action, line.subject, detail))
    if not as_json:
        print_table(("line", "time", "who", "what", "to what", "detail"), cells, right=(0,))


@command.command()
@_key
@options.registry_place
def head(key_file: str | None, place: str) -> None:
    """Print how many lines there are and the last digest, signed: to be kept elsewhere."""
    from hashmatch.registry import Registry, clock, signing

    with Registry.open(place) as registry:
        count, digest = registry.verify_audit()
    value = {"lines": count, "digest": digest.hex(), "at": clock.now().isoformat()}
    options.print_json(signing.sign(_signing_key(key_file, place), value))


@command.command()
@click.option(
    "--head", "head_file", type=click.Path(exists=True, dir_okay=False), help="A signed head."
)
@click.option(
    "--bundle",
    type=click.Path(exists=True, file_okay=False),
    help="A folder that `audit export` made; the registry is not looked at.",
)
@click.option("--public-key", help="The key that it must be signed with, in hexadecimal digits.")
@options.registry_place
@options.as_json
def verify(
    head_file: str | None, bundle: str | None, public_key: str | None, place: str, as_json: bool
) -> None:
    """Check that no line was altered, removed or moved; with a head, that none was cut off."""
    if bundle is not None:
        told = _verify_bundle(Path(bundle), public_key)
    else:
        told = _verify_registry(head_file, public_key, place)
    if as_json:
        options.print_json(told)
    else:
        click.echo("\n".join(f"{name}: {value}" for name, value in told.items()))


@command.command()
@click.argument("number")
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False), help="A new folder."
)
@_key
@options.registry_place
def export(number: str, folder: str, key_file: str | None, place: str) -> None:
    """Write the evidence of a case: JSON, its timeline as CSV, and a signed manifest."""
    from hashmatch.registry import Registry, signing

    key = _signing_key(key_file, place)
    with Registry.open(place) as registry:
        found = registry.evidence(number)
    into = Path(folder)
    report = json.dumps(found.report, indent=1, ensure_ascii=False) + "\n"
    try:
        into.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise AuditError(f"There is a folder {folder!r} already. Name a new one.") from None
    except OSError as error:
        raise AuditError(f"The folder {folder!r} cannot be made: {error.strerror}.") from None
    try:
        for name, text in zip(FILES, (report, found.timeline), strict=True):
            (into / name).write_text(text, encoding="utf-8", newline="")
        digests = {name: _digest(into / name) for name in FILES}
        manifest = signing.sign(key, {"case": found.number, "sha256": digests})
        (into / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        shutil.rmtree(into, ignore_errors=True)
        raise AuditError(
            f"The folder {folder!r} cannot be written: {error.strerror}. Nothing was kept of it."
        ) from None
    click.echo(f"The evidence of case {found.number} is in {folder}.")
    click.echo(f"Its manifest is signed with the key {key.public}.")


def _verify_registry(head_file: str | None, public_key: str | None, place: str) -> dict[str, Any]:
    from hashmatch.registry import Registry, signing

    count, digest = 0, None
    if head_file is not None:
        kept = signing.verified(_json(Path(head_file)), public_key)
        try:
            count, digest = int(kept["lines"]), bytes.fromhex(kept["digest"])
        except (KeyError, TypeError, ValueError):
            raise AuditError(f"{head_file} is signed, but not a head of an audit.") from None
    with Registry.open(place) as registry:
        lines, last = registry.verify_audit(count, digest)
    return {"verified": "audit", "lines": lines, "digest": last.hex()}


def _verify_bundle(folder: Path, public_key: str | None) -> dict[str, Any]:
    from hashmatch.registry import signing

    manifest = signing.verified(_json(folder / MANIFEST), public_key)
    digests = manifest.get("sha256", {})
    for name in FILES:
        if digests.get(name) != _digest(folder / name):
            raise AuditError(f"The file {name} of the bundle is not the one that was signed.")
    return {
        "verified": "bundle", "case": manifest["case"], "public_key": manifest["public_key"],
    }  # fmt: skip


def _signing_key(key_file: str | None, place: str) -> "SigningKey":
    from hashmatch.registry import SigningKey, signing

    if key_file is None:
        if "://" in place:
            raise click.UsageError("A registry in a database has no folder: name the --key file.")
        Path(place).mkdir(mode=0o700, parents=True, exist_ok=True)
        key_file = str(Path(place) / signing.KEY_FILE)
    return SigningKey(key_file)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise AuditError(f"The file {path.name} is missing, or not JSON.") from None


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        raise AuditError(f"The file {path.name} is missing.") from None
