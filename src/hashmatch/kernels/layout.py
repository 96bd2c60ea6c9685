"""What kernels and their callers agree on: sizes, limits, costs, and what stands at which place.

Needs NumPy alone: a search whose kernels have been compiled before does not load numba.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

LINE: Final = 64
"""Bytes that come from memory together."""
ROWS: Final = 8
"""Codes that a scan compares at a time."""
ABREAST: Final = 32
"""Codes that a scan by columns compares at a time."""
LANES: Final = 32
"""Tags that are compared at a time."""
STARTS: Final = 2**16 + 1
"""Starts of a table: its buckets, and the end of the last."""
PADDING: Final = LANES
"""Tags to keep beyond the last, for they are read by vectors."""

AT_CODES, AT_STARTS, AT_ROWS, AT_TAGS, AT_SPREAD, COUNT, WIDTH = range(7)
"""What a kernel is told of an index: addresses of its arrays, codes, and words of a code."""
PAIRS, AT_NUMBERS, AT_KEYS, AT_FOUND, AT_DISTANCES = range(5)
"""What a kernel is told of the room for what it finds: how long its arrays are, and addresses."""
(
    AT_BASE, PROBED, AT_IDS,
    AT_COLUMNS, AT_ADDED, AT_PLACES, ROOM, NOTED,
    AT_LOG, AT_TURNS, LOG_ROOM,
    STATE, FACTS,
) = range(13)  # fmt: skip
"""What a kernel is told of a changed list: of the base the address of what is told of it, the
largest radius at which its buckets are asked (-1 for none), and its ids; of what was added the
columns, ids, table of places, how many there is room for, and how many are in the table; of the
dead the log, table of turns and room; and how many were added and are dead. Tables have twice as
many slots as there is room for."""
ADDED_BITS: Final = 32
"""Of the state of a changed list, so many lower bits tell how many were added, the others how many
are dead: one number, so that a change is written, and seen, at once."""

DEEPEST: Final = 5
"""The most room of a chunk that buckets are probed for; where it is more, a flat scan is faster."""

QUERIES: Final = 8192
"""Queries for which the tables are gone through together."""
SPACED: Final = QUERIES + LANES
"""From where the chunks of one table begin to where those of the next do: a power of two would have
them compete for the same few lines of the cache."""
DEALT: Final = 512
"""Queries that a thread deals to chunks at a time."""

# Bits to flip for all buckets of a table, nearest first, and how many lie nearer than a room.
_KEYS = np.arange(2**16, dtype=np.uint16)
_FLIPPED = np.bitwise_count(_KEYS)
FLIPS: Final = _KEYS[np.argsort(_FLIPPED, kind="stable")][: np.count_nonzero(_FLIPPED < DEEPEST)]
NEARER: Final = np.array([np.count_nonzero(room > _FLIPPED) for room in range(DEEPEST + 1)])

# What work costs, in the time that streaming one tag takes (about 0.1 ns); measured, not exact.
PROBE_COST: Final = 100
CANDIDATE_COST: Final = 200
SCAN_COST: Final = 12


def probes_of(tables: int, radius: int) -> int:
    """How many buckets a query is compared with, in all tables."""
    least, more = divmod(radius + 1, tables)
    return int(more * NEARER[least + (more > 0)] + (tables - more) * NEARER[least])


def rounds_of(count: int) -> int:
    """How often the tables are gone through for so many queries."""
    return -(-count // QUERIES)


def claims_of(tables: int) -> int:
    """What there is to be had by one thread or another, each time that tables are gone through."""
    return tables + QUERIES // DEALT


def address_of(array: npt.NDArray[Any]) -> int:
    """Where an array begins; the array must outlive the use of it."""
    begin: int = array.__array_interface__["data"][0]
    return begin


def addresses(*arrays_and_sizes: npt.NDArray[Any] | int) -> npt.NDArray[np.int64]:
    """Where arrays begin, and sizes as they are, for a kernel to take as one argument."""
    return np.array(
        [part if isinstance(part, int) else address_of(part) for part in arrays_and_sizes], np.int64
    )
