"""Exact search in microseconds: codes in buckets, as `hashmatch.kernels.ring` explains."""

from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from hashmatch.errors import InvalidCodesError
from hashmatch.indexes import flat, order, snapshot
from hashmatch.indexes.base import Index, checked_codes
from hashmatch.indexes.combine import exchanged
from hashmatch.indexes.files import (
    damaged,
    read_array,
    read_codes,
    write_array,
    write_codes,
    write_ids,
)
from hashmatch.indexes.found import Find, answer, by_parts, collect
from hashmatch.indexes.parallel import threads
from hashmatch.indexes.postings import Postings
from hashmatch.kernels import calls, layout
from hashmatch.kernels.layout import PADDING, STARTS, address_of, addresses
from hashmatch.types import Codes, Matches

Ids = npt.NDArray[np.int64]

CODES: Final = "codes.faiss"
NO_TABLES: Final = (0, 0, 0)
"""The addresses of tables, where there are none."""
TABLES: Final = ("starts.npy", "rows.npy", "tags.npy")
IDS: Final = "ids.arrow"
"""The names of a snapshot's files."""
FLAT_BELOW: Final = 32_768
"""Codes up to which looking at all of them is as fast as asking buckets."""
PAGE: Final = 4096
"""Bytes that the system maps at a time, or a part of that."""
SWEPT: Final = 1 / 4
"""Buckets that queries ask for together, as a share of all, from which on it is faster to go along
all of them."""
SHARED: Final = 32
"""Queries from which on a batch takes more time than waking other threads."""


