"""What a matcher serves, and how it keeps up with the registry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np

from hashmatch import hashers
from hashmatch.errors import HasherMismatchError
from hashmatch.matching.shelf import Shelf, Store
from hashmatch.registry import Change, EntryBatch, HashList, Registry

ALWAYS: Final = "pdq"
"""The hasher that every upload is hashed by, whatever the lists hold."""

_RELOAD_AFTER: Final = 50_000  # so many changes are read faster as entries


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """One state of all hash lists. Nothing in it ever changes.

    Attributes:
        sequence: the last change that it holds.
        lists: by id.
        shelves: the entries, by the name of their hasher.
    """

    sequence: int
    lists: Mapping[int, HashList]
    shelves: Mapping[str, Shelf]


class Follower:
    """Reads a registry once, and then what changes in it. One thread uses it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._sequence = -1
        self._lists: dict[int, HashList] = {}
        self._stores: dict[str, Store] = {}
        self._lists_changed = False

    def close(self) -> None:
        """Wait for what the indexes may be doing in the background."""
        for store in self._stores.values():
            store.close()

    def catch_up(self) -> Generation:
        """The generation of the newest change.

        Raises:
            RegistryUnavailableError: the registry cannot be read.
            UnknownHasherError: entries of a hasher that is not installed here.
            MissingExtraError: likewise, and the extra that it takes.
        """
        if self._sequence < 0 or self._registry.sequence() > self._sequence + _RELOAD_AFTER:
            self._load()
        else:
            self._follow()
        # all of them: an index that was compacted meanwhile lets go of what it was before
        shelves = {name: store.publish() for name, store in self._stores.items()}
        return Generation(self._sequence, self._lists, shelves)

    def _load(self) -> None:
        # Taken first: what is added while the entries are read comes again with the changes.
        sequence = self._registry.sequence()
        found = {known.id: known for known in self._registry.lists()}
        stores = {ALWAYS: Store(hashers.get(ALWAYS), self._registry.entries(ALWAYS))}
        for name, bits in self._registry.hashers().items():
            batches = self._registry.entries(name)
            first = None if name == ALWAYS else next(batches, None)
            if first is not None:
                stores[name] = _make_store(name, bits, chain([first], batches))
        self.close()
        self._lists, self._stores = found, stores
        self._lists_changed = False
        self._sequence = sequence

    def _follow(self) -> None:
        while changes := self._registry.follow(self._sequence):
            self._add(changes)
            self._withdraw(changes)
            self._lists_changed |= any(change.entry is None for change in changes)
            self._sequence = changes[-1].sequence
        if self._lists_changed:
            self._lists = {known.id: known for known in self._registry.lists()}
            self._lists_changed = False

    def _add(self, changes: Iterable[Change]) -> None:
        """Take the entries that a page of the feed brings.

        An entry that has its code was active when the page was read, so that its withdrawal, if
        any, comes on a later page: here the order of kinds does not matter.
        """
        by_hasher: dict[str, list[Change]] = {}
        for change in changes:
            if change.hasher is not None:
                by_hasher.setdefault(change.hasher, []).append(change)
        for name in by_hasher.keys() - self._stores.keys():
            self._stores[name] = _make_store(name, self._registry.hashers()[name])
        for name, added in by_hasher.items():
            self._stores[name].add(_batch(added))

    def _withdraw(self, changes: Iterable[Change]) -> None:
        gone = [c.entry for c in changes if c.kind == "withdraw" and c.entry is not None]
        gone_lists = [c.list_id for c in changes if c.kind == "remove_list"]
        for store in self._stores.values():
            store.withdraw(np.array(gone, np.int64))
            for list_id in gone_lists:
                store.withdraw_list(list_id)


def _make_store(name: str, bits: int, batches: Iterable[EntryBatch] = ()) -> Store:
    hasher = hashers.get(name)
    if hasher.bits != bits:
        raise HasherMismatchError(
            f"The registry holds {name} hashes of {bits} bits; the {name} that is installed here "
            f"gives {hasher.bits}. Install the one that the entries were made with."
        )
    return Store(hasher, batches)


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
