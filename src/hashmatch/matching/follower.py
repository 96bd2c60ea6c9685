"""How a matcher keeps up with a source: the newest snapshot first, then what changed since."""

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

import numpy as np

from hashmatch import hashers
from hashmatch.errors import SnapshotError
from hashmatch.indexes.live import COMPACT_FROM
from hashmatch.matching.generation import ALWAYS, Generation, hasher_of, in_order
from hashmatch.matching.part_shelf import PartStore
from hashmatch.matching.publisher import Publisher
from hashmatch.matching.shelf import Shelf, Store
from hashmatch.matching.snapshots import Snapshots
from hashmatch.matching.source import Source, anchor_of
from hashmatch.registry import Change, EntryBatch, HashList, Hold, PartsRow

PAGE: Final = 10_000
RELOAD_AFTER: Final = 50_000
RELOAD_SHARE: Final = 0.25
"""So many changes, if they are also so large a share of the entries, are read faster as entries."""

PROVE_SECONDS: Final = 30
"""How often it is asked whether the feed is still that of the same registry."""

log = logging.getLogger(__name__)


class Follower:
    """Holds all entries of a source, and takes what changes in it. One thread uses it."""

    def __init__(self, source: Source, snapshots: Snapshots) -> None:
        self._source = source
        self._snapshots = snapshots
        self._publisher = Publisher(snapshots)
        self._base = Generation(-1, {}, {})
        self._sequence = -1
        self._anchor: str | None = None
        self._proven: float | None = None  # when the feed was last that of the same registry
        self._above = 0  # snapshots up to this number are not looked at
        self._lists: dict[int, HashList] = {}
        self._stores: dict[str, Store] = {}
        self._parts = PartStore(self._base.parts)
        self._lists_changed = False
        self._held: Mapping[int, Hold] = {}
        self._held_ids = in_order({})

    def close(self) -> None:
        """Wait for what may be going on in the background."""
        self._publisher.close()

    def catch_up(self) -> Generation:
        """The generation of the newest change.

        Raises:
            RegistryUnavailableError: the source cannot be read.
            UnknownHasherError: entries of a hasher that is not installed here.
            MissingExtraError: likewise, and the extra that it takes.
        """
        newer = self._snapshots.newest(self._above)
        if newer is not None:
            self._adopt(newer)
        elif self._sequence < 0:
            self._load()
        self._follow()
        generation = self._now()
        self._publisher.consider(generation)
        return generation

    def held(self) -> Generation | None:
        """What is held, though the source may have more; None where that is nothing."""
        return self._now() if self._sequence >= 0 else None

    def _now(self) -> Generation:
        shelves = {name: store.publish() for name, store in self._stores.items()}
        return replace(
            self._base,
            sequence=self._sequence,
            anchor=self._anchor,
            lists=self._lists,
            shelves=shelves,
            parts=self._parts.publish(),
            held=self._held,
            held_ids=self._held_ids,
        )

    def _adopt(self, generation: Generation) -> None:
        self._base = generation
        self._sequence, self._anchor = generation.sequence, generation.anchor
        self._lists = dict(generation.lists)
        self._held, self._held_ids = generation.held, generation.held_ids
        self._stores = {name: Store(shelf) for name, shelf in generation.shelves.items()}
        if ALWAYS not in self._stores:
            self._stores[ALWAYS] = Store(Shelf.build(hashers.get(ALWAYS)))
        self._parts = PartStore(generation.parts)
        if generation.number:
            self._source.settle(generation.sequence)
        self._above = max(self._above, generation.number)
        self._lists_changed, self._proven = False, None

    def _load(self, *, anew: bool = False) -> None:
        """Hold all that the source has; one process of a machine reads it for all.

        Args:
            anew: what the snapshots hold is not to be believed.
        """
        if self._source.sequence() < COMPACT_FROM:  # quicker read than found in a folder
            self._adopt(self._source.load(self._snapshots))
            return
        with ExitStack() as stack:
            try:
                stack.enter_context(self._snapshots.turn(wait=True))
            except SnapshotError as error:
                log.warning("%s This process goes on without it.", error)
            newer = None if anew else self._snapshots.newest(self._above)
            if newer is None or self._is_far_from(newer):
                newer = self._published(self._source.load(self._snapshots))
        self._adopt(newer)

    def _published(self, loaded: Generation) -> Generation:
        if loaded.number:
            return loaded
        try:
            return self._snapshots.put(loaded)
        except SnapshotError as error:
            log.warning("%s This process goes on without it.", error)
            self._above = self._snapshots.last()  # they are older than what is held now
            return loaded

    def _is_far_from(self, generation: Generation) -> bool:
        behind = self._source.sequence() - generation.sequence
        return behind > max(RELOAD_AFTER, RELOAD_SHARE * generation.entries) or behind < 0

    def _follow(self) -> None:
        loaded = False
        while changes := self._source.follow(self._sequence):
            self._take(changes)
            self._know_lists()
            if not loaded and len(changes) >= PAGE and self._is_far_from(self._now()):
                self._load()
                loaded = True
        if not self._is_same_feed():
            log.warning("The registry is not the one that was followed. All of it is read anew.")
            self._load(anew=True)
            while changes := self._source.follow(self._sequence):
                self._take(changes)
        self._know_lists()

    def _know_lists(self) -> None:
        if self._lists_changed:
            self._lists = {known.id: known for known in self._source.lists()}
            self._lists_changed = False

    def _is_same_feed(self) -> bool:
        """Whether the source has the change that the snapshot, later the last page, ended with.

        It has not where a registry was restored from a backup, or another took its place.
        """
        now = time.monotonic()
        sequence, anchor = self._sequence, self._anchor
        if self._proven is None:
            sequence, anchor = self._base.sequence, self._base.anchor
        elif now - self._proven < PROVE_SECONDS:
            return True
        self._proven = now
        if anchor is None or sequence <= 0:
            return True
        told = self._source.change(sequence)
        return told is not None and anchor_of(told) == anchor

    def _take(self, changes: Sequence[Change]) -> None:
        """Take a page of the feed: of several that add or withdraw an entry, the last counts."""
        here = [change for change in changes if change.entry is not None]
        last = {change.entry: change for change in here if change.kind in {"add", "withdraw"}}
        added: dict[tuple[str, int], list[Change]] = {}
        for change in last.values():
            if change.hasher is not None and change.code is not None:
                added.setdefault((change.hasher, 8 * len(change.code)), []).append(change)
        for (name, bits), some in added.items():
            hasher = hasher_of(name, bits)
            if name not in self._stores:
                self._stores[name] = Store(Shelf.build(hasher))
            self._stores[name].add(_batch(some))
        gone = np.array([c.entry for c in last.values() if c.kind == "withdraw"], np.int64)
        gone_lists = [change.list_id for change in changes if change.kind == "remove_list"]
        self._take_parts(here)
        gone = np.concatenate(
            [
                gone,
                *(
                    store.of_list(list_id)
                    for list_id in gone_lists
                    for store in self._stores.values()
                ),
            ]
        )
        for store in self._stores.values():
            store.withdraw(gone)
        self._parts.withdraw(gone)
        self._hold(here)
        self._lists_changed |= any(change.entry is None for change in changes)
        self._sequence, self._anchor = changes[-1].sequence, anchor_of(changes[-1])

    def _take_parts(self, changes: Sequence[Change]) -> None:
        """Take what the changes tell of the parts of pictures; of several, the last counts."""
        told = {c.entry: c for c in changes if c.kind == "parts" or c.parts is not None}
        some = [(c.entry, c.code, c.parts) for c in told.values()]
        gone = [entry for entry, _, parts in some if parts is None]
        self._parts.withdraw(np.array(gone, np.int64))
        self._parts.put(
            PartsRow(entry, code, parts)
            for entry, code, parts in some
            if entry is not None and code is not None and parts is not None
        )

    def _hold(self, changes: Sequence[Change]) -> None:
        """Note which entries are held back; a change tells of an entry how it is today."""
        held = dict(self._held)
        for change in changes:
            if change.entry is None:
                continue
            if change.held is not None:
                held[change.entry] = change.held
            else:
                held.pop(change.entry, None)
        if held != self._held:  # generations that share the ones before keep them
            self._held, self._held_ids = held, in_order(held)


def _batch(changes: list[Change]) -> EntryBatch:
    codes = b"".join(change.code or b"" for change in changes)
    return EntryBatch(
        ids=np.array([change.entry for change in changes], np.int64),
        codes=np.frombuffer(codes, np.uint8).reshape(len(changes), -1),
        qualities=np.array(
            [-1 if change.quality is None else change.quality for change in changes], np.int16
        ),
        list_ids=np.array([change.list_id for change in changes], np.int32),
    )
