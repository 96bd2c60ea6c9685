import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashmatch.indexes import order
from hashmatch.indexes.flat import words_of
from hashmatch.indexes.postings import Postings
from hashmatch.kernels import reference, ring


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


kinds = st.sampled_from(["uniform", "equal", "one bit", "families", "one bucket"])


def probed(codes, queries, bit_order, radius, room=1 << 16):
    width = codes.shape[1] // 8
    spread = order.spread(bit_order)
    tables = Postings.of(words_of(codes), width, spread)
    numbers, keys = np.empty(room, np.uint32), np.empty(room, np.uint64)
    ids, distances = np.empty(room, np.int64), np.empty(room, np.uint16)
    offsets = np.empty(len(queries) + 1, np.int64)
    needed = ring.probe(
        words_of(codes), width, *tables.arrays, spread, words_of(queries), radius,
        numbers, keys, offsets, ids, distances,
    )  # fmt: skip
    return needed, offsets, ids[: offsets[-1]], distances[: offsets[-1]]


@settings(deadline=None, max_examples=60)
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
    radius = min(radius, ring.DEEPEST * 4 * words - 1)
    needed, offsets, ids, distances = probed(codes, queries, bit_order, radius)
    assert not needed
    expected = reference.search(codes, queries, radius)
    np.testing.assert_array_equal(offsets, expected.offsets)
    np.testing.assert_array_equal(ids, expected.ids)
    np.testing.assert_array_equal(distances, expected.distances)


@settings(deadline=None, max_examples=60)
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
    needed, *_ = probed(codes, codes[:1], order.plain(256), 0, room=10)
    assert needed >= 100


@pytest.mark.parametrize("words", [1, 3, 4])
def test_postings_equal_the_plain_form(words, random):
    codes = some_codes("families", random, 500, words)
    bit_order = order.standard(64 * words)
    tables = Postings.of(words_of(codes), words, order.spread(bit_order))
    starts, rows, tags = reference.postings(reference.chunks(codes, bit_order))
    np.testing.assert_array_equal(tables.starts, starts.reshape(-1))
    np.testing.assert_array_equal(tables.rows, rows.reshape(-1))
    np.testing.assert_array_equal(tables.tags[: -ring.PADDING], tags.reshape(-1))


def test_chunks_of_rows_and_of_columns_agree(random):
    codes = some_codes("uniform", random, 50, 4)
    bit_order = order.standard(256)
    spread = order.spread(bit_order)
    by_row, by_table = np.empty(800, np.uint16), np.empty(800, np.uint16)
    ring.deal_all(words_of(codes), 4, spread, by_row)
    ring.columns(words_of(codes), 4, spread, 0, 50, by_table)
    expected = reference.chunks(codes, bit_order)
    np.testing.assert_array_equal(by_row.reshape(50, 16), expected)
    np.testing.assert_array_equal(by_table.reshape(16, 50), expected.T)


def test_rooms_add_up_to_one_more_than_the_radius():
    for tables in (4, 12, 16):
        for radius in range(80):
            rooms = [ring.room_of(table, tables, radius) for table in range(tables)]
            assert sum(rooms) == radius + 1
            assert max(rooms) - min(rooms) <= 1
