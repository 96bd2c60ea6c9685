"""An index that changes while it is searched: a snapshot, what was added since, what was removed.

What is served is a **generation**: an immutable snapshot, a delta of codes added since, and
tombstones of what was removed or replaced. A writer shows each change at once and whole, so that no
search waits for a writer or sees half a change. When delta and tombstones have grown, they are
folded into a new snapshot in the background; searches go on over the old one until then.

Delta and tombstones live in memory only: the registry is the truth, and the `sequence` up to which
its changes are in a snapshot is kept with it, so that a follower knows where to go on.
"""

import logging
import sys
import threading
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from hashmatch.errors import InvalidCodesError, SnapshotError
from hashmatch.indexes.base import Index, checked_codes
from hashmatch.indexes.delta import Delta, Ids
from hashmatch.indexes.found import answer
from hashmatch.indexes.generation import Generation, clear_away, last_number, newest
from hashmatch.indexes.parallel import alone
from hashmatch.indexes.ring import SHARED, RingIndex
from hashmatch.indexes.view import View
from hashmatch.kernels import calls
from hashmatch.types import Codes, Matches

COMPACT_AT: Final = 32_768
COMPACT_SHARE: Final = 0.05
COMPACT_FROM: Final = 1024
"""A snapshot is compacted at so many changes, or at so large a share of it, but not for fewer."""

_INT64: Final = np.dtype(np.int64)

log = logging.getLogger(__name__)


