"""Answers made of answers: put after each other, and exchanged."""

import numpy as np
import numpy.typing as npt

from hashmatch.types import Matches


def joined(parts: list[Matches]) -> Matches:
    """The matches of one set of queries after the other."""
    if len(parts) == 1:
        return parts[0]
    offsets = np.zeros(sum(map(len, parts)) + 1, np.int64)
    query = 0
    for part in parts:
        after = offsets[query + 1 : query + 1 + len(part)]
        np.add(part.offsets[1:], offsets[query], out=after)
        query += len(part)
    return Matches(
        offsets,
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.distances for part in parts]),
    )


def exchanged(matches: Matches, numbers: npt.NDArray[np.int64], others: Matches) -> Matches:
    """Matches in which the queries of the given rising numbers have the matches of ``others``."""
    counts = np.diff(matches.offsets)
    keep = np.ones(len(counts), np.bool_)
    keep[numbers] = False
    counts[numbers] = np.diff(others.offsets)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    kept = np.repeat(keep, np.diff(matches.offsets))
    target = np.repeat(keep, counts)
    ids = np.empty(offsets[-1], np.int64)
    distances = np.empty(offsets[-1], np.uint16)
    ids[target], ids[~target] = matches.ids[kept], others.ids
    distances[target], distances[~target] = matches.distances[kept], others.distances
    return Matches(offsets, ids, distances)
