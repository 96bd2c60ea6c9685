"""Codes in bulk against the newer entries of all lists; whichever side is longer is indexed."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.hashers import LIKELIHOODS
from hashmatch.indexes import RingIndex
from hashmatch.indexes.ring import FLAT_BELOW
from hashmatch.matching import bulk, policy
from hashmatch.matching.generation import Generation
from hashmatch.matching.shelf import Shelf, in_whole_words
from hashmatch.registry import EntryBatch
from hashmatch.types import Codes, Matches

FEW: Final = 1_024
"""Entries up to which looking at all of them for each code is quicker than indexing the codes."""
TOGETHER: Final = 65_536
"""Codes that are compared with few entries at a time: as many as the caches hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The matches of some codes, by rising row; those of one row nearest first, then by rising id.

    Attributes:
        rows: the code that matched, by its place among those given, shape ``(m,)``, int64.
        entries: the entry's id, shape ``(m,)``, int64.
        list_of: its list's place in ``names``, shape ``(m,)``, int64.
        distances: bits, shape ``(m,)``, uint16.
        actions: what the list makes of it, shape ``(m,)``, uint8; see `hashmatch.matching.ACTIONS`.
        verdicts: what all lists with all their entries make of the code, likewise.
        names: of the lists.
    """

    rows: npt.NDArray[np.int64]
    entries: npt.NDArray[np.int64]
    list_of: npt.NDArray[np.int64]
    distances: npt.NDArray[np.uint16]
    actions: npt.NDArray[np.uint8]
    verdicts: npt.NDArray[np.uint8]
    names: tuple[str, ...]


class Comparison:
    """What codes of an archive are compared with. Threads may share one.

    Args:
        generation: all lists and entries.
        after: only entries with a higher id are looked for. Entries are numbered as they are
            added, so these are the ones that were added later. What is found is judged by all.
    """

    def __init__(self, generation: Generation, after: int = 0) -> None:
        self._generation: Final = generation
        self.after: Final = after
        self._lists: Final = tuple(generation.lists.values())
        self._new: Final = {
            name: shelf if after <= 0 else _newer(shelf, after)
            for name, shelf in generation.shelves.items()
        }
        self._codes: Final[dict[str, tuple[npt.NDArray[np.int64], Codes]]] = {}

    @property
    def sequence(self) -> int:
        """The last change that is effective here."""
        return self._generation.sequence

    @property
    def newest(self) -> int:
        """The highest id of an entry here, or of those that are taken for known."""
        return max([self.after, *(_newest(shelf) for shelf in self._generation.shelves.values())])

    @property
    def entries(self) -> int:
        """How many entries are looked for."""
        return sum(len(shelf) for shelf in self._new.values())

    def width(self, hasher: str) -> int | None:
        """Bytes of a code by a hasher; None where there are no new entries of it."""
        shelf = self._new.get(hasher)
        return None if shelf is None or not len(shelf) else shelf.hasher.bits // 8

    def find(
        self,
        codes: Codes,
        qualities: npt.NDArray[np.int16],
        hasher: str,
        likelihoods: npt.NDArray[np.integer] | None = None,
    ) -> Found:
        """Find the new entries near codes, each with what its list makes of it.

        Args:
            codes: shape ``(n, bits // 8)``, uint8.
            qualities: of the codes, shape ``(n,)``, -1 where one is not known.
            hasher: by which they were made.
            likelihoods: of the views that they are of, shape ``(n,)``: places in
                `hashmatch.hashers.LIKELIHOODS`. By default all are of pictures as they are.

        Raises:
            InvalidCodesError: codes of another dtype, shape or width.
        """
        shelf = self._new.get(hasher)
        if shelf is None or not len(shelf) or not self._lists:
            return self._nothing()
        step = TOGETHER if len(shelf) < FEW else max(1, len(codes))
        some = [slice(start, start + step) for start in range(0, len(codes), step)]
        found = _joined(
            [self._nothing()]
            + [self._among(codes[part], qualities[part], shelf, part.start) for part in some]
        )
        if likelihoods is not None:
            most = [
                [policy.reach(each, shelf.hasher, by).review for by in LIKELIHOODS]
                for each in self._lists
            ]
            limits = np.array(most)[found.list_of, likelihoods[found.rows]]
            found = _chosen(found, found.distances <= limits)
        return found if self.after <= 0 else self._with_verdicts(found, codes, qualities, hasher)

    def _among(
        self, codes: Codes, qualities: npt.NDArray[np.int16], shelf: Shelf, start: int
    ) -> Found:
        """The entries of a shelf near codes, of which the first stands in a row."""
        worth_it = self._worth_it(qualities, shelf)
        rows = None
        if not worth_it.all():
            rows = np.flatnonzero(worth_it)
            codes, qualities = codes[rows], qualities[rows]
        judged = bulk.judge_found(
            self._within(codes, shelf),
            shelf,
            self._lists,
            qualities,
            self._generation.sequence,
            self._generation.held_ids,
        )
        code_of = judged.matches.queries()
        return Found(
            rows=(code_of if rows is None else rows[code_of]) + start,
            entries=judged.matches.ids,
            list_of=judged.list_of,
            distances=judged.matches.distances,
            actions=judged.actions,
            verdicts=judged.verdicts[code_of],
            names=tuple(each.name for each in judged.lists),
        )

    def _nothing(self) -> Found:
        none = np.empty(0, np.int64)
        actions = np.empty(0, np.uint8)
        names = tuple(each.name for each in self._lists)
        return Found(none, none, none, np.empty(0, np.uint16), actions, actions, names)

    def _worth_it(self, qualities: npt.NDArray[np.int16], shelf: Shelf) -> npt.NDArray[np.bool_]:
        """The codes that some list may want to know of: blank pictures are near each other."""
        if not shelf.hasher.perceptual:
            return np.ones(len(qualities), np.bool_)
        least = min(each.min_quality for each in self._lists)
        return (qualities < 0) | (qualities >= least)

    def _within(self, codes: Codes, shelf: Shelf) -> Matches:
        """What `Shelf.within` finds, by an index of the codes where there are more of them."""
        radius = bulk.widest_radius(self._lists, shelf.hasher)
        if not FEW <= len(shelf) < len(codes) or len(codes) < FLAT_BELOW:
            return shelf.within(codes, radius)
        index = RingIndex.build(in_whole_words(codes, shelf.hasher))
        ids, entries = self._folded(shelf)
        return turned_round(index.search(entries, radius), ids, len(codes))

    def _folded(self, shelf: Shelf) -> tuple[npt.NDArray[np.int64], Codes]:
        name = shelf.hasher.name
        if name not in self._codes:
            self._codes[name] = shelf.index.folded()
        return self._codes[name]

    def _with_verdicts(
        self, found: Found, codes: Codes, qualities: npt.NDArray[np.int16], hasher: str
    ) -> Found:
        """The same, judged with all entries: an older one of an allow-list overrules newer ones."""
        rows, place = np.unique(found.rows, return_inverse=True)
        generation = self._generation
        judged = bulk.judge(
            generation.shelves[hasher],
            self._lists,
            codes[rows],
            qualities[rows],
            generation.sequence,
            generation.held_ids,
        )
        return replace(found, verdicts=judged.verdicts[place])


def turned_round(matches: Matches, ids: npt.NDArray[np.int64], count: int) -> Matches:
    """Matches of entries with rows of an archive, as matches of the rows with the entries.

    Args:
        matches: for each entry, the rows near it.
        ids: of the entries.
        count: how many rows there are.
    """
    entry = np.repeat(ids, np.diff(matches.offsets))
    order = np.lexsort((entry, matches.distances, matches.ids))
    offsets = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(matches.ids, minlength=count), out=offsets[1:])
    return Matches(offsets, entry[order], matches.distances[order])


def _newer(shelf: Shelf, after: int) -> Shelf:
    view = shelf.index
    ids, codes = view.folded() if view.changes else (view.base.ids, view.base.index.codes)
    first = int(np.searchsorted(ids, after, side="right"))
    ids = ids[first:]
    if not len(ids):
        return Shelf.build(shelf.hasher)
    list_ids, qualities = shelf.about(ids)
    return Shelf.build(shelf.hasher, [EntryBatch(ids, codes[first:], qualities, list_ids)])


def _newest(shelf: Shelf) -> int:
    view = shelf.index
    last = [view.base.ids[-1:], view.delta.ids]
    return max((int(ids.max()) for ids in last if len(ids)), default=0)


def _joined(parts: list[Found]) -> Found:
    """The matches of one run of codes after the other."""
    return Found(
        rows=np.concatenate([part.rows for part in parts]),
        entries=np.concatenate([part.entries for part in parts]),
        list_of=np.concatenate([part.list_of for part in parts]),
        distances=np.concatenate([part.distances for part in parts]),
        actions=np.concatenate([part.actions for part in parts]),
        verdicts=np.concatenate([part.verdicts for part in parts]),
        names=parts[0].names,
    )


def _chosen(found: Found, which: npt.NDArray[np.bool_]) -> Found:
    return replace(
        found,
        rows=found.rows[which],
        entries=found.entries[which],
        list_of=found.list_of[which],
        distances=found.distances[which],
        actions=found.actions[which],
        verdicts=found.verdicts[which],
    )
