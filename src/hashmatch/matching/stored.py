"""A generation as files, which any number of processes open by mmap.

A snapshot (`hashmatch.indexes.snapshot`) with an index for each hasher, ``list_ids.npy`` and
``qualities.npy`` beside its codes and ids, and the lists themselves in the manifest; and, where
pictures are listed with their parts, an index of the parts, with what was submitted of each picture
(``entries.npy``, ``ends.npy``, ``records.npy``).
"""

from dataclasses import asdict, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from hashmatch import packed
from hashmatch.indexes import RingIndex, files, snapshot
from hashmatch.indexes.ring import IDS
from hashmatch.matching.generation import Generation, hasher_of, in_order
from hashmatch.matching.known import Ids, Known
from hashmatch.matching.part_shelf import PartShelf, Records
from hashmatch.matching.shelf import Shelf
from hashmatch.registry import HashList, Hold

PREFIX: Final = "generation-"
KIND: Final = "hash lists"
LIST_IDS: Final = "list_ids.npy"
QUALITIES: Final = "qualities.npy"
ENTRIES: Final = "entries.npy"
ENDS: Final = "ends.npy"
RECORDS: Final = "records.npy"


def number_of(place: Path) -> int:
    """The number of a generation, which its folder's name tells."""
    digits = place.name.removeprefix(PREFIX)
    return int(digits) if digits.isdigit() else 0


def write(place: Path, generation: Generation) -> None:
    """Publish a folded generation.

    Raises:
        SnapshotError: it cannot be written; nothing was published then.
    """
    writers: dict[str, snapshot.Write] = {}
    parts = {}
    for name, shelf in generation.shelves.items():
        ring, known = shelf.index.base.index, shelf.base
        inside: dict[str, snapshot.Write] = {
            **ring.writers(known.ids),
            LIST_IDS: partial(files.write_array, array=np.asarray(known.list_ids)),
            QUALITIES: partial(files.write_array, array=np.asarray(known.qualities)),
        }
        writers |= {f"{name}/{file}": write for file, write in inside.items()}
        parts[name] = {**ring.told(), "hasher_bits": shelf.hasher.bits}
    if len(generation.parts):
        ring, ids, base = _parts_inside(generation.parts)
        inside = {
            **ring.writers(ids),
            ENTRIES: partial(files.write_array, array=np.asarray(base.entries)),
            ENDS: partial(files.write_array, array=np.asarray(base.ends)),
            RECORDS: partial(files.write_array, array=np.asarray(base.data)),
        }
        writers |= {f"{packed.HASHER}/{file}": write for file, write in inside.items()}
        sizes = {"pictures": len(base.entries), "record_bytes": len(base.data)}
        parts[packed.HASHER] = {**ring.told(), **sizes}
    index = {
        "kind": KIND,
        "sequence": generation.sequence,
        "anchor": generation.anchor,
        "lists": [list_as_json(each) for each in generation.lists.values()],
        "held": {str(entry): why for entry, why in generation.held.items()},
        "parts": parts,
    }
    snapshot.publish(place, index, writers)


def read(place: Path) -> Generation:
    """Open a published generation by mmap.

    Raises:
        SnapshotError: it is missing, damaged, or of a newer format.
        UnknownHasherError: it has entries of a hasher that is not installed.
        MissingExtraError: likewise, and the extra that it takes.
        HasherMismatchError: likewise, and the one that is installed gives other codes.
    """
    opened = snapshot.read(place)
    try:
        if opened.index["kind"] != KIND:
            raise files.damaged(place / snapshot.MANIFEST, f"is not of {KIND}")
        lists = [list_from_json(told) for told in opened.index["lists"]]
        sequence, anchor = int(opened.index["sequence"]), opened.index["anchor"]
        held: dict[int, Hold] = {int(entry): why for entry, why in opened.index["held"].items()}
        names = [name for name in opened.parts if name != packed.HASHER]
        shelves = {name: _shelf(name, opened.part(name)) for name in names}
        has_parts = packed.HASHER in opened.parts
        parts = _part_shelf(opened.part(packed.HASHER)) if has_parts else PartShelf.build()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise files.damaged(
            place / snapshot.MANIFEST, f"does not tell what it must ({error})"
        ) from error
    by_id = {each.id: each for each in lists}
    return Generation(
        sequence, by_id, shelves, anchor, number_of(place), sequence, held, in_order(held), parts
    )


def _shelf(name: str, part: snapshot.Snapshot) -> Shelf:
    hasher = hasher_of(name, part.index["hasher_bits"])
    ring = RingIndex.of(part)
    count = len(ring)
    known = Known(
        files.read_ids(part.path(IDS), count),
        files.read_array(part.path(LIST_IDS), np.int32, (count,)),
        files.read_array(part.path(QUALITIES), np.int16, (count,)),
    )
    return Shelf.of(hasher, ring, known)


def _parts_inside(shelf: PartShelf) -> tuple[RingIndex, Ids, Records]:
    base = shelf.index.base
    return base.index, base.ids, shelf.base


def _part_shelf(part: snapshot.Snapshot) -> PartShelf:
    ring = RingIndex.of(part)
    pictures, size = int(part.index["pictures"]), int(part.index["record_bytes"])
    records = Records(
        files.read_array(part.path(ENTRIES), np.int64, (pictures,)),
        files.read_array(part.path(ENDS), np.int64, (pictures,)),
        files.read_array(part.path(RECORDS), np.uint8, (size,)),
    )
    return PartShelf.of(ring, files.read_ids(part.path(IDS), len(ring)), records)


def list_as_json(each: HashList) -> dict[str, Any]:
    """A list as a manifest tells of it."""
    return {**asdict(each), "created": each.created.isoformat()}


def list_from_json(told: dict[str, Any]) -> HashList:
    """The list that a manifest, or a service, tells of.

    Raises:
        TypeError: it tells less than it must.
        KeyError: likewise.
        ValueError: its time is none.
    """
    known = {field.name for field in fields(HashList)}
    kept = {name: value for name, value in told.items() if name in known}
    return HashList(**{**kept, "created": datetime.fromisoformat(told["created"])})
