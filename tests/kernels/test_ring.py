import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashmatch.indexes import order
from hashmatch.indexes.flat import words_of
from hashmatch.indexes.postings import Postings
from hashmatch.kernels import buckets, calls, layout, reference, ring
from hashmatch.kernels.blocks import NARROWEST, WIDEST, flips_within, sort_by_class
from hashmatch.kernels.layout import address_of, addresses
from hashmatch.types import Matches


def some_codes(kind, random, count, words):
    """Uniform, skewed and adversarial codes."""
    width = 8 * words
    base = random.integers(0, 256, (1, width), np.uint8)
    if kind == "uniform":
        return random.integers(0, 256, (count, width), np.uint8)
    if kind == "equal":
        return np.repeat(base, count, axis=0)
    codes = np.repeat(base, count, axis=0)
    flips = {"one bit": 1, "families": 40, "one bucket": 0}[kind]
    if kind == "one bucket":  # all agree in the bits of one chunk
        codes[:, 2:] = random.integers(0, 256, (count, width - 2), np.uint8)
    for row in range(count):
        for bit in random.integers(0, 8 * width, random.integers(0, flips + 1)):
            codes[row, bit // 8] ^= np.uint8(1 << bit % 8)
    return codes


def assert_same(got, expected):
    for field in ("offsets", "ids", "distances"):
        np.testing.assert_array_equal(getattr(got, field), getattr(expected, field), field)


kinds = st.sampled_from(["uniform", "equal", "one bit", "families", "one bucket"])


class Built:
    """Tables of codes, as kernels are told of them."""

    def __init__(self, codes, bit_order):
        self.words = words_of(codes)
        self.spread = order.spread(bit_order)
        self.tables = Postings.of(self.words, codes.shape[1] // 8, self.spread)
        self.told = addresses(
            self.words, *self.tables.arrays, self.spread, len(codes), codes.shape[1] // 8
        )


def probed(codes, queries, bit_order, radius, room=1 << 16):
    built = Built(codes, bit_order)
    numbers, keys = np.empty(room, np.uint32), np.empty(room, np.uint64)
    ids, distances = np.empty(room, np.int64), np.empty(room, np.uint16)
    offsets = np.empty(len(queries) + 1, np.int64)
    told = addresses(room, numbers, keys, ids, distances)
    total = calls.probe(
        address_of(built.told), queries, len(queries), radius, address_of(told), offsets
    )
    return total, offsets, ids[: max(total, 0)], distances[: max(total, 0)]


def swept(codes, queries, bit_order, radius, dearest=2**62, room=1 << 16, taken=(), dealt=()):
    """The pairs of a sweep, and what each query has cost.

    Of the tables, and of the parts of the queries to be dealt, some are taken by another thread.
    """
    built = Built(codes, bit_order)
    numbers, keys = np.empty(room, np.uint32), np.empty(room, np.uint64)
    costs = np.full(len(queries) + 1, dearest, np.int64)
    tables, rounds = codes.shape[1] // 2, layout.rounds_of(len(queries))
    claims = np.zeros((rounds, layout.claims_of(tables)), np.int64)
    claims[:, list(taken)] = 2
    claims[:, [tables + part for part in dealt]] = 2
    chunks = np.empty((rounds, tables, layout.SPACED), np.uint16)
    told = address_of(built.told)
    found = calls.sweep(
        told, queries, len(queries), radius, 1, claims, chunks, calls.most_hits(told), costs,
        numbers, keys, room,
    )  # fmt: skip
    assert set(claims[0, :tables]) <= {1, 2}
    return found, numbers[:found], keys[:found], costs[:-1]


@settings(max_examples=60)
@given(
    kind=kinds,
    words=st.sampled_from([1, 2, 3, 4]),
    count=st.integers(1, 300),
    radius=st.integers(0, 79),
    seed=st.integers(0, 2**32 - 1),
    shuffled=st.booleans(),
)
def test_probe_equals_brute_force(kind, words, count, radius, seed, shuffled):
    random = np.random.default_rng(seed)
    codes = some_codes(kind, random, count, words)
    queries = np.concatenate([codes[:2], some_codes("uniform", random, 1, words)])
    bits = 64 * words
    bit_order = random.permutation(bits).astype(np.uint16) if shuffled else order.standard(bits)
    radius = min(radius, layout.DEEPEST * 4 * words - 1)
    total, offsets, ids, distances = probed(codes, queries, bit_order, radius)
    assert total == len(ids) == offsets[-1]
    assert_same(Matches(offsets, ids, distances), reference.search(codes, queries, radius))


@settings(max_examples=60)
@given(
    kind=kinds,
    words=st.sampled_from([1, 2, 3, 4]),
    count=st.integers(1, 300),
    asked=st.sampled_from([1, 3, 255, 256, 257, 600]),
    radius=st.integers(0, 79),
    seed=st.integers(0, 2**32 - 1),
)
def test_sweep_equals_brute_force(kind, words, count, asked, radius, seed):
    random = np.random.default_rng(seed)
    codes = some_codes(kind, random, count, words)
    queries = codes[random.integers(0, count, asked)]
    queries[asked // 2 :] = some_codes("uniform", random, asked - asked // 2, words)
    bit_order = random.permutation(64 * words).astype(np.uint16)
    radius = min(radius, layout.DEEPEST * 4 * words - 1)
    _, numbers, keys, _ = swept(codes, queries, bit_order, radius, room=1 << 22)
    assert_same(reference.order(numbers, keys, asked), reference.search(codes, queries, radius))


@settings(max_examples=60)
@given(
    kind=kinds,
    words=st.sampled_from([1, 2, 4]),
    count=st.integers(0, 100),
    radius=st.integers(0, 300),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_plain_ring_equals_brute_force(kind, words, count, radius, seed):
    random = np.random.default_rng(seed)
    codes = some_codes(kind, random, count, words)
    queries = np.concatenate([codes[:2], some_codes("uniform", random, 1, words)])
    pairs = reference.ring(codes, queries, random.permutation(64 * words), radius)
    expected = reference.scan(codes, queries, radius)
    for got, wanted in zip(pairs, expected, strict=True):
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("radius", [0, 3, 10, 15, 16, 31, 32, 45, 63])
def test_finds_pairs_at_the_radius_and_not_beyond_wherever_the_bits_are(radius, random):
    """Pairs at exactly the radius, and one further, spread evenly and heaped in few chunks."""
    queries = random.integers(0, 256, (40, 32), np.uint8)
    codes = []
    for number, query in enumerate(queries):
        start = random.integers(0, 256)
        heaped = (start + np.arange(256)) % 256
        bits = heaped if number % 2 else random.permutation(256)
        for flips in (radius, radius + 1):
            code = query.copy()
            for bit in bits[:flips]:
                code[bit // 8] ^= np.uint8(1 << bit % 8)
            codes.append(code)
    codes = np.array(codes)
    for bit_order in (order.plain(256), order.dealt(256), order.standard(256)):
        _, offsets, ids, _ = probed(codes, queries, bit_order, radius)
        assert (np.diff(offsets) == 1).all()
        np.testing.assert_array_equal(ids, np.arange(0, 80, 2))


def test_probe_says_how_much_room_it_lacks():
    codes = np.zeros((100, 32), np.uint8)
    total, *_ = probed(codes, codes[:1], order.plain(256), 0, room=10)
    assert total <= -100


@pytest.mark.parametrize("radius", [20, 31, 45])
def test_threads_that_have_a_part_of_the_tables_each_find_all_together(radius, random):
    codes = some_codes("families", random, 2000, 4)
    queries = np.concatenate([codes[:60], some_codes("families", random, 40, 4)])
    own = random.permutation(16) < 7
    parts = [
        swept(
            codes, queries, order.standard(256), radius, room=1 << 22, taken=np.flatnonzero(taken)
        )
        for taken in (own, ~own)
    ]
    numbers, keys = (np.concatenate([part[field] for part in parts]) for field in (1, 2))
    expected = reference.search(codes, queries, radius)
    assert_same(reference.order(numbers, keys, len(queries)), expected)


def test_a_thread_does_not_wait_for_what_another_has_begun_to_deal(random):
    codes = some_codes("families", random, 2000, 4)
    queries = np.concatenate([codes, codes[:400]])
    expected = reference.search(codes, queries, 8)
    for dealt in ([0], [1, 4], range(16)):
        _, numbers, keys, _ = swept(
            codes, queries, order.standard(256), 8, room=1 << 22, dealt=dealt
        )
        assert_same(reference.order(numbers, keys, len(queries)), expected)


def test_sweep_says_how_much_room_it_lacks():
    codes = np.zeros((100, 32), np.uint8)
    found, *_ = swept(codes, codes[:3], order.plain(256), 0, room=10)
    assert found >= 300


@pytest.mark.parametrize("place", [0, 300, 9000])
def test_sweep_gives_up_only_the_query_that_costs_too_much(place, random):
    """Amid 20,000 equal codes, which cost more than all of a few hundred others'."""
    codes = some_codes("uniform", random, 60_000, 4)
    codes[40_000:] = codes[0]
    queries = codes[random.integers(1, 40_000, 9001)]
    queries[place] = codes[0]
    _, numbers, keys, costs = swept(codes, queries, order.plain(256), 8, dearest=100_000)
    np.testing.assert_array_equal(np.flatnonzero(costs > 100_000), [place])
    others = np.delete(np.arange(len(queries)), place)
    expected = reference.order(*reference.scan(codes[:40_000], queries[others[:50]], 8), 50)
    kept = numbers != place
    got = reference.order(numbers[kept], keys[kept], len(queries))
    for turn, number in enumerate(others[:50]):
        np.testing.assert_array_equal(got[number].ids, expected[turn].ids)


def test_sweep_charges_for_full_buckets_though_nothing_in_them_passes(random):
    codes = some_codes("uniform", random, 60_000, 4)
    codes[20_000:, :2] = codes[0, :2]
    queries = codes[[0, 1]]
    _, _, _, costs = swept(codes, queries, order.plain(256), 8)
    full = (codes[:, :2] == codes[0, :2]).all(axis=1).sum()
    assert full <= costs[0] < 2 * full
    assert costs[1] < full


@pytest.mark.parametrize("bits", [NARROWEST, WIDEST])
def test_every_flip_is_one_of_lower_and_one_of_upper_bits(bits):
    flips, nearer = np.empty((2, len(layout.FLIPS)), np.int64), np.empty((2, 6), np.int64)
    flips_within((1 << bits) - 1, flips[0], nearer[0])
    flips_within(-1 << bits, flips[1], nearer[1])
    for room in range(layout.DEEPEST + 1):
        met = [
            upper | lower
            for upper in flips[1, : nearer[1, room]]
            for lower in flips[0, : nearer[0, room - np.bitwise_count(upper)]]
        ]
        assert sorted(met) == sorted(layout.FLIPS[: layout.NEARER[room]])


@settings(max_examples=60)
@given(
    st.lists(st.one_of(st.integers(0, 3), st.integers(0, 2**16 - 1)), max_size=600),
    st.integers(NARROWEST, WIDEST),
)
def test_queries_are_sorted_by_class_and_those_of_one_stay_in_order(chunks, bits):
    keys = np.array(chunks, np.uint16)
    sorted_, begins = np.empty(len(keys), np.int64), np.empty((1 << 16 - bits) + 1, np.int64)
    sort_by_class(keys, ~keys, bits, 7, sorted_, begins)
    by_class = np.argsort(keys >> bits, kind="stable")
    np.testing.assert_array_equal(sorted_ >> 32, by_class + 7)
    np.testing.assert_array_equal(sorted_ & 0xFFFF, keys[by_class])
    np.testing.assert_array_equal(sorted_ >> 16 & 0xFFFF, ~keys[by_class])
    np.testing.assert_array_equal(
        begins, np.searchsorted(keys[by_class] >> bits, np.arange(len(begins)))
    )


@pytest.mark.parametrize("words", [1, 3, 4])
def test_postings_equal_the_plain_form(words, random):
    codes = some_codes("families", random, 500, words)
    bit_order = order.standard(64 * words)
    tables = Postings.of(words_of(codes), words, order.spread(bit_order))
    starts, rows, tags = reference.postings(reference.chunks(codes, bit_order))
    np.testing.assert_array_equal(tables.starts, starts.reshape(-1))
    np.testing.assert_array_equal(tables.rows, rows.reshape(-1))
    np.testing.assert_array_equal(tables.tags[: -layout.PADDING], tags.reshape(-1))


@pytest.mark.parametrize("words", [1, 3, 4])
def test_chunks_of_rows_and_of_columns_agree(words, random):
    codes = some_codes("uniform", random, 50, words)
    bit_order = order.standard(64 * words)
    spread = order.spread(bit_order)
    by_row = np.empty((50, 4 * words), np.uint16)
    by_table = np.empty((4 * words, 50), np.uint16)
    for code, chunks in zip(codes, by_row, strict=True):
        buckets.deal(address_of(code), words, address_of(spread), address_of(chunks))
    calls.columns(words_of(codes), words, spread, 0, 50, by_table, 50)
    expected = reference.chunks(codes, bit_order)
    np.testing.assert_array_equal(by_row, expected)
    np.testing.assert_array_equal(by_table, expected.T)


def test_rooms_add_up_to_one_more_than_the_radius():
    for tables in (4, 12, 16):
        for radius in range(80):
            shares = divmod(radius + 1, tables)
            rooms = [ring.room_of(table, tables, *shares) for table in range(tables)]
            assert sum(rooms) == radius + 1
            assert max(rooms) - min(rooms) <= 1
            assert rooms[0] == max(rooms)
            long = np.array(rooms) > shares[0]
            alike = long == np.roll(long, -1)
            assert not (alike & (long == (shares[1] <= tables // 2))).any()


@pytest.mark.parametrize("tables", [4, 12, 16])
def test_probes_are_counted_as_the_buckets_nearer_than_the_rooms(tables):
    for radius in range(layout.DEEPEST * tables):
        rooms = [(radius + tables - table) // tables for table in range(tables)]
        nearer = sum(math.comb(16, bits) for room in rooms for bits in range(room))
        assert layout.probes_of(tables, radius) == nearer
