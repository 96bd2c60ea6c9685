"""What has changed in a list of codes since it was indexed, in memory that is only added to.

The list is the **base**: rows with ids that rise. What is **added** comes in columns
(`hashmatch.kernels.columns`) with its ids; its **place** is its turn. What is removed or replaced
is noted in a **log** of the dead, a row of the base as it is, a place after all rows. So whoever
knows how many were added, and how many had died, sees the list as it was then for ever, and a
change costs no more than itself.

Two tables find an id's place, and a place's turn in the log, by hashing: open addressing, a power
of two of slots, at least twice as many as there are things; a slot holds a number and one, or 0.
The second is read while it is written: a reader passes over numbers beyond those it knows of, as
the writer does, of whom there is one at a time, where a change was interrupted before anybody was
told of it. The first is only the writer's, and a change begins by noting places of the one before.

Plain form: a dictionary of ids and codes, in the tests. Sizes: fewer than 2**32 codes added.
"""

from typing import Any, Final

import numpy as np

from hashmatch.kernels.layout import (
    ADDED,
    AT_ADDED,
    AT_BASE,
    AT_COLUMNS,
    AT_IDS,
    AT_LOG,
    AT_PLACES,
    AT_TURNS,
    COUNT,
    DEAD,
    FACTS,
    LOG_ROOM,
    NOTED,
    ROOM,
    WIDTH,
)
from hashmatch.kernels.memory import addresses_at, load_32, load_64, store_32, store_64
from hashmatch.kernels.select import GOLDEN
from hashmatch.kernels.signatures import inlined, kernel, part

BRIEF: Final = 4
"""Changes up to which the interpreter is kept: each takes a tenth of a microsecond to a half."""
NO_ROOM: Final = 0
"""What is returned in place of an address, where nothing was written."""


@inlined
def slot_of(table: int, room: int, values: int, value: int) -> Any:
    """The slot that holds the number of a value, or else is free for it; its address.

    ``table`` is the table's address, of ``2 * room`` slots, and ``values`` that of all values.
    """
    slot = np.int64((np.uint64(value) * GOLDEN) >> np.uint64(32)) & (2 * room - 1)
    while True:
        number = load_32(table + 4 * slot)
        if number == 0 or load_64(values + 8 * (number - 1)) == value:
            return table + 4 * slot
        slot = (slot + 1) & (2 * room - 1)


@inlined
def is_dead(delta: Any, place: int) -> Any:
    """Whether a row of the base, or a place after them, was dead when the delta was looked at."""
    slot = slot_of(delta[AT_TURNS], delta[LOG_ROOM], delta[AT_LOG], place)
    turn = load_32(slot)
    return (turn != 0) & (turn <= delta[DEAD])


@inlined
def bury(delta: Any, place: int, dead: int) -> Any:
    """Note the death of a place, unless it is dead; how many are now is returned."""
    slot = slot_of(delta[AT_TURNS], delta[LOG_ROOM], delta[AT_LOG], place)
    turn = load_32(slot)
    if (turn != 0) & (turn <= dead):
        return dead
    store_64(delta[AT_LOG] + 8 * dead, place)
    store_32(slot, dead + 1)
    return dead + 1


@inlined
def row_of(delta: Any, count: int, name: int) -> Any:
    """The first row of the base whose id is not smaller.

    Ids rise by one at least: so where few are missing, few rows are left to be looked at.
    """
    if count == 0:
        return 0
    lowest, highest = load_64(delta[AT_IDS]), load_64(delta[AT_IDS] + 8 * (count - 1))
    first = min(max(0, count - 1 - (highest - name)), count)
    last = min(max(0, name - lowest), count)
    while first < last:
        middle = (first + last) >> 1
        if load_64(delta[AT_IDS] + 8 * middle) < name:
            first = middle + 1
        else:
            last = middle
    return first


@part
def bury_id(delta: Any, count: int, name: int, dead: int) -> Any:
    """Note the death of whatever has an id; how many are dead now is returned."""
    row = row_of(delta, count, name)
    if row < count and load_64(delta[AT_IDS] + 8 * row) == name:
        dead = bury(delta, row, dead)
    place = load_32(slot_of(delta[AT_PLACES], delta[ROOM], delta[AT_ADDED], name))
    if place != 0:
        dead = bury(delta, count + place - 1, dead)
    return dead


@part
def note_places(delta: Any) -> None:
    """Put those places into their table that are not yet there; again would do no harm."""
    for place in range(delta[NOTED], delta[ADDED]):
        name = load_64(delta[AT_ADDED] + 8 * place)
        store_32(slot_of(delta[AT_PLACES], delta[ROOM], delta[AT_ADDED], name), place + 1)


@inlined
def tell(delta: Any, added: int, dead: int, now: int) -> Any:
    """Write what is told of the list with other numbers to an address, which is returned."""
    for fact in range(FACTS):
        store_64(now + 8 * fact, delta[fact])
    store_64(now + 8 * NOTED, delta[ADDED])
    store_64(now + 8 * ADDED, added)
    store_64(now + 8 * DEAD, dead)
    return now


@kernel("number", "array", "number", "array", brief=(2, BRIEF))
def remove(told: int, ids: int, dying: int, now: int) -> Any:
    """Note the death of what has some ids; unknown ones are passed over.

    Args:
        told: address of what `hashmatch.kernels.layout.AT_BASE` and so on tell of the list.
        ids: shape ``(dying,)``, int64.
        dying: how many there are.
        now: what is to be told of the list from now on; written.

    Returns:
        The address of ``now``, or `NO_ROOM`.
    """
    delta = addresses_at(told, FACTS)
    count = addresses_at(delta[AT_BASE], WIDTH + 1)[COUNT]
    dead = delta[DEAD]
    if dead + dying > delta[LOG_ROOM]:
        return NO_ROOM
    note_places(delta)
    for turn in range(dying):
        dead = bury_id(delta, count, load_64(ids + 8 * turn), dead)
    return tell(delta, delta[ADDED], dead, now)


@kernel("number", "array", "array", "number", "array", brief=(3, BRIEF))
def add(told: int, ids: int, codes: int, adding: int, now: int) -> Any:
    """Add codes, in place of what has their ids.

    Args:
        told: as for `remove`.
        ids: shape ``(adding,)``, int64, each once.
        codes: shape ``(adding, 8 * width)``.
        adding: how many there are.
        now: as for `remove`.

    Returns:
        The address of ``now``, or `NO_ROOM`.
    """
    delta = addresses_at(told, FACTS)
    base = addresses_at(delta[AT_BASE], WIDTH + 1)
    count, width, room = base[COUNT], base[WIDTH], delta[ROOM]
    dead, place = delta[DEAD], delta[ADDED]
    if place + adding > room or dead + adding > delta[LOG_ROOM]:
        return NO_ROOM
    note_places(delta)
    for turn in range(adding):
        name = load_64(ids + 8 * turn)
        dead = bury_id(delta, count, name, dead)
        code = codes + 8 * width * turn
        for word in range(width):
            store_64(delta[AT_COLUMNS] + 8 * (room * word + place), load_64(code + 8 * word))
        store_64(delta[AT_ADDED] + 8 * place, name)
        place += 1
    return tell(delta, place, dead, now)


@kernel("array", "number", "array", "number")
def fill(table: int, room: int, values: int, count: int) -> Any:
    """Fill an empty table of ``2 * room`` slots with values, int64, which are different.

    Returns:
        0.
    """
    for number in range(count):
        slot = slot_of(table, room, values, load_64(values + 8 * number))
        store_32(slot, number + 1)
    return 0
