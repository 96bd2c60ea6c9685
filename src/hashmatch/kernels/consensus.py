"""On which placement pairs of parts agree: each pair proposes one, and the others vote.

A part has a place, a size and a turn, so a pair of parts (one of the upload, one of the listed
picture) says by itself how the one picture lies in the other. Plain form:
`hashmatch.kernels.consensus_reference.consensus`.
"""

from math import atan2, cos, hypot, log2, sin
from typing import Any, Final

import numpy as np
from numba import types

from hashmatch.kernels.signatures import kernel

SCALE: Final = 0.45
"""Octaves in which the sizes of two pairs may disagree."""
TURN: Final = 0.35
"""Radians in which their turns may."""
DRIFT: Final = 0.12
"""How far a vote may lie from where it is proposed, for each sample of distance."""
REACH: Final = 0.75
"""And in diameters of its key point."""

_places = types.Array(types.float64, 2, "C")
_pairs = types.Array(types.int64, 1, "C")
_flags = types.Array(types.boolean, 1, "C")


@kernel(types.float64(types.float64))
def turned(angle: Any) -> Any:
    """An angle brought into -pi to pi."""
    return atan2(sin(angle), cos(angle))


@kernel(types.intp(_places, _places, _pairs, _pairs, types.intp, _flags, _flags, _flags))
def votes_for(
    queries: Any,
    listed: Any,
    pair_query: Any,
    pair_listed: Any,
    proposer: Any,
    query_used: Any,
    listed_used: Any,
    voters: Any,
) -> Any:
    """Count the pairs that agree with one of them: distinct parts on both sides.

    Args:
        queries: shape (n, 4): x, y, size in samples, turn in radians.
        listed: shape (m, 4), likewise.
        pair_query: the row in `queries` of each pair; nearest pairs first.
        pair_listed: the row in `listed`.
        proposer: the pair whose placement is voted on.
        query_used: shape (n,), scratch.
        listed_used: shape (m,), scratch.
        voters: for each pair, whether it agrees; written.

    Returns:
        How many agree.
    """
    query_used[:] = False
    listed_used[:] = False
    voters[:] = False
    q = queries[pair_query[proposer]]
    p = listed[pair_listed[proposer]]
    scale = q[2] / p[2]
    turn = q[3] - p[3]
    across = scale * cos(turn)
    down = scale * sin(turn)
    count = 0
    for pair in range(len(pair_query)):
        a = pair_query[pair]
        b = pair_listed[pair]
        if query_used[a] or listed_used[b]:
            continue
        if abs(log2(queries[a, 2] / listed[b, 2] / scale)) > SCALE:
            continue
        if abs(turned(queries[a, 3] - listed[b, 3] - turn)) > TURN:
            continue
        dx = listed[b, 0] - p[0]
        dy = listed[b, 1] - p[1]
        error = hypot(
            queries[a, 0] - q[0] - across * dx + down * dy,
            queries[a, 1] - q[1] - down * dx - across * dy,
        )
        if error > DRIFT * scale * hypot(dx, dy) + REACH * queries[a, 2]:
            continue
        query_used[a] = True
        listed_used[b] = True
        voters[pair] = True
        count += 1
    return count


@kernel(types.intp(_places, _places, _pairs, _pairs, types.intp, _flags))
def consensus(
    queries: Any, listed: Any, pair_query: Any, pair_listed: Any, proposals: Any, best: Any
) -> Any:
    """Find the proposal on which most pairs agree; of equals, the first.

    Args:
        queries: as in `votes_for`.
        listed: likewise.
        pair_query: likewise.
        pair_listed: likewise.
        proposals: how many of the pairs propose, from the first on.
        best: for each pair, whether it agrees with the best proposal; written.

    Returns:
        How many agree.
    """
    query_used = np.zeros(len(queries), np.bool_)
    listed_used = np.zeros(len(listed), np.bool_)
    voters = np.zeros(len(pair_query), np.bool_)
    most = 0
    best[:] = False
    for proposer in range(min(proposals, len(pair_query))):
        count = votes_for(
            queries, listed, pair_query, pair_listed, proposer, query_used, listed_used, voters
        )
        if count > most:
            most = count
            best[:] = voters
    return most
