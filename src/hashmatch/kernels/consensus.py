"""On which placement pairs of parts agree: each pair proposes one, and the others vote.

A part has a place, a size and a turn, so a pair of parts (one of the upload, one of the listed
picture) says by itself how the one picture lies in the other. Plain form:
`hashmatch.kernels.consensus_reference.consensus`.
"""

from math import atan2, cos, hypot, log2, sin
from typing import Any, Final

from hashmatch.kernels.memory import NO_MEMORY, allocate, flags_at, places_at, quads_at, release
from hashmatch.kernels.signatures import kernel, part

SCALE: Final = 0.45
"""Octaves in which the sizes of two pairs may disagree."""
TURN: Final = 0.35
"""Radians in which their turns may."""
DRIFT: Final = 0.12
"""How far a vote may lie from where it is proposed, for each sample of distance."""
REACH: Final = 0.75
"""And in diameters of its key point."""


@part
def turned(angle: Any) -> Any:
    """An angle brought into -pi to pi."""
    return atan2(sin(angle), cos(angle))


@part
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


@kernel("array", "number", "array", "number", "array", "array", "number", "number", "array")
def consensus(
    queries_: int, asked: int, listed_: int, there: int, pair_query_: int, pair_listed_: int,
    pairs: int, proposals: int, best_: int,
) -> Any:  # fmt: skip
    """Find the proposal on which most pairs agree; of equals, the first.

    Args:
        queries_: as in `votes_for`.
        asked: how many there are.
        listed_: as in `votes_for`.
        there: how many there are.
        pair_query_: as in `votes_for`.
        pair_listed_: likewise.
        pairs: how many there are.
        proposals: how many of the pairs propose, from the first on.
        best_: for each pair, whether it agrees with the best proposal; written.

    Returns:
        How many agree.
    """
    queries, listed = quads_at(queries_, asked), quads_at(listed_, there)
    pair_query, pair_listed = places_at(pair_query_, pairs), places_at(pair_listed_, pairs)
    best = flags_at(best_, pairs)
    scratch = allocate(asked + there + pairs)
    if not scratch:
        return NO_MEMORY
    query_used, listed_used = flags_at(scratch, asked), flags_at(scratch + asked, there)
    voters = flags_at(scratch + asked + there, pairs)
    most = 0
    best[:] = False
    for proposer in range(min(proposals, pairs)):
        count = votes_for(
            queries, listed, pair_query, pair_listed, proposer, query_used, listed_used, voters
        )
        if count > most:
            most = count
            for pair in range(pairs):
                best[pair] = voters[pair]
    release(scratch)
    return most