class LiveIndex(Index):
    """Codes under ids of their own, added and removed at any time, searched all the while.

    Any number of threads may search and change it at once. It is closed by `close`, or at the end
    of a ``with`` block.
    """

    def __init__(self, base: Generation, folder: Path | None, *, compacts: bool = True) -> None:
        self._folder = folder
        self._compacts = compacts
        self._bits = base.index.bits
        self._delta = Delta.of(base)
        self._sequence = base.sequence
        self._changing = threading.Lock()
        self._compacting = threading.Lock()
        self._background: threading.Thread | None = None
        self._compact_at = self._bound()
        self._trouble: str | None = None

    @classmethod
    def open(cls, folder: str | PathLike[str] | None = None, *, bits: int = 256) -> Self:
        """Open the newest generation in a folder, or begin with none.

        Args:
            folder: holds the generations, made on first use; None keeps them in memory only.
            bits: the width of the codes, a multiple of 64.

        Raises:
            InvalidCodesError: codes of no such width are indexed.
            SnapshotError: no generation there can be read, or it is of codes of another width.
        """
        if type(bits) is not int or not 0 < bits < 2**16 or bits % 64:
            raise InvalidCodesError(
                f"An index takes codes whose width is a multiple of 64 bits, up to 65,472; "
                f"{bits!r} is none."
            )
        place = None if folder is None else Path(folder)
        base = None if place is None else newest(place)
        if base is None:
            nothing = np.empty((0, bits // 8), np.uint8)
            base = Generation.build(0, np.empty(0, np.int64), nothing, 0, None)
        if base.index.bits != bits:
            raise SnapshotError(
                f"The index in {folder} is of codes of {base.index.bits} bits, not {bits}; "
                f"give each hasher a folder of its own."
            )
        return cls(base, place)

    @classmethod
    def build(
        cls,
        ids: Ids,
        codes: Codes,
        folder: str | PathLike[str] | None = None,
        *,
        sequence: int = 0,
    ) -> Self:
        """Begin with all codes of a registry at once, as a generation after those in the folder.

        Args:
            ids: shape ``(n,)``, integers from 0 to below 2**48, each once.
            codes: shape ``(n, width)``, uint8, width a multiple of 64 bits.
            folder: as in `open`.
            sequence: the registry's number of the last change in these codes.

        Raises:
            InvalidCodesError: malformed codes or ids, or not as many of one as of the other.
            SnapshotError: the generation cannot be written.
        """
        names, checked = _checked_pairs(ids, codes, None)
        place = None if folder is None else Path(folder)
        rising = np.argsort(names, kind="stable")
        number = 1 + last_number(place)
        base = Generation.build(number, names[rising], checked[rising], sequence, place)
        if place is not None:
            clear_away(place, number)
        return cls(base, place)

    @classmethod
    def over(cls, index: RingIndex, ids: Ids) -> Self:
        """Begin with an index as it is, under ids that rise with its rows.

        It is never compacted by itself: whoever made the index does that for all who use it.

        Raises:
            InvalidCodesError: malformed ids, or not as many as there are codes.
        """
        names = np.ascontiguousarray(ids)
        if names.dtype != np.int64:  # others are not looked at: they may be on the disk
            names = _checked_ids(names)
        if names.shape != (len(index),):
            raise InvalidCodesError(
                f"Each code has an id of its own: there are {len(index)} codes, and ids of the "
                f"shape {names.shape}."
            )
        return cls(Generation(0, index, names, 0, datetime.now(UTC)), None, compacts=False)

    def close(self) -> None:
        """Wait for a compaction that is under way."""
        background = self._background
        if background is not None:
            background.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._delta)

    @property
    def bits(self) -> int:
        """The width of the codes."""
        return self._bits

    @property
    def ids(self) -> Ids:
        """All ids, rising, shape ``(n,)``."""
        return self.frozen().folded()[0]

    @property
    def codes(self) -> Codes:
        """The codes in the order of `ids`; a copy, shape ``(n, bits // 8)``."""
        return self.frozen().folded()[1]

    @property
    def sequence(self) -> int:
        """The last change of the registry that is in the index; 0 before the first."""
        return self._sequence

    @property
    def generation(self) -> int:
        """The number of the snapshot that is being served; 0 before the first."""
        return self._delta.base.number

    def add(self, ids: Ids, codes: Codes, *, sequence: int | None = None) -> None:
        """Add codes; the next search finds them. An id that is there already gets the new code.

        Args:
            ids: shape ``(n,)``, integers from 0 to below 2**48, each once.
            codes: shape ``(n, bits // 8)``, uint8.
            sequence: the registry's number of the last of these changes.

        Raises:
            InvalidCodesError: malformed codes or ids, or not as many of one as of the other;
                nothing was added.
        """
        names, checked = _checked_pairs(ids, codes, self._bits)
        with self._changing:
            changes = self._delta.add(names, checked)
            if changes < 0:
                self._delta = self._delta.with_room(len(names), len(names))
                changes = self._delta.add(names, checked)
            self._reach(changes, sequence)

    def remove(self, ids: Ids, *, sequence: int | None = None) -> int:
        """Remove codes; the next search does not find them.

        Args:
            ids: shape ``(n,)``, integers; unknown ones are passed over.
            sequence: the registry's number of the last of these changes.

        Returns:
            How many there were.

        Raises:
            InvalidCodesError: malformed ids; nothing was removed.
        """
        names = _checked_ids(ids)
        with self._changing:
            before = self._delta.changes
            changes = self._delta.remove(names)
            if changes < 0:
                self._delta = self._delta.with_room(0, len(names))
                changes = self._delta.remove(names)
            self._reach(changes, sequence)
        return changes - before

    def _reach(self, changes: int, sequence: int | None) -> None:
        """Note how far the index has come; compact in the background at one change too many."""
        if sequence is not None and sequence > self._sequence:
            self._sequence = sequence
        if changes < self._compact_at:
            return
        if self._background is None or not self._background.is_alive():
            self._background = threading.Thread(target=self._compact_all, name="hashmatch-compact")
            self._background.start()

    def _bound(self) -> int:
        """The number of changes from which on delta and tombstones are too large."""
        share = int(COMPACT_SHARE * len(self._delta.base.ids))
        return min(COMPACT_AT, max(COMPACT_FROM, share)) if self._compacts else sys.maxsize

    def compact(self) -> None:
        """Fold delta and tombstones into a new generation now, and wait for it.

        Raises:
            SnapshotError: the disk is full, or cannot be written; what is served stays as it is.
        """
        with self._compacting:
            view = self.frozen()
            if not view.changes:
                return
            with alone():
                number = 1 + max(view.base.number, last_number(self._folder))
                base = Generation.build(number, *view.folded(), view.sequence, self._folder)
            self._switch(view, base)
        self._trouble = None
        if self._folder is not None:
            clear_away(self._folder, base.number)

    def _compact_all(self) -> None:
        """Compact as long as it is due; an error is told to the log and by `inspect`."""
        while self._delta.changes >= self._compact_at:
            try:
                self.compact()
            except (SnapshotError, MemoryError) as error:
                self._trouble = str(error) or "There was not enough memory to compact."
                self._compact_at = max(self._bound(), 2 * self._delta.changes)  # not before
                log.exception("The index was not compacted; generation %d stays", self.generation)

    def _switch(self, view: View, base: Generation) -> None:
        """Serve a new snapshot of a view, with what has changed since on top."""
        with self._changing:
            now = self.frozen()
            died, places = now.died_after(view), now.places(view.delta.added)
            delta = Delta.of(base).with_room(len(places), len(died) + len(places))
            delta.remove(died)
            delta.add(now.delta.ids[places], now.delta.codes[places])
            self._delta = delta
            self._compact_at = self._bound()

    def frozen(self) -> View:
        """What is served now, as an index that no later change reaches.

        It keeps its snapshot in memory for as long as it is held.
        """
        sequence = self._sequence  # first: what a change shows is there before its number is
        return View(self._delta.frozen(), sequence)

    def _search(self, queries: Codes, radius: int) -> Matches:
        if len(queries) >= SHARED:
            return self.frozen().search(queries, radius)
        delta = self._delta  # holds what is looked at, whatever takes its place meanwhile
        return answer(calls.search, delta.told_at, queries, radius)

    def inspect(self) -> dict[str, Any]:
        """What is being served, as plain values for a table or JSON.

        ``age`` is the snapshot's, in seconds; ``trouble`` says why the last compaction failed.
        """
        view = self.frozen()
        return {
            "kind": "live",
            "codes": len(view),
            "bits": self.bits,
            "generation": view.base.number,
            "sequence": view.sequence,
            "age": (datetime.now(UTC) - view.base.created).total_seconds(),
            "delta": view.delta.added,
            "tombstones": view.delta.dead,
            "compacting": self._compacting.locked(),
            "trouble": self._trouble,
            "snapshot": view.base.index.inspect(),
        }


def _checked_pairs(ids: Any, codes: Any, bits: int | None) -> tuple[Ids, Codes]:
    """Codes and their ids, one for each."""
    checked, names = checked_codes(codes, bits), _checked_ids(ids)
    if len(names) == len(checked) == 1:
        return names, checked
    different = len(names) if _rise(names) else len(np.unique(names))
    if not len(names) == len(checked) == different:
        raise InvalidCodesError(
            f"Each code has an id of its own: there are {len(checked)} codes and "
            f"{different} different ids."
        )
    return names, checked


def _checked_ids(ids: Any) -> Ids:
    """Ids as int64, in C order."""
    if type(ids) is np.ndarray and ids.dtype is _INT64 and ids.shape == (1,):  # nearly always one
        if 0 <= ids.item() < 2**48:
            return ids
        raise InvalidCodesError("Ids lie between 0 and 2**48.")
    if isinstance(ids, np.ma.MaskedArray):
        raise InvalidCodesError(
            "Ids are whole, and this array has a mask; drop the rows that are not, and give the "
            "data of the others (numpy.ma.compressed)."
        )
    names = np.asarray(ids)
    if names.ndim != 1 or (names.size and names.dtype.kind not in "iu"):
        raise InvalidCodesError(
            f"Ids are integers in an array of shape (n,), not {names.dtype} {names.shape}; "
            f"drop nulls before they become an array."
        )
    if len(names):
        ends = (names[0], names[-1]) if _rise(names) else (names.min(), names.max())
        if not 0 <= int(ends[0]) <= int(ends[1]) < 2**48:
            raise InvalidCodesError("Ids lie between 0 and 2**48.")
    return np.ascontiguousarray(names, np.int64)


def _rise(ids: Ids) -> bool:
    """Whether ids rise, as nearly always they do; each of them is another then."""
    return len(ids) < 2 or bool((ids[1:] > ids[:-1]).all())
