"""`hashmatch index`: build index files, and look into them."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from hashmatch.cli import options
from hashmatch.errors import InvalidCodesError, SearchError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from hashmatch.indexes.snapshot import Snapshot
    from hashmatch.types import Codes

EPILOG = """\b
Examples:
  hashmatch index build codes.parquet var/index
  hashmatch index build --list default var/index
  hashmatch index inspect var/index --verify

A folder of index files is opened by hashmatch.indexes.RingIndex.open; its codes are a FAISS binary
index as well. It is a cache: what it was built from is the truth.
"""
BUILD_EPILOG = """\b
Examples:
  hashmatch index build codes.npy var/index
  hashmatch index build --list default --registry /srv/hashmatch var/index

\b
CODES is a file: .npy (n, width) of uint8, .parquet with a column code or hash (bytes or hexadecimal
text), or .txt or .hex with a code a line. Ids are its rows, from 0; of a list, ids of entries.
"""
FILED: Final = frozenset({"ring", "flat"})
"""Kinds of indexes that there are files of."""


@click.group("index", epilog=EPILOG)
def command() -> None:
    """Build index files, and look into them."""


@command.command(epilog=BUILD_EPILOG)
@click.argument("places", nargs=-1, metavar="[CODES] FOLDER")
@click.option("--recipe", default="ring", show_default=True, metavar="NAME_OR_FILE",
              help="The recipe of the index: ring, flat, or a .toml file.")  # fmt: skip
@click.option("--list", "list_name", metavar="NAME",
              help="Build from this hash list, instead of a file.")  # fmt: skip
@click.option("--hasher", default="pdq", show_default=True,
              help="Of a list's entries: those of this hasher.")  # fmt: skip
@options.registry_place
@options.as_json
def build(
    places: tuple[str, ...],
    recipe: str,
    list_name: str | None,
    hasher: str,
    place: str,
    as_json: bool,
) -> None:
    """Build an index of a file of codes, or of a hash list, and publish it as a new FOLDER."""
    from hashmatch.indexes import RingIndex, load_recipe
    from hashmatch.indexes import build as build_index

    wanted = 1 if list_name is not None else 2
    if len(places) != wanted:
        raise click.UsageError(
            "With --list, name the FOLDER that is to be made, and no file of codes."
            if list_name is not None
            else "Name a file of codes and the FOLDER that is to be made, or give --list."
        )
    folder = Path(places[-1])
    if folder.exists():  # told before minutes of building
        raise SearchError(
            f"The folder {folder} exists. Build to a new name, and switch readers over to it."
        )
    chosen = load_recipe(recipe)
    if chosen.kind not in FILED:
        raise SearchError(
            f"The recipe {chosen.name!r} makes an index of kind {chosen.kind}, which has no files; "
            f"it is there to be measured (hashmatch bench index). Build with ring or flat."
        )
    facts: dict[str, Any] = {"recipe": chosen.name}
    ids = None
    if list_name is None:
        from hashmatch.indexes.reading import read_codes_file

        codes = read_codes_file(places[0])
    else:
        ids, codes, facts["sequence"] = _entries(place, list_name, hasher)
        facts["generation"] = 1
    begin = time.perf_counter()
    if chosen.kind == "flat":  # on the disk, that is a ring index without buckets
        index = RingIndex.build(codes, flat_below=len(codes) + 1)
    else:
        index = cast("RingIndex", build_index(chosen, codes))
    seconds = time.perf_counter() - begin
    index.save(folder, ids=ids, **facts)
    (told,) = _inspected(folder)
    _print(told | {"build_seconds": seconds}, as_json=as_json)


def _entries(place: str, list_name: str, hasher: str) -> "tuple[npt.NDArray[np.int64], Codes, int]":
    """Ids and codes of a list's entries by one hasher, by rising id, and the last change."""
    import numpy as np

    from hashmatch.registry import Registry

    with Registry.open(place) as registry:
        wanted, sequence = registry.hash_list(list_name).id, registry.sequence()
        batches = [
            (batch.ids[mine], batch.codes[mine])
            for batch in registry.entries(hasher)
            if (mine := batch.list_ids == wanted).any()
        ]
    if not batches:
        raise InvalidCodesError(
            f"The list {list_name!r} of {place} has no entries by the hasher {hasher!r}; submit "
            f"or import some, or name another --hasher."
        )
    ids, codes = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    return ids, codes, sequence


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True,
              help="Hash every file and check every bucket, changed or not.")  # fmt: skip
@options.as_json
def inspect(folder: Path, verify: bool, as_json: bool) -> None:
    """Show what the index files in FOLDER hold: sizes, bucket skew, generation, age.

    FOLDER is that of one index, or of a node's, one for each hasher; or one that holds
    generations, of which the newest is shown.
    """
    for told in _inspected(folder, verify=verify):
        _print(told, as_json=as_json)


def _inspected(folder: Path, *, verify: bool = False) -> list[dict[str, Any]]:
    """What there is to know of each index in a folder of index files, as plain values."""
    from hashmatch.indexes import snapshot
    from hashmatch.indexes.generation import published_in

    generations = published_in(folder)
    number, place = generations[0] if generations else (None, folder)
    opened = snapshot.read(place, verify=verify)
    told = {"generation": number, "verified": verify} | opened.index
    parts = [opened.part(name) for name in opened.parts] or [opened]
    return [_told_of(part, told | part.index) for part in parts]


def _told_of(opened: "Snapshot", told: dict[str, Any]) -> dict[str, Any]:
    """What there is to know of one index, and what its snapshot tells of all."""
    from datetime import UTC, datetime

    from hashmatch.indexes import RingIndex

    ring = RingIndex.of(opened, verify=told["verified"]).inspect()
    return {
        "folder": str(opened.folder),
        **{name: told.get(name) for name in ("recipe", "generation", "sequence")},
        **{name: ring[name] for name in ("kind", "codes", "bits", "bytes", "buckets")},
        "files": {name: file["bytes"] for name, file in opened.files.items()},
        "created": opened.created.isoformat(timespec="seconds"),
        "age_seconds": (datetime.now(UTC) - opened.created).total_seconds(),
        "verified": told["verified"],
    }


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        options.print_json(told)
        return
    from hashmatch.bench import wording

    buckets, codes = told["buckets"], told["codes"]
    lines = {
        "index": f"{told['kind']}, {codes:,} codes of {told['bits']} bits",
        "memory": (
            f"{wording.size(told['bytes'])}, "
            f"{wording.digits(told['bytes'] / max(codes, 1))} bytes a code"
        ),
        "buckets": "none: every code is looked at" if buckets is None else (
            f"{buckets['tables']} tables, {wording.digits(buckets['mean'])} codes a bucket, "
            f"at most {buckets['largest']:,}; skew {buckets['skew']:.2f} (1 is even)"
        ),
        "recipe": told["recipe"],
        "generation": told["generation"],
        "sequence": told["sequence"],
        "created": f"{told['created']}, {_ago(told['age_seconds'])} ago",
        "files": ", ".join(f"{name} {wording.size(size)}" for name, size in told["files"].items()),
        "verified": "every byte" if told["verified"] else None,
        "built in": wording.seconds(told["build_seconds"]) if "build_seconds" in told else None,
    }  # fmt: skip
    click.echo(told["folder"])
    for name, line in lines.items():
        if line is not None:
            click.echo(f"  {name:<12}{line}")


def _ago(seconds: float) -> str:
    """An age in the largest unit of which there is one at least."""
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(0, seconds):.0f} seconds"
