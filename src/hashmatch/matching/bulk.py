"""Many codes at once, each with what the lists make of it: the policy of `policy`, in arrays."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.matching import policy
from hashmatch.matching.shelf import Hasher, Shelf
from hashmatch.registry import HashList
from hashmatch.types import Action, Codes, Matches

ACTIONS: Final[tuple[Action, ...]] = ("pass", "review", "block")
"""What the numbers in `Judged.actions` and `Judged.verdicts` stand for."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What the lists make of codes.

    Attributes:
        matches: the entries within the reach of their own lists, by code.
        lists: all lists.
        list_of: for each match, its list's place in ``lists``, shape ``(m,)``.
        actions: for each match, what its list makes of it, shape ``(m,)``, uint8; see `ACTIONS`.
        verdicts: for each code, what all of them make of it, shape ``(n,)``, uint8.
        sequence: the last change of the registry that was effective.
    """

    matches: Matches
    lists: tuple[HashList, ...]
    list_of: npt.NDArray[np.int64]
    actions: npt.NDArray[np.uint8]
    verdicts: npt.NDArray[np.uint8]
    sequence: int


def judge(
    shelf: Shelf,
    hash_lists: Iterable[HashList],
    codes: Codes,
    qualities: npt.NDArray[np.int16] | None,
    sequence: int,
    held: npt.NDArray[np.int64],
) -> Judged:
    """Search codes, and judge each match by the policy of its list.

    Args:
        shelf: the entries.
        hash_lists: all lists.
        codes: shape ``(n, bits // 8)``, uint8.
        qualities: of the codes, shape ``(n,)``, -1 where one is not known; None: of none.
        sequence: that of the entries.
        held: ids of entries that are held back, rising, shape ``(h,)``.
    """
    lists = tuple(hash_lists)
    found = shelf.within(codes, widest_radius(lists, shelf.hasher))
    return judge_found(found, shelf, lists, qualities, sequence, held)


def widest_radius(hash_lists: Iterable[HashList], hasher: Hasher) -> int:
    """The radius within which a search by a hasher finds all that any list wants to know of."""
    return min(policy.widest_reach(hash_lists, hasher), hasher.bits)


def judge_found(
    found: Matches,
    shelf: Shelf,
    hash_lists: Iterable[HashList],
    qualities: npt.NDArray[np.int16] | None,
    sequence: int,
    held: npt.NDArray[np.int64],
) -> Judged:
    """Judge each match by the policy of its list; see `judge`.

    Args:
        found: the entries within `widest_radius` of each code.
        shelf: the entries.
        hash_lists: all lists.
        qualities: of the codes, shape ``(n,)``, -1 where one is not known; None: of none.
        sequence: that of the entries.
        held: ids of entries that are held back, rising, shape ``(h,)``.
    """
    lists = tuple(hash_lists)
    if not len(found.ids):  # as most uploads are: nobody listed them
        return Judged(
            found,
            lists,
            np.empty(0, np.int64),
            np.empty(0, np.uint8),
            np.zeros(len(found), np.uint8),
            sequence,
        )
    code_of = found.queries()
    list_ids, known = shelf.about(found.ids)
    place = _places(lists, list_ids)

    reaches = [policy.reach(each, shelf.hasher) for each in lists]
    near = np.array([*(reach.threshold for reach in reaches), -1])[place]
    far = np.array([*(reach.review for reach in reaches), -1])[place]
    allows = np.array([*(each.allow_list for each in lists), False])[place]
    severity = np.array([*(ACTIONS.index(each.action) for each in lists), 0])[place]
    kept = found.distances <= far
    if shelf.hasher.perceptual:
        least = np.array([*(each.min_quality for each in lists), 0])[place]
        kept &= (known < 0) | (known >= least)
        if qualities is not None:
            asked = qualities[code_of]
            kept &= (asked < 0) | (asked >= least)
    actions = np.where(found.distances <= near, np.where(allows, 0, severity), 1)
    if len(held):
        waits = np.isin(found.ids, held)
        kept &= ~(waits & allows)
        actions[waits] = 1
    actions = actions[kept].astype(np.uint8)

    code_of = code_of[kept]
    verdicts = np.zeros(len(found), np.uint8)
    np.maximum.at(verdicts, code_of, actions)
    verdicts[code_of[allows[kept]]] = 0
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
    matches = Matches(before[found.offsets], found.ids[kept], found.distances[kept])
    return Judged(matches, lists, place[kept], actions, verdicts, sequence)


def _places(lists: tuple[HashList, ...], list_ids: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """The place of each list id; one behind the last for lists that were made a moment ago.

    The next refresh knows those; the tables above have a row for them that nothing is near to.
    """
    known = np.array([each.id for each in lists], np.int64)
    order = np.argsort(known)
    places = np.append(order, len(lists))[np.searchsorted(known, list_ids, sorter=order)]
    return np.where(np.append(known, -1)[places] == list_ids, places, len(lists))
