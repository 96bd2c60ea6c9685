"""Generations on the disk: snapshots with ids, numbered, in one folder.

A generation is published whole, so whatever a crash interrupts, the newest one that is there is
good; what a crash left unfinished is cleared away with the next.
"""

import logging
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from hashmatch.errors import SnapshotError
from hashmatch.indexes import snapshot
from hashmatch.indexes.files import damaged, read_ids, readable
from hashmatch.indexes.ring import IDS, RingIndex
from hashmatch.kernels.layout import address_of
from hashmatch.types import Codes

Ids = npt.NDArray[np.int64]

PREFIX: Final = "generation-"
"""How the names of published generations begin; their number follows."""
_NAME: Final = re.compile(rf"{PREFIX}(\d+)")
KEPT: Final = 2
"""Generations that stay on the disk: the served one, and one for who is just opening it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """A snapshot under service.

    Attributes:
        number: rises by one with each compaction; 0 is the empty one before the first.
        index: finds rows.
        ids: of the rows, in C order; they rise with them.
        sequence: the registry's last change in it.
        created: when it was written.
    """

    number: int
    index: RingIndex
    ids: Ids
    sequence: int
    created: datetime

    @classmethod
    def build(cls, number: int, ids: Ids, codes: Codes, sequence: int, folder: Path | None) -> Self:
        """Build a snapshot, and publish it where a folder is given.

        Raises:
            SnapshotError: it cannot be written; nothing is published then.
        """
        index = RingIndex.build(codes)
        if folder is None:
            return cls(number, index, ids, sequence, datetime.now(UTC))
        place = folder / f"{PREFIX}{number:010d}"
        index.save(place, ids=ids, generation=number, sequence=sequence)
        published = cls.open(place)
        published.index.warm()
        return published

    @classmethod
    def open(cls, place: Path) -> Self:
        """Open a published one.

        Raises:
            SnapshotError: it is damaged, or of a newer format.
        """
        read = snapshot.read(place)
        index = RingIndex.of(read)
        ids = read_ids(read.path(IDS), len(index))
        try:
            number, sequence = int(read.index["generation"]), int(read.index["sequence"])
        except KeyError as error:
            raise damaged(place / snapshot.MANIFEST, f"does not tell its {error}") from error
        return cls(number, index, ids, sequence, read.created)

    def told(self) -> tuple[int, int, int]:
        """What kernels are told of it: the first of what `hashmatch.kernels.layout` lists."""
        return *self.index.for_kernels, address_of(self.ids)


def newest(folder: Path) -> Generation | None:
    """The newest generation that can be read; None where there is none at all.

    Raises:
        SnapshotError: there are some, and none can be read; or what should be the folder is none,
            or may not be looked into.
    """
    refused: SnapshotError | None = None
    for _number, place in published_in(folder):
        try:
            return Generation.open(place)
        except SnapshotError as error:
            log.warning("%s An older generation is looked for.", error)
            refused = refused or error
    if refused is not None:
        raise refused
    return None


def last_number(folder: Path | None) -> int:
    """The highest number that a generation in a folder has, good or not; 0 where there is none."""
    return 0 if folder is None else max((number for number, _ in published_in(folder)), default=0)


def clear_away(folder: Path, served: int) -> None:
    """Delete generations that nobody needs, and what a crash has left unfinished."""
    old = [place for number, place in published_in(folder) if number <= served - KEPT]
    for place in [*old, *folder.glob(f"{snapshot.UNFINISHED}*")]:
        with suppress(OSError):  # a reader's map may hold it on Windows; the next time will do
            shutil.rmtree(place)


def published_in(folder: Path) -> list[tuple[int, Path]]:
    """The numbers and places of the published generations, newest first.

    A folder that is not there yet has none; other names in it are passed over.

    Raises:
        SnapshotError: it is no folder, or may not be looked into.
    """
    with readable(folder):
        try:
            places = list(folder.iterdir())
        except FileNotFoundError:
            return []
    named = [(_NAME.fullmatch(place.name), place) for place in places]
    return sorted(((int(name[1]), place) for name, place in named if name), reverse=True)