class RingIndex(Index):
    """Multi-index hashing with inline neighbour tags: every search equals brute force.

    A search looks into the buckets that can hold a match; where that is more work than looking at
    all codes (a large radius, a short list, a query amid very many near-duplicates), it looks at
    all codes instead, and the decision is made for each query. Row numbers are the ids. Takes
    ``bits / 8 + 6 * bits / 16`` bytes a code (128 at 256 bits) and ``16 KiB * bits`` besides.

    Made by `build` or `open`.
    """

    def __init__(self, codes: Codes, bit_order: order.BitOrder, postings: Postings | None) -> None:
        self._codes = codes
        self._bits: int = 8 * codes.shape[1]
        self._width = self._bits // 64
        self._words = flat.words_of(codes)
        self._order = bit_order
        self._spread = order.spread(bit_order)
        self._postings = postings
        self._tables: tuple[npt.NDArray[Any], ...] = () if postings is None else postings.arrays
        self._told = addresses(
            self._words, *(self._tables or NO_TABLES), self._spread, len(codes), self._width
        )
        self._told_at = address_of(self._told)
        self._most_hits = 0
        self._farthest = -1 if postings is None else _farthest_probed(len(codes), 4 * self._width)

    @classmethod
    def build(
        cls,
        codes: Codes,
        *,
        bit_order: order.BitOrder | None = None,
        flat_below: int = FLAT_BELOW,
    ) -> Self:
        """Sort codes into buckets.

        Args:
            codes: shape ``(n, width)``, uint8, width a multiple of 64 bits, n below 2**32. The
                array is kept, not copied, where it is in C order; it must not be changed.
            bit_order: which chunk each bit is dealt to; by default `order.standard`.
            flat_below: lists shorter than this get no buckets and are always scanned.

        Raises:
            InvalidCodesError: malformed codes, too many of them, or a malformed order.
        """
        if getattr(codes, "shape", ())[:1] >= (2**32,):  # before anything is copied
            raise InvalidCodesError(
                f"A ring index holds fewer than 2**32 codes, not {len(codes)}; split the list."
            )
        kept = checked_codes(codes)
        bits = 8 * kept.shape[1]
        dealing = order.standard(bits) if bit_order is None else order.checked(bit_order, bits)
        postings = None
        if len(kept) >= max(flat_below, 1):
            postings = Postings.of(flat.words_of(kept), bits // 64, order.spread(dealing))
        return cls(kept, dealing, postings)

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def bits(self) -> int:
        """The width of the codes."""
        return self._bits

    @property
    def codes(self) -> Codes:
        """The codes by row, shape ``(n, bits // 8)``."""
        return self._codes

    @property
    def for_kernels(self) -> tuple[int, int]:
        """The address of what kernels are told of it, and the largest radius to ask buckets at."""
        return self._told_at, self._farthest

    def save(self, folder: str | PathLike[str], *, ids: Ids | None = None, **facts: Any) -> None:
        """Publish the index as a snapshot (`hashmatch.indexes.snapshot`).

        Args:
            folder: where it is to appear, at once and whole; must not exist.
            ids: what the rows are called, kept beside the index; see `hashmatch.indexes.live`.
            facts: more for the manifest to say of the index, in JSON's terms.

        Raises:
            InvalidCodesError: the ids are not as many as the codes, or not of dtype int64.
            SnapshotError: it cannot be written; nothing is published then.
        """
        snapshot.publish(Path(folder), {**self.told(), **facts}, self.writers(ids))

    def told(self) -> dict[str, Any]:
        """What a manifest says of the index; see `of`."""
        return {
            "kind": "ring",
            "codes": len(self),
            "bits": self._bits,
            "bit_order": self._order.tolist(),
        }

    def writers(self, ids: Ids | None = None) -> dict[str, snapshot.Write]:
        """What writes the files of a snapshot, by their names; see `save`."""
        if ids is not None and (ids.shape != (len(self),) or ids.dtype != np.int64):
            raise InvalidCodesError(
                f"Each of {len(self)} codes has an id of its own, of dtype int64; there are ids "
                f"{ids.shape} of {ids.dtype}."
            )
        writers: dict[str, snapshot.Write] = {CODES: partial(write_codes, codes=self._codes)}
        for name, array in zip(TABLES, self._tables, strict=False):
            writers[name] = partial(write_array, array=array)
        if ids is not None:
            writers[IDS] = partial(write_ids, ids=ids)
        return writers

    @classmethod
    def open(cls, folder: str | PathLike[str], *, verify: bool = False) -> Self:
        """Open a snapshot by mmap.

        Args:
            folder: of the snapshot.
            verify: hash all files and check all postings, also where nothing was touched since
                that was last done.

        Raises:
            SnapshotError: the snapshot is missing, damaged, or of a newer format; the message
                names the file and what to do.
        """
        return cls.of(snapshot.read(Path(folder), verify=verify), verify=verify)

    @classmethod
    def of(cls, opened: snapshot.Snapshot, *, verify: bool = False) -> Self:
        """The index of a snapshot whose manifest has been read.

        Raises:
            SnapshotError: it holds another kind of index, or its files do not fit each other.
        """
        told, manifest = opened.index, opened.folder / snapshot.MANIFEST
        if told.get("kind") != "ring":
            raise damaged(manifest, f"is of an index of kind {told.get('kind')!r}, not 'ring'")
        count, bits = told["codes"], told["bits"]
        codes = read_codes(opened.path(CODES), count, bits)
        try:
            bit_order = order.checked(np.asarray(told["bit_order"]), bits)
        except InvalidCodesError as error:
            raise damaged(manifest, f"holds no bit order ({error})") from error
        if TABLES[0] not in opened.files:
            return cls(codes, bit_order, None)
        tables = bits // 16
        shapes = (tables * STARTS, tables * count, tables * count + PADDING)
        dtypes = (np.uint32, np.uint32, np.uint16)
        arrays = [
            read_array(opened.path(name), dtype, (size,))
            for name, dtype, size in zip(TABLES, dtypes, shapes, strict=True)
        ]
        postings = Postings(*arrays)
        if verify and not postings.fit(tables, count):
            raise damaged(opened.path(TABLES[0]), "holds postings that lead beyond the codes")
        return cls(codes, bit_order, postings)

    def warm(self) -> None:
        """Touch every page of the index, so that the first searches of a mapped one need not."""
        for array in (self._words, *self._tables):
            array.view(np.uint8)[::PAGE].max(initial=0)

    def inspect(self) -> dict[str, Any]:
        """Sizes and skew, as plain values for a table or JSON.

        ``buckets`` is None for a list that is only ever scanned; else ``mean`` and ``largest``
        count codes in a bucket, and ``skew`` is how many times more codes share a bucket with a
        code than would if codes were uniform.
        """
        return {
            "kind": "ring",
            "codes": len(self),
            "bits": self._bits,
            "bytes": self._codes.nbytes + sum(array.nbytes for array in self._tables),
            "buckets": None if self._postings is None else self._postings.skew(),
        }

    def sweeps(self, count: int, radius: int) -> bool:
        """Whether a search of so many queries is faster for all of them together."""
        tables = 4 * self._width
        return radius > self._farthest or bool(
            count * layout.probes_of(tables, radius) >= SWEPT * tables * STARTS
        )

    def _search(self, queries: Codes, radius: int) -> Matches:
        count = len(queries)
        if radius > self._farthest or not count:
            return flat.scan(self._words, self._bits, queries, radius)
        if count < SHARED:
            return answer(calls.probe, self._told_at, queries, radius)
        if not self.sweeps(count, radius):
            return by_parts(
                lambda part: answer(calls.probe, self._told_at, queries[part], radius),
                count,
            )
        return self._sweep(queries, radius)

    def _sweep(self, queries: Codes, radius: int) -> Matches:
        """Search for many queries, and scan for those that buckets would have cost too much."""
        count, tables, hands = len(queries), 4 * self._width, threads()
        if not self._most_hits:  # not before: it looks at all of an index that is mapped
            self._most_hits = calls.most_hits(self._told_at)
        rounds = layout.rounds_of(count)
        claims = np.zeros((rounds, layout.claims_of(tables)), np.int64)
        chunks = np.empty((rounds, tables, layout.SPACED), np.uint16)
        costs = np.full((hands, count + 1), len(self) * layout.SCAN_COST, np.int64)

        def find(thread: int) -> Find:
            return lambda numbers, keys: calls.sweep(
                self._told_at, queries, count, radius, thread + 1, claims, chunks,
                self._most_hits, costs[thread], numbers, keys, len(keys),
            )  # fmt: skip

        matches = collect([find(thread) for thread in range(hands)], count)
        gave_up = (costs[:, :-1] > costs[:, -1:]).any(axis=0)
        if gave_up.any():
            again = np.flatnonzero(gave_up)
            scanned = flat.scan(self._words, self._bits, queries[again], radius)
            matches = exchanged(matches, again, scanned)
        return matches


def _farthest_probed(count: int, tables: int) -> int:
    """The largest radius at which asking buckets may be less work than a scan; -1 for none."""
    radius = -1
    while (
        -(-(radius + 2) // tables) <= layout.DEEPEST
        and layout.probes_of(tables, radius + 1) * layout.PROBE_COST < count * layout.SCAN_COST
    ):
        radius += 1
    return radius
