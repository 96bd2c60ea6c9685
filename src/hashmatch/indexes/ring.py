"""Exact search in microseconds: codes in buckets, as `hashmatch.kernels.ring` explains."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from hashmatch.errors import InvalidCodesError
from hashmatch.indexes import flat, order
from hashmatch.indexes.base import Index, checked_codes
from hashmatch.indexes.found import Find, answer, by_parts, collect_all, exchanged
from hashmatch.indexes.parallel import share_out
from hashmatch.kernels import ring
from hashmatch.kernels.reference import Keys, Queries
from hashmatch.types import Codes, Matches

Chunks = npt.NDArray[np.uint16]
Flags = npt.NDArray[np.bool_]

FLAT_BELOW: Final = 32_768
"""Codes up to which looking at all of them is as fast as asking buckets."""
SWEPT: Final = 1024
"""Queries from which on a batch is sorted by bucket; the sorting costs a walk over all buckets."""
BUILT: Final = 1 << 18
"""Codes that one thread deals to chunks at a time."""
BLOCK: Final = 8192
"""Queries that are sorted by bucket together."""
SHARED: Final = 32
"""Queries from which on a batch takes more time than waking other threads."""


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The tables of a ring index; their form is told in `hashmatch.kernels.ring`."""

    starts: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.uint32]
    tags: npt.NDArray[np.uint16]

    @property
    def arrays(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], Chunks]:
        """All three, in the order that the kernels take them."""
        return self.starts, self.rows, self.tags

    @classmethod
    def of(cls, words: flat.Words, width: int, spread: npt.NDArray[np.uint64]) -> Self:
        """Sort all codes into the buckets of all tables, on all threads."""
        count, tables = len(words) // width, 4 * width
        chunks = np.empty(tables * count, np.uint16)
        share_out(
            lambda part: ring.columns(words, width, spread, part.start, part.stop, chunks),
            [slice(start, min(start + BUILT, count)) for start in range(0, count, BUILT)],
        )
        starts = np.empty(tables * ring.STARTS, np.uint32)
        rows = np.empty(tables * count, np.uint32)
        tags = np.empty(tables * count + ring.PADDING, np.uint16)
        tags[tables * count :] = 0

        def column(table: int) -> slice:
            return slice(table % tables * count, (table % tables + 1) * count)

        share_out(
            lambda table: ring.post(
                chunks[column(table)],
                chunks[column(table + 1)],
                starts[table * ring.STARTS : (table + 1) * ring.STARTS],
                rows[column(table)],
                tags[column(table)],
            ),
            range(tables),
        )
        return cls(starts, rows, tags)


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
        self._tables = () if postings is None else postings.arrays
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
        if np.shape(codes)[:1] >= (2**32,):  # before anything is copied
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

    def inspect(self) -> dict[str, Any]:
        """Sizes and skew, as plain values for a table or JSON.

        ``buckets`` is None for a list that is only ever scanned; else ``mean`` and ``largest``
        count codes, and ``skew`` is how many times more codes share a bucket with a code than
        would if codes were uniform.
        """
        buckets = None
        if self._postings is not None:
            starts = self._postings.starts.reshape(-1, ring.STARTS)
            sizes = [np.diff(table).astype(np.int64) for table in starts]
            met = sum(int((size * size).sum()) for size in sizes) / (len(sizes) * len(self))
            mean = len(self) / (ring.STARTS - 1)
            buckets = {
                "tables": len(sizes),
                "mean": mean,
                "largest": max(int(size.max()) for size in sizes),
                "skew": met / (mean + 1 - 1 / (ring.STARTS - 1)),
            }
        arrays = () if self._postings is None else self._postings.arrays
        return {
            "kind": "ring",
            "codes": len(self),
            "bits": self._bits,
            "bytes": self._codes.nbytes + sum(array.nbytes for array in arrays),
            "buckets": buckets,
        }

    def _search(self, queries: Codes, radius: int) -> Matches:
        count = len(queries)
        if radius > self._farthest or not count:
            return flat.scan(self._words, self._bits, queries, radius)
        words = flat.words_of(queries)
        if count < SHARED:
            return self._probe(words, radius)
        width = self._width
        if count < SWEPT:
            return by_parts(
                lambda part: self._probe(words[part.start * width : part.stop * width], radius),
                count,
            )
        gave_up = np.zeros(count, np.bool_)
        matches = collect_all(self._sweeps(words, radius, gave_up), count)
        if gave_up.any():
            again = np.flatnonzero(gave_up)
            scanned = flat.scan(self._words, self._bits, queries[again], radius)
            matches = exchanged(matches, again, scanned)
        return matches

    def _probe(self, words: flat.Words, radius: int) -> Matches:
        """Search for queries one after the other."""
        fill = partial(
            ring.probe, self._words, self._width, *self._tables, self._spread, words, radius
        )
        return answer(fill, len(words) // self._width)

    def _sweeps(self, words: flat.Words, radius: int, gave_up: Flags) -> list[Find]:
        """The search of many queries: a scan for each table and block of queries.

        A block asks a table in the order of its buckets, so that the memory is read along, and
        queries that ask for the same buckets come together.
        """
        tables, width = 4 * self._width, self._width
        dearest = len(self) * ring.SCAN_COST // 4  # in one table; few that come so far are near it

        def sweep(
            start: int, asked: flat.Words, chunks: Chunks, table: int,
            numbers: Queries, keys: Keys,
        ) -> int:  # fmt: skip
            costs = np.zeros(len(asked) // width, np.int64)
            askers = np.argsort(chunks[table::tables], kind="stable").astype(np.uint32)
            found: int = ring.visit(
                self._words, width, *self._tables, asked, chunks, radius, askers,
                np.full(len(askers), table, np.uint32), dearest, costs, numbers, keys,
            )  # fmt: skip
            numbers[:found] += np.uint32(start)
            gave_up[start + np.flatnonzero(costs > dearest)] = True
            return found

        finds: list[Find] = []
        for start in range(0, len(words) // width, BLOCK):
            asked = words[start * width : (start + BLOCK) * width]
            chunks = np.empty(4 * len(asked), np.uint16)
            ring.deal_all(asked, width, self._spread, chunks)
            finds += [
                partial(sweep, start, asked, chunks, table)
                for table in range(tables)
                if ring.room_of(table, tables, radius)
            ]
        return finds


def _farthest_probed(count: int, tables: int) -> int:
    """The largest radius at which asking buckets may be less work than a scan; -1 for none."""
    radius = -1
    while (
        ring.room_of(0, tables, radius + 1) <= ring.DEEPEST
        and ring.probes_of(tables, radius + 1) * ring.PROBE_COST < count * ring.SCAN_COST
    ):
        radius += 1
    return radius
