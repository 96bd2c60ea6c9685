"""What has changed in a list of codes since it was indexed, in memory that is only added to.

The list is the **base**: rows with ids that rise. What is **added** comes in columns
(`hashmatch.kernels.columns`) with its ids; its **place** is its turn. What is removed or replaced
is noted in a **log** of the dead, a row of the base as it is, a place after all rows. So whoever
knows how many were added, and how many had died, sees the list as it was then for ever, and a
change costs no more than itself. These two numbers are its **state**, which a change writes last:
a search that has looked at it sees the change whole, or not at all.

Two tables find an id's place, and a place's turn in the log, by hashing: open addressing, a power
of two of slots, at least twice as many as there are things; a slot holds a number and one, or 0.
The second is read while it is written: a reader passes over numbers beyond those it knows of. The
first is only the writer's, of whom there is one at a time; a change begins by noting the places of
the one before.

Plain form: a dictionary of ids and codes, in the tests. Sizes: fewer than 2**32 codes added.
"""

from typing import Any, Final

import numpy as np

from hashmatch.kernels.layout import (
    ADDED_BITS,
    AT_ADDED,
    AT_BASE,
    AT_COLUMNS,
    AT_IDS,
    AT_LOG,
    AT_PLACES,
    AT_TURNS,
    COUNT,
    FACTS,
    LOG_ROOM,
    NOTED,
    ROOM,
    STATE,
    WIDTH,
)
from hashmatch.kernels.memory import (
    addresses_at,
    load_32,
    load_64,
    look,
    publish,
    store_32,
    store_64,
)
from hashmatch.kernels.select import GOLDEN
from hashmatch.kernels.signatures import inlined, kernel, part

BRIEF: Final = 4
"""Changes up to which the interpreter is kept: each takes a tenth of a microsecond to a half."""
NO_ROOM: Final = -1
"""What a change returns that there was no room for, and of which nothing was written."""


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
def state_of(told: int) -> Any:
    """How many were added to the list that is told of at an address, and how many are dead."""
    state = look(told + 8 * STATE)
    return state & ((1 << ADDED_BITS) - 1), np.int64(np.uint64(state) >> np.uint64(ADDED_BITS))


@inlined
def show(told: int, added: int, dead: int) -> Any:
    """Let searches see so many; how many changes there are is returned."""
    publish(told + 8 * STATE, dead << ADDED_BITS | added)
    return added + dead


@inlined
def is_dead(delta: Any, dead: int, place: int) -> Any:
    """Whether a row of the base, or a place after them, is among the first so many dead."""
    slot = slot_of(delta[AT_TURNS], delta[LOG_ROOM], delta[AT_LOG], place)
    turn = load_32(slot)
    return (turn != 0) & (turn <= dead)


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
def note_places(told: int, delta: Any, added: int) -> None:
    """Put those of so many places into their table that are not yet there."""
    for place in range(delta[NOTED], added):
        name = load_64(delta[AT_ADDED] + 8 * place)
        store_32(slot_of(delta[AT_PLACES], delta[ROOM], delta[AT_ADDED], name), place + 1)
    store_64(told + 8 * NOTED, added)


@kernel("number", "array")
def freeze(told: int, now: int) -> Any:
    """Copy what is told of a list, as no change will touch it any more.

    Args:
        told: address of what `hashmatch.kernels.layout.AT_BASE` and so on tell of the list.
        now: as many numbers; written.

    Returns:
        0.
    """
    state = look(told + 8 * STATE)
    for fact in range(0, 8 * FACTS, 8):
        store_64(now + fact, load_64(told + fact))
    store_64(now + 8 * STATE, state)
    return 0


@kernel("number", "array", "number", brief=(2, BRIEF))
def remove(told: int, ids: int, dying: int) -> Any:
    """Note the death of what has some ids; unknown ones are passed over.

    Args:
        told: address of what `hashmatch.kernels.layout.AT_BASE` and so on tell of the list; its
            state is written.
        ids: shape ``(dying,)``, int64.
        dying: how many there are.

    Returns:
        How many changes there are now, or `NO_ROOM`.
    """
    delta = addresses_at(told, FACTS)
    count = addresses_at(delta[AT_BASE], WIDTH + 1)[COUNT]
    added, dead = state_of(told)
    if dead + dying > delta[LOG_ROOM]:
        return NO_ROOM
    note_places(told, delta, added)
    for turn in range(dying):
        dead = bury_id(delta, count, load_64(ids + 8 * turn), dead)
    return show(told, added, dead)


@kernel("number", "array", "array", "number", brief=(3, BRIEF))
def add(told: int, ids: int, codes: int, adding: int) -> Any:
    """Add codes, in place of what has their ids.

    Args:
        told: as for `remove`.
        ids: shape ``(adding,)``, int64, each once.
        codes: shape ``(adding, 8 * width)``.
        adding: how many there are.

    Returns:
        How many changes there are now, or `NO_ROOM`.
    """
    delta = addresses_at(told, FACTS)
    base = addresses_at(delta[AT_BASE], WIDTH + 1)
    count, width, room = base[COUNT], base[WIDTH], delta[ROOM]
    place, dead = state_of(told)
    if place + adding > room or dead + adding > delta[LOG_ROOM]:
        return NO_ROOM
    note_places(told, delta, place)
    for turn in range(adding):
        name = load_64(ids + 8 * turn)
        dead = bury_id(delta, count, name, dead)
        code = codes + 8 * width * turn
        for word in range(width):
            store_64(delta[AT_COLUMNS] + 8 * (room * word + place), load_64(code + 8 * word))
        store_64(delta[AT_ADDED] + 8 * place, name)
        place += 1
    return show(told, place, dead)


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
