"""The product's own thorough check as a contestant: views, then parts, alignment and policy."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import numpy as np

from hashmatch.bench.reposts.alterations.setting import Pixels
from hashmatch.bench.reposts.contestants import Answer, Found
from hashmatch.hashers import Look, Parts, get, hash_image, listed_parts
from hashmatch.hashers.pdq import Pdq
from hashmatch.matching import Generation, hash_upload, judge
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.matching.shelf import Shelf
from hashmatch.registry import EntryBatch, HashList, PartsRow
from hashmatch.types import Codes

__all__ = ["Thorough"]

_LIST: Final = HashList(1, "listed", datetime(2026, 1, 1, tzinfo=UTC))


class Thorough:
    """A list of pictures with their parts, under a list's usual policy."""

    name = "thorough"

    def list_pictures(self, pictures: Sequence[Pixels], others: Codes) -> None:
        """See `hashmatch.bench.reposts.contestants.Contestant`.

        Pictures of too little quality are not listed, as a registry would; they keep their places.
        """
        hashes = [hash_image(pixels) for pixels in pictures]
        good = [n for n, each in enumerate(hashes) if (each.quality or 0) >= (Pdq.min_quality or 0)]
        codes = np.frombuffer(b"".join(hashes[n].code for n in good), np.uint8).reshape(-1, 32)
        strangers = len(pictures) + np.arange(len(others))
        batch = EntryBatch(
            ids=np.concatenate([np.array(good, np.int64), strangers.astype(np.int64)]) + 1,
            codes=np.concatenate([codes, others]),
            qualities=np.full(len(good) + len(others), 100, np.int16),
            list_ids=np.full(len(good) + len(others), _LIST.id, np.int32),
        )
        rows = (PartsRow(n + 1, hashes[n].code, listed_parts(pictures[n])) for n in good)
        self._pictures = len(pictures)
        self._generation = Generation(
            1, {_LIST.id: _LIST}, {Pdq.name: Shelf.build(get(Pdq.name), [batch])},
            parts=PartShelf.build(rows),
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
                match.entry - 1 if match.entry <= self._pictures else -1,
                match.action,
                match.distance,
                match.view,
                None if match.placed is None else match.placed.votes,
            )
            for match in verdict.matches
        )
        return Answer(found, seconds, len(hashed.views) + (0 if look is None else look.codes))


class _Counting:
    """A look at an upload that tells by how many codes of parts it was searched."""

    def __init__(self, look: Look) -> None:
        self._look: Final = look
        self.frame: Final = look.frame
        self.codes = 0

    def parts(self) -> Parts:
        """See `hashmatch.hashers.Look`."""
        parts = self._look.parts()
        self.codes += len(parts.codes) + len(parts.mirrored)
        return parts

    def coarse(self) -> Codes:
        """See `hashmatch.hashers.Look`."""
        codes = self._look.coarse()
        self.codes += len(codes)
        return codes
