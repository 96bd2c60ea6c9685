"""Lists that change, against a dictionary of what they hold and brute force over that."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashmatch.indexes import RingIndex
from hashmatch.indexes.delta import Delta
from hashmatch.indexes.generation import Generation
from hashmatch.kernels import calls, layout, reference
from hashmatch.kernels.delta import NO_ROOM
from hashmatch.kernels.layout import address_of, addresses
from hashmatch.types import Matches


class List:
    """A base of some codes under ids, and what a kernel is told of it; and the same, plainly."""

    def __init__(self, ids, codes, *, bucketed=True):
        self.ids = np.array(ids, np.int64)
        self.ring = RingIndex.build(codes, flat_below=1 if bucketed else 2**32)
        base = Generation(0, self.ring, self.ids, 0, datetime.now(UTC))
        self.delta = Delta.of(base)
        self.held = dict(zip(self.ids.tolist(), codes, strict=True))

    def add(self, ids, codes):
        if self.delta.add(np.array(ids, np.int64), codes) < 0:
            self.delta = self.delta.with_room(len(ids), len(ids))
            assert self.delta.add(np.array(ids, np.int64), codes) == self.delta.changes
        self.held |= dict(zip(ids, codes, strict=True))

    def remove(self, ids):
        before = self.delta.dead
        if self.delta.remove(np.array(ids, np.int64)) < 0:
            self.delta = self.delta.with_room(0, len(ids))
            assert self.delta.remove(np.array(ids, np.int64)) == self.delta.changes
        assert self.delta.dead - before == len(self.held.keys() & set(ids))
        for name in ids:
            self.held.pop(name, None)


def expected(held, queries, radius):
    ids = np.array(sorted(held), np.int64)
    codes = np.array([held[name] for name in ids.tolist()], np.uint8)
    found = reference.search(codes.reshape(len(ids), queries.shape[1]), queries, radius)
    return Matches(found.offsets, ids[found.ids], found.distances)


def room_for(pairs):
    numbers, keys = np.empty(pairs, np.uint32), np.empty(pairs, np.uint64)
    return numbers, keys, np.empty(pairs, np.int64), np.empty(pairs, np.uint16)


def searched(told_at, queries, radius, pairs=1 << 14):
    room = room_for(pairs)
    offsets = np.empty(len(queries) + 1, np.int64)
    told = addresses(pairs, *room)
    total = calls.search(told_at, queries, len(queries), radius, address_of(told), offsets)
    return total, Matches(offsets, room[2][: max(total, 0)], room[3][: max(total, 0)])


def extended(ring, told_at, queries, radius, pairs=1 << 14):
    base = ring.search(queries, radius)
    numbers, keys, *_ = room_for(pairs)
    found = calls.extend(
        told_at,
        queries,
        len(queries),
        radius,
        base.offsets,
        base.ids,
        base.distances,
        len(base.ids),
        numbers,
        keys,
        pairs,
    )
    return found, reference.order(numbers[:found], keys[:found], len(queries))


def assert_same(got, wanted):
    for field in ("offsets", "ids", "distances"):
        np.testing.assert_array_equal(getattr(got, field), getattr(wanted, field), field)


def family(random, count, words):
    """Codes of which many are near each other, and some are anywhere."""
    width = 8 * words
    noise = random.integers(0, 256, (count, width), np.uint8)
    for _ in range(3):
        noise[: count // 2] &= random.integers(0, 256, (count // 2, width), np.uint8)
    return np.random.default_rng(1).integers(0, 256, width, np.uint8) ^ noise


@settings(max_examples=80)
@given(
    words=st.sampled_from([1, 2, 3, 4, 5]),
    rows=st.integers(0, 60),
    bucketed=st.booleans(),
    radius=st.integers(0, 320),
    seed=st.integers(0, 2**32 - 1),
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "remove"]), st.sets(st.integers(0, 90), max_size=20)),
        max_size=6,
    ),
)
def test_every_state_of_a_list_is_found_for_ever(words, rows, bucketed, radius, seed, steps):
    random = np.random.default_rng(seed)
    ids = np.sort(random.choice(90, rows, replace=False))
    changing = List(ids, family(random, rows, words), bucketed=bucketed)
    states = [(changing.delta.frozen(), dict(changing.held))]
    for step, names in steps:
        if step == "add":
            changing.add([*names], family(random, len(names), words))
        else:
            changing.remove([*names])
        states.append((changing.delta.frozen(), dict(changing.held)))
    queries = family(random, 4, words)
    radius = min(radius, 64 * words)
    for state, held in states:
        wanted = expected(held, queries, radius)
        _, got = searched(state.told_at, queries, radius)
        assert_same(got, wanted)
        _, got = extended(changing.ring, state.told_at, queries, radius)
        assert_same(got, wanted)


@pytest.mark.parametrize("radius", [0, 31, 41, 42, 45, 69, 70, 128, 256])
@pytest.mark.parametrize("count", [1, 7, 8, 9, 511, 512, 513, 3000])
def test_codes_added_are_found_at_the_radius_and_not_beyond(count, radius, random):
    """Wherever the bits are in which they differ: spread evenly, or all in the first words."""
    changing = List([], np.empty((0, 32), np.uint8))
    query = random.integers(0, 256, (1, 32), np.uint8)
    flipped = np.zeros((count, 256), np.uint8)
    for number, row in enumerate(flipped):
        bits = min(radius + number % 2, 256)
        row[np.arange(bits) if number % 3 else random.permutation(256)[:bits]] = 1
    changing.add([*range(count)], query ^ np.packbits(flipped, axis=1))
    wanted = expected(changing.held, query, radius)
    _, got = searched(changing.delta.told_at, query, radius)
    assert_same(got, wanted)
    _, got = extended(changing.ring, changing.delta.told_at, query, radius)
    assert_same(got, wanted)


def test_memory_grows_and_what_was_held_before_stays(random):
    """Over several doublings, with ids that meet in few slots of the tables."""
    codes = family(random, 40, 4)
    changing = List([*range(0, 40 * 2**32, 2**32)], codes)
    states = []
    for turn in range(9):
        names = [name * 2**32 for name in range(300 * turn, 300 * turn + 900)]
        changing.add(names, family(random, 900, 4))
        changing.remove(names[: 100 * turn])
        states.append((changing.delta.frozen(), dict(changing.held)))
    for state, held in states:
        assert_same(searched(state.told_at, codes[:3], 25)[1], expected(held, codes[:3], 25))


def test_the_log_grows_without_the_codes(random):
    changing = List([*range(3000)], family(random, 3000, 4))
    changing.add([5000, 5001], family(random, 2, 4))
    changing.remove([*range(2500)])
    changing.add([5000], family(random, 1, 4))
    changing.remove([5001])
    queries = family(random, 2, 4)
    _, got = searched(changing.delta.told_at, queries, 200)
    assert_same(got, expected(changing.held, queries, 200))


@pytest.mark.parametrize("step", ["add", "remove"])
def test_a_change_that_was_interrupted_is_as_if_it_had_not_been(step, random):
    """The memory has been written, but not the state."""
    changing = List([1, 2, 3, 4], family(random, 4, 4))
    changing.add([3, 7, 8], family(random, 3, 4))
    before = changing.delta.told[layout.STATE]
    if step == "add":
        changing.delta.add(np.array([1, 7, 9]), family(random, 3, 4))
    else:
        changing.delta.remove(np.array([1, 7, 9]))
    changing.delta.told[layout.STATE] = before
    changing.remove([2, 9])
    changing.remove([7])
    changing.add([9, 2], family(random, 2, 4))
    changing.remove([1, 9])
    queries = family(random, 3, 4)
    assert_same(
        searched(changing.delta.told_at, queries, 256)[1], expected(changing.held, queries, 256)
    )


@pytest.mark.parametrize("base", [0, 60])
@pytest.mark.parametrize("added", [0, 60])
def test_kernels_say_how_much_room_they_lack(base, added):
    codes = np.zeros((60, 32), np.uint8)
    changing = List([*range(base)], codes[:base], bucketed=False)
    changing.add([*range(100, 100 + added)], codes[:added])
    total, _ = searched(changing.delta.told_at, codes[:3], 0, pairs=2)
    assert total <= -max(base, added) if base + added else total == 0
    found, _ = extended(changing.ring, changing.delta.told_at, codes[:3], 0, pairs=2)
    assert found == 3 * (base + added)
    found, _ = extended(changing.ring, changing.delta.told_at, codes[:3], 0, pairs=360)
    assert found == 3 * (base + added)


@pytest.mark.parametrize("gap", [1, 2, 2**40])
def test_rows_are_found_by_their_ids_whatever_is_missing_between(gap, random):
    """Ids without gaps, with one after each, and with a huge one in the middle."""
    ids = [*range(5, 5 + 40 * min(gap, 2), min(gap, 2))]
    ids = ids[:20] + [name + gap for name in ids[20:]]
    for gone in (0, 4, 5, 6, ids[19], ids[19] + 1, ids[20] - 1, ids[20], ids[-1], ids[-1] + 1):
        changing = List(ids, family(random, 40, 4))
        changing.remove([gone])
        changing.remove([gone, ids[3], 2**48 - 1])
        queries = family(random, 1, 4)
        _, got = searched(changing.delta.told_at, queries, 256)
        assert_same(got, expected(changing.held, queries, 256))


@pytest.mark.parametrize("changes", [1, 4, 5])
def test_what_there_is_no_room_for_is_not_begun(changes, random):
    changing = List([*range(2000)], family(random, 2000, 4))
    changing.remove([*range(1024 - changes + 1)])
    told = changing.delta.told.copy()
    names, codes = np.arange(1500, 1500 + changes), family(random, changes, 4)
    assert calls.remove(changing.delta.told_at, names, changes) == NO_ROOM
    assert calls.add(changing.delta.told_at, names, codes, changes) == NO_ROOM
    assert changing.delta.told.tolist() == told.tolist()
    changing.remove(names.tolist())
    changing.add(names.tolist(), codes)
    _, got = searched(changing.delta.told_at, codes, 10)
    assert_same(got, expected(changing.held, codes, 10))
