"""All lists at one moment, as a scan needs them: which entries came after a change."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Self

from hashmatch.errors import ArchiveError
from hashmatch.matching.archives.comparison import Comparison
from hashmatch.matching.follower import Follower
from hashmatch.matching.generation import Generation
from hashmatch.matching.places import open_place
from hashmatch.matching.source import Local, Source, anchor_of
from hashmatch.registry import Registry


@dataclass(frozen=True, slots=True)
class Mark:
    """How far codes were compared.

    Attributes:
        entry: the highest id of an entry that they were compared with.
        first: with all entries above this id, up to that one.
        sequence: the last change that was effective then.
        anchor: what that change was; None where there was none.
    """

    entry: int
    first: int
    sequence: int
    anchor: str | None


class Lists:
    """All lists and entries of a registry at its newest change; see `open`."""

    def __init__(self, source: Source, generation: Generation) -> None:
        self._source: Final = source
        self.generation: Final = generation
        self.mark: Final = Mark(
            Comparison(generation).newest, 0, generation.sequence, generation.anchor
        )

    @classmethod
    @contextmanager
    def open(
        cls,
        place: str | os.PathLike[str],
        *,
        token: str | None = None,
        cache: str | os.PathLike[str] | None = None,
    ) -> Iterator[Self]:
        """Read the lists; the arguments and errors are those of `hashmatch.Matcher.open`.

        Raises:
            RegistryUnavailableError: the place cannot be opened or read.
        """
        opened = open_place(place, token=token, cache=cache)
        try:
            registry = opened.source
            source = Local(registry) if isinstance(registry, Registry) else registry
            follower = Follower(source, opened.snapshots)
            try:
                generation = follower.catch_up()
            finally:
                follower.close()
            yield cls(source, generation)
        finally:
            opened.close()

    def entry_at(self, sequence: int) -> int:
        """The highest id that an entry had after a change.

        Raises:
            ArchiveError: there is no such change yet.
        """
        newest = self.mark.sequence
        if not 0 <= sequence <= newest:
            raise ArchiveError(
                f"There is no change {sequence}: the registry is at change {newest}."
            )
        if sequence == 0:
            return 0
        for number in range(sequence + 1, newest + 1):
            change = self._source.change(number)
            if change is not None and change.kind == "add" and change.entry is not None:
                return change.entry - 1
        return self.mark.entry

    def knows(self, mark: Mark) -> bool:
        """Whether a mark was made of this registry, as it goes on today."""
        if mark.sequence <= 0 or mark.anchor is None:
            return True
        if mark.sequence > self.mark.sequence:
            return False
        change = self._source.change(mark.sequence)
        return change is not None and anchor_of(change) == mark.anchor
