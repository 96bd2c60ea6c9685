"""Where a matcher's entries come from: a registry that is open here, or one that is far away."""

from collections.abc import Sequence
from itertools import chain
from typing import Protocol

from hashmatch import hashers
from hashmatch.matching.generation import ALWAYS, Generation, hasher_of, in_order
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.matching.shelf import Shelf
from hashmatch.matching.snapshots import Snapshots
from hashmatch.registry import Change, HashList, Registry


class Source(Protocol):
    """What a follower asks for. Each method may raise `RegistryUnavailableError`."""

    def follow(self, after: int) -> Sequence[Change]:
        """The next changes above a sequence number, in order and without gaps; () at the end."""

    def change(self, sequence: int) -> Change | None:
        """The change of a number, as the source has it today; None where it has none."""

    def sequence(self) -> int:
        """The number of the newest change."""

    def lists(self) -> Sequence[HashList]:
        """All lists, as they are at the last change that `follow` gave, or later."""

    def load(self, snapshots: Snapshots) -> Generation:
        """All there is, which may be read into, or found in, the folder of snapshots."""

    def settle(self, sequence: int) -> None:
        """Be told that a snapshot now holds the changes up to a number."""

    def reached(self) -> float | None:
        """When it last answered, in seconds since 1970; None where that is not known."""

    def close(self) -> None:
        """Let go of it. Closing twice is fine."""


def anchor_of(change: Change) -> str:
    """What a change was, in a form that no later change of the registry alters."""
    at = int(change.at.timestamp())
    return f"{change.sequence} {change.kind} {change.list_id} {change.entry or 0} {at}"


class Local:
    """A registry that is open in this process; whoever opened it closes it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def follow(self, after: int) -> Sequence[Change]:
        """See `Source`."""
        return self._registry.follow(after)

    def change(self, sequence: int) -> Change | None:
        """See `Source`."""
        found = self._registry.follow(sequence - 1, 1)
        return found[0] if found else None

    def sequence(self) -> int:
        """See `Source`."""
        return self._registry.sequence()

    def lists(self) -> Sequence[HashList]:
        """See `Source`."""
        return self._registry.lists()

    def load(self, snapshots: Snapshots) -> Generation:
        """Read all entries; see `Source`."""
        del snapshots
        # Taken first: what is added while the entries are read comes again with the changes.
        sequence = self._registry.sequence()
        last = self.change(sequence)
        found = {known.id: known for known in self._registry.lists()}
        held = self._registry.held()
        shelves = {}
        for name, bits in self._registry.hashers().items():
            batches = self._registry.entries(name)
            first = next(batches, None)
            if first is not None:
                shelves[name] = Shelf.build(hasher_of(name, bits), chain([first], batches))
        if ALWAYS not in shelves:
            shelves[ALWAYS] = Shelf.build(hashers.get(ALWAYS))
        anchor = None if last is None else anchor_of(last)
        parts = PartShelf.build(chain.from_iterable(self._registry.parts()))
        return Generation(
            sequence, found, shelves, anchor, held=held, held_ids=in_order(held), parts=parts
        )

    def settle(self, sequence: int) -> None:
        """See `Source`."""

    def reached(self) -> float | None:
        """See `Source`."""
        return None

    def close(self) -> None:
        """See `Source`."""
