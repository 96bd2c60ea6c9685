"""Plain Python for what `hashmatch.kernels.consensus` does fast, and the oracle of its tests."""

import math

import numpy as np
import numpy.typing as npt

DRIFT, REACH, SCALE, TURN = 0.12, 0.75, 0.45, 0.35
"""As `hashmatch.kernels.consensus` explains them; a test holds the two equal."""

Places = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


def agrees(query: Places, listed: Places, other_query: Places, other_listed: Places) -> bool:
    """Whether a pair of places puts another pair where it lies. Each is x, y, size, turn."""
    scale, turn = query[2] / listed[2], query[3] - listed[3]
    if abs(math.log2(other_query[2] / other_listed[2] / scale)) > SCALE:
        return False
    if abs(math.remainder(other_query[3] - other_listed[3] - turn, math.tau)) > TURN:
        return False
    there = complex(*(other_listed[:2] - listed[:2]))
    here = complex(*(other_query[:2] - query[:2]))
    error = abs(here - scale * complex(math.cos(turn), math.sin(turn)) * there)
    return bool(error <= DRIFT * scale * abs(there) + REACH * other_query[2])


def consensus(
    queries: Places, listed: Places, pair_query: Rows, pair_listed: Rows, proposals: int
) -> npt.NDArray[np.bool_]:
    """For each pair, whether it agrees with the proposal on which most agree."""
    best = np.zeros(len(pair_query), dtype=np.bool_)
    pairs = list(zip(pair_query.tolist(), pair_listed.tolist(), strict=True))
    for a, b in pairs[:proposals]:
        voters = np.zeros_like(best)
        used: tuple[set[int], set[int]] = set(), set()
        for number, (c, d) in enumerate(pairs):
            if c in used[0] or d in used[1]:
                continue
            if agrees(queries[a], listed[b], queries[c], listed[d]):
                voters[number] = True
                used[0].add(c)
                used[1].add(d)
        if voters.sum() > best.sum():
            best = voters
    return best
