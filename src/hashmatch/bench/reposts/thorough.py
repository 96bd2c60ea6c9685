"""The product's own thorough check as a contestant: views, then parts, alignment and policy."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import numpy as np

from hashmatch.bench.reposts.alterations.setting import Pixels
from hashmatch.bench.reposts.contestants import Answer, Filling, Found
from hashmatch.hashers import Look, Parts, get, has_listed_parts, hash_image, listed_parts
from hashmatch.hashers.pdq import Pdq
from hashmatch.matching import Generation, hash_upload, judge, sightings
from hashmatch.matching.part_shelf import PartShelf, PartStore
from hashmatch.matching.shelf import Shelf
from hashmatch.registry import EntryBatch, HashList, PartsRow
from hashmatch.types import Codes, Placed

__all__ = ["Thorough"]

_LIST: Final = HashList(1, "listed", datetime(2026, 1, 1, tzinfo=UTC))


class Thorough:
    """A list of pictures with their parts, under a list's usual policy."""

    name = "thorough"

    def list_pictures(self, pictures: Sequence[Pixels], others: Filling) -> None:
        """See `hashmatch.bench.reposts.contestants.Contestant`.

        Pictures of too little quality are not listed, as a registry would; they keep their places,
        which come after the others'.
        """
        hashes = [hash_image(pixels) for pixels in pictures]
        self._first = len(others.codes) + 1
        good = [n for n, each in enumerate(hashes) if has_listed_parts(each)]
        codes = np.frombuffer(b"".join(hashes[n].code for n in good), np.uint8).reshape(-1, 32)
        ids = np.arange(1, self._first), self._first + np.array(good, np.int64)
        count = len(others.codes) + len(good)
        batch = EntryBatch(
            ids=np.concatenate(ids).astype(np.int64),
            codes=np.concatenate([others.codes, codes]),
            qualities=np.full(count, 100, np.int16),
            list_ids=np.full(count, _LIST.id, np.int32),
        )
        parts = PartStore(others.parts or PartShelf.build())
        parts.put(
            PartsRow(self._first + n, hashes[n].code, listed_parts(pictures[n])) for n in good
        )
        self._generation = Generation(
            1, {_LIST.id: _LIST}, {Pdq.name: Shelf.build(get(Pdq.name), [batch])},
            parts=parts.publish(),
        )  # fmt: skip

    def check(self, upload: bytes) -> Answer:
        """See `hashmatch.bench.reposts.contestants.Contestant`."""
        begin = time.perf_counter()
        hashed = hash_upload(upload, [get(Pdq.name)], depth="thorough")
        look = None if hashed.look is None else _Counting(hashed.look)
        verdict = judge(self._generation, replace(hashed, look=look))
        seconds = time.perf_counter() - begin
        found = tuple(
            Found(
                max(match.entry - self._first, -1),
                match.action,
                match.distance,
                match.view,
                None if match.placed is None else match.placed.votes,
            )
            for match in verdict.matches
        )
        return Answer(found, seconds, len(hashed.views) + (0 if look is None else look.codes))

    def sightings(self, upload: bytes) -> Iterator[tuple[int, Placed]]:
        """Wherever parts or views would have a listed picture, by its place among those listed."""
        hashed = hash_upload(upload, [get(Pdq.name)], depth="thorough")
        for entry, placed in sightings(self._generation, hashed):
            yield max(entry - self._first, -1), placed


class _Counting:
    """A look at an upload that tells by how many codes of parts it was searched."""

    def __init__(self, look: Look) -> None:
        self._look: Final = look
        self.frame: Final = look.frame
        self.rectangles: Final = look.rectangles
        self.codes = 0

    def parts(self, stretch: float = 1.0) -> Parts:
        """See `hashmatch.hashers.Look`."""
        parts = self._look.parts(stretch)
        if stretch == 1.0:
            self.codes += len(parts.codes) + len(parts.mirrored)
        return parts

    def stretched(self) -> tuple[Codes, ...]:
        """See `hashmatch.hashers.Look`."""
        codes = self._look.stretched()
        self.codes += sum(map(len, codes))
        return codes

    def coarse(self) -> Codes:
        """See `hashmatch.hashers.Look`."""
        codes = self._look.coarse()
        self.codes += len(codes)
        return codes
