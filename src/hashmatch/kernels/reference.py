"""Plain NumPy for what the kernels do fast: what a right answer is, and the tests' oracle.

A search finds **pairs**: parallel arrays of the query's number and of a **key**. A key packs a
match into one uint64, its distance in the top 16 bits and its id in the lower 48, so that sorting
the numbers sorts nearest first and equal distances by rising id.
"""

import numpy as np
import numpy.typing as npt

from hashmatch.types import Codes, Matches

ID_BITS = 48
"""Bits of a key that hold the id: ids are below 2**48, distances below 2**16."""

Keys = npt.NDArray[np.uint64]
Queries = npt.NDArray[np.uint32]


def distances(codes: Codes, query: Codes) -> npt.NDArray[np.uint16]:
    """Bits in which each code ``(n, width)`` differs from a query ``(width,)``."""
    total: npt.NDArray[np.uint16] = np.bitwise_count(codes ^ query).sum(axis=1, dtype=np.uint16)
    return total


def scan(codes: Codes, queries: Codes, radius: int) -> tuple[Queries, Keys]:
    """The pairs of queries and codes within ``radius`` (inclusive), by brute force."""
    numbers = [np.empty(0, np.uint32)]
    keys = [np.empty(0, np.uint64)]
    for number, query in enumerate(queries):
        distance = distances(codes, query)
        rows = np.flatnonzero(distance <= radius)
        numbers.append(np.full(len(rows), number, np.uint32))
        keys.append(distance[rows].astype(np.uint64) << np.uint64(ID_BITS) | rows.astype(np.uint64))
    return np.concatenate(numbers), np.concatenate(keys)


def order(numbers: Queries, keys: Keys, count: int) -> Matches:
    """Pairs in any order, with or without repetitions, as the `Matches` of ``count`` queries."""
    pairs = np.unique(np.stack([numbers.astype(np.uint64), keys], axis=1), axis=0)
    counts = np.bincount(pairs[:, 0].astype(np.int64), minlength=count)
    return Matches(
        offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        ids=(pairs[:, 1] & np.uint64(2**ID_BITS - 1)).astype(np.int64),
        distances=(pairs[:, 1] >> np.uint64(ID_BITS)).astype(np.uint16),
    )


def search(codes: Codes, queries: Codes, radius: int) -> Matches:
    """What every exact index answers: the definition of ``Index.search``."""
    return order(*scan(codes, queries, radius), len(queries))


def ring(
    codes: Codes, queries: Codes, bit_order: npt.NDArray[np.uint16], radius: int
) -> tuple[Queries, Keys]:
    """The same pairs as `scan`, found by the pigeonring filter that `hashmatch.kernels.ring` uses.

    ``bit_order`` says to which place each bit of a code is dealt (`hashmatch.indexes.order`).
    """
    apart = chunks(codes, bit_order)
    tables = apart.shape[1]
    least, more = divmod(radius + 1, tables)
    room = np.full(tables, least)
    room[np.r_[0:tables:2, 1:tables:2][:more]] += 1
    numbers, keys = scan(codes[:0], queries, radius)
    for number, query in enumerate(chunks(queries, bit_order)):
        bits = np.bitwise_count(apart ^ query).astype(np.int64)
        two = bits + np.roll(bits, -1, axis=1)
        candidate = ((bits < room) & (two < room + np.roll(room, -1))).any(axis=1)
        rows = np.flatnonzero(candidate)
        _, near = scan(codes[rows], queries[number : number + 1], radius)
        place = (near & np.uint64(2**ID_BITS - 1)).astype(np.int64)
        near = near >> np.uint64(ID_BITS) << np.uint64(ID_BITS) | rows[place].astype(np.uint64)
        numbers = np.concatenate([numbers, np.full(len(near), number, np.uint32)])
        keys = np.concatenate([keys, near])
    return numbers, keys


def chunks(codes: Codes, bit_order: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """The 16-bit chunks that the bits of each code are dealt to, shape ``(n, bits // 16)``."""
    bits = np.unpackbits(codes, axis=1, bitorder="little")
    dealt = np.empty_like(bits)
    dealt[:, bit_order] = bits
    return np.packbits(dealt, axis=1, bitorder="little").view(np.uint16)


def postings(
    chunks: npt.NDArray[np.uint16],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], npt.NDArray[np.uint16]]:
    """Starts, rows and tags, one line for each table, of codes dealt to ``chunks``."""
    rows = np.argsort(chunks, axis=0, kind="stable")
    counts = np.stack([np.bincount(column, minlength=2**16) for column in chunks.T])
    starts = np.concatenate([np.zeros((len(counts), 1), np.int64), counts.cumsum(axis=1)], axis=1)
    tags = np.take_along_axis(np.roll(chunks, -1, axis=1), rows, axis=0)
    return starts.astype(np.uint32), rows.T.astype(np.uint32), tags.T
