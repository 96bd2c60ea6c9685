"""Submitting pictures: what the registry cannot tell of them without searching."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from hashmatch import hashers
from hashmatch.errors import MissingExtraError, UnknownHasherError
from hashmatch.matching import policy
from hashmatch.registry import DEFAULT_LIST, CaseReceipt, EntryBatch, HashList, Picture, Registry
from hashmatch.types import Codes


def submit(
    registry: Registry,
    pictures: Iterable[Picture],
    list_name: str = DEFAULT_LIST,
    *,
    retry_key: str | None = None,
) -> CaseReceipt:
    """Open a case; pictures that an allow-list has go to review instead of live.

    See `hashmatch.registry.Registry.submit`, for what it raises too.
    """
    pictures = tuple(map(tuple, pictures))
    near = near_allowed(registry, pictures)
    return registry.submit(pictures, list_name, retry_key=retry_key, near_allowed=near)


def near_allowed(registry: Registry, pictures: Sequence[Picture]) -> frozenset[int]:
    """The positions of the pictures that lie within the threshold of an allow-list.

    Compared with every entry of the allow-lists, which are short, and without an index, which
    takes longer to load than this takes.
    """
    lists = {each.id: each for each in registry.lists() if each.allow_list}
    if not lists:
        return frozenset()
    known = registry.hashers()
    by_hasher: dict[str, list[tuple[int, bytes]]] = {}
    for position, picture in enumerate(pictures):
        for each in picture:
            if known.get(each.hash.hasher) == each.hash.bits:  # the registry refuses the others
                by_hasher.setdefault(each.hash.hasher, []).append((position, each.hash.code))
    found: set[int] = set()
    for name, asked in by_hasher.items():
        reach = {list_id: _reach(each, name) for list_id, each in lists.items()}
        packed = b"".join(code for _, code in asked)
        codes = np.frombuffer(packed, np.uint8).reshape(len(asked), -1)
        for batch in registry.allowed_entries(name):
            # a list that was made an allow-list a moment ago counts from the next time on
            radius = np.array([reach.get(of, -1) for of in batch.list_ids.tolist()])
            found |= {
                position
                for (position, _), code in zip(asked, codes, strict=True)
                if np.any(_distances(code, batch) <= radius)
            }
    return frozenset(found)


def _reach(hash_list: HashList, name: str) -> int:
    try:
        return policy.reach(hash_list, hashers.get(name)).threshold
    except (UnknownHasherError, MissingExtraError):
        return 0  # of a hasher that is not installed here, only that two hashes are equal


def _distances(code: Codes, batch: EntryBatch) -> npt.NDArray[np.int64]:
    distances: npt.NDArray[np.int64] = np.bitwise_count(batch.codes ^ code).sum(1, np.int64)
    return distances
