"""Snapshots of all hash lists, which the processes of a machine share through the page cache.

A folder of generations: each a snapshot (`hashmatch.indexes.snapshot`) with an index for each
hasher, ``list_ids.npy`` and ``qualities.npy`` beside its codes and ids, and the lists themselves in
the manifest; and, where pictures are listed with their parts, an index of the parts, with what was
submitted of each picture (``entries.npy``, ``ends.npy``, ``records.npy``). Processes open the
newest by mmap. One of them at a time writes the next, under the folder's lock; where the lock does
not hold (some network file systems), two of them write two folders, of which one is refused.

The registry is the truth: the folder may be deleted at any time.
"""

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, fields, replace
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from hashmatch import packed
from hashmatch.errors import SnapshotError
from hashmatch.indexes import RingIndex, files, snapshot
from hashmatch.indexes.ring import IDS
from hashmatch.matching.generation import Generation, hasher_of, in_order
from hashmatch.matching.known import Ids, Known
from hashmatch.matching.part_shelf import PartShelf, Records
from hashmatch.matching.shelf import Shelf
from hashmatch.matching.turns import turn
from hashmatch.registry import HashList, Hold

KIND: Final = "hash lists"
LIST_IDS: Final = "list_ids.npy"
QUALITIES: Final = "qualities.npy"
ENTRIES: Final = "entries.npy"
ENDS: Final = "ends.npy"
RECORDS: Final = "records.npy"
PREFIX: Final = "generation-"
LOCK: Final = "lock"
SPARED_SECONDS: Final = 600
"""A generation stays for so long after the next one was published, for who is reading it…"""
SPARED: Final = 3
"""…and while it is one of so many."""

log = logging.getLogger(__name__)


class Snapshots(Protocol):
    """Where generations are put and found."""

    def newest(self, above: int) -> Generation | None:
        """The newest generation, if its number is above the one given."""

    def last(self) -> int:
        """The highest number that a generation has, good or not; 0 where there is none."""

    def put(self, generation: Generation) -> Generation:
        """Fold a generation into the next snapshot; returns that."""

    def turn(self, *, wait: bool) -> Any:
        """A context in which nobody else puts any; it tells whether it is one's turn."""

    def tidy(self) -> None:
        """Delete what nobody needs any more."""


class InMemory:
    """Snapshots of one process that has no folder for them."""

    def __init__(self) -> None:
        self._newest: Generation | None = None

    def newest(self, above: int) -> Generation | None:
        """See `Snapshots`."""
        newest = self._newest
        return newest if newest is not None and newest.number > above else None

    def last(self) -> int:
        """See `Snapshots`."""
        return 0 if self._newest is None else self._newest.number

    def put(self, generation: Generation) -> Generation:
        """See `Snapshots`."""
        folded = generation.folded()
        self._newest = replace(folded, number=1 + self.last(), since=folded.sequence)
        return self._newest

    def turn(self, *, wait: bool) -> Any:
        """See `Snapshots`."""
        del wait
        return nullcontext(True)

    def tidy(self) -> None:
        """See `Snapshots`."""


class Folder:
    """Snapshots in a folder, which is made, for its owner only, when the first is written.

    Threads may share one, and so may any number of processes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder
        self._refused: set[Path] = set()
        self._here: Final = threading.Lock()

    def newest(self, above: int) -> Generation | None:
        """See `Snapshots`. One that is damaged is passed over, and the log says so, once."""
        for place in published(self.folder):
            if number_of(place) <= above:
                break
            if place in self._refused:
                continue
            try:
                return read(place)
            except SnapshotError as error:
                log.warning("%s An older generation is looked for.", error)
                self._refused.add(place)
        return None

    def last(self) -> int:
        """See `Snapshots`."""
        return max((number_of(place) for place in published(self.folder)), default=0)

    def put(self, generation: Generation) -> Generation:
        """See `Snapshots`.

        Raises:
            SnapshotError: it cannot be written; nothing was published then.
        """
        self.make()
        place = self.next_place()
        write(place, generation.folded())
        place.chmod(0o700)  # the folder around it may be open to others
        self.tidy()
        return read(place)

    def next_place(self) -> Path:
        """Where the next generation belongs."""
        return self.place(self.last() + 1)

    def place(self, number: int) -> Path:
        """Where the generation of a number is, if it is there."""
        return self.folder / f"{PREFIX}{number:010d}"

    def make(self) -> None:
        """Make the folder.

        Raises:
            SnapshotError: it cannot be made.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SnapshotError(
                f"The folder {self.folder} for snapshots cannot be made: {error.strerror}. "
                "Check the owner and mode of the folder above."
            ) from error

    @contextmanager
    def turn(self, *, wait: bool) -> Iterator[bool]:
        """See `Snapshots`.

        Raises:
            SnapshotError: the folder cannot be made, or not be written to.
        """
        self.make()
        try:
            taken = turn(self.folder / LOCK, wait=wait)
            mine = taken.__enter__()
        except OSError as error:
            raise SnapshotError(
                f"The folder {self.folder} cannot be written to: {error.strerror}."
            ) from error
        try:
            yield mine
        finally:
            taken.__exit__(None, None, None)

    def tidy(self) -> None:
        """See `Snapshots`: what was replaced a while ago, is damaged, or was never finished."""
        found = published(self.folder)
        now = time.time()
        for rank, (newer, place) in enumerate(pairwise(found), start=1):
            with suppress(OSError):
                old = rank >= SPARED or now - newer.stat().st_mtime > SPARED_SECONDS
                if old or place in self._refused:
                    shutil.rmtree(place)
        for place in self.folder.glob(f"{snapshot.UNFINISHED}*"):
            with suppress(OSError):
                if now - place.stat().st_mtime > SPARED_SECONDS:
                    shutil.rmtree(place)


def published(folder: Path) -> list[Path]:
    """The published generations, newest first."""
    return sorted(folder.glob(f"{PREFIX}*"), reverse=True)


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
