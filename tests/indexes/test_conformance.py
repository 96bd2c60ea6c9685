"""What every index promises, whatever is inside it."""

import threading

import faiss
import numpy as np
import pytest

from hashmatch.errors import InvalidCodesError, InvalidRadiusError
from hashmatch.indexes import FaissIndex, FlatIndex, LiveIndex, RingIndex
from hashmatch.kernels import reference


def faiss_multihash(codes):
    return FaissIndex.build(codes, faiss.IndexBinaryMultiHash(8 * codes.shape[1], 4, 16))


def faiss_hash(codes):
    return FaissIndex.build(codes, faiss.IndexBinaryHash(8 * codes.shape[1], 16))


def faiss_ivf(codes):
    if len(codes) < 40:
        return FaissIndex.build(codes)
    bits = 8 * codes.shape[1]
    quantizer = faiss.IndexBinaryFlat(bits)
    index = faiss.IndexBinaryIVF(quantizer, bits, 4)
    index.nprobe = 4
    index.cp.min_points_per_centroid = 1
    return FaissIndex.build(codes, index)


def faiss_hnsw(codes):
    return FaissIndex.build(codes, faiss.IndexBinaryHNSW(8 * codes.shape[1], 16))


def ring(codes):
    return RingIndex.build(codes, flat_below=0)


def live(codes):
    """Half in the snapshot, half in the delta."""
    index = LiveIndex.open(bits=8 * len(codes[0]) if len(codes) else 256)
    half = len(codes) // 2
    index.add(np.arange(half), codes[:half])
    index.compact()
    index.add(np.arange(half, len(codes)), codes[half:])
    return index


def frozen(codes):
    """What a live index was before it changed."""
    index = live(codes)
    view = index.frozen()
    index.remove(np.arange(len(codes)))
    index.compact()
    return view


EXACT = [live, frozen, FlatIndex.build, RingIndex.build, ring, FaissIndex.build, faiss_ivf]
APPROXIMATE = [faiss_multihash, faiss_hash, faiss_hnsw]
each_exact = pytest.mark.parametrize("build", EXACT)
each = pytest.mark.parametrize("build", EXACT + APPROXIMATE)


def neighbourhood(random, count, bits=256, families=20):
    """Codes in families, so that there are pairs at every distance."""
    base = random.integers(0, 256, (families, bits // 8), np.uint8)
    codes = base[random.integers(0, families, count)]
    flips = random.integers(0, 72, count)
    for row in range(count):
        for bit in random.integers(0, bits, flips[row]):
            codes[row, bit // 8] ^= np.uint8(1 << bit % 8)
    return codes


def assert_same(got, expected):
    for field in ("offsets", "ids", "distances"):
        np.testing.assert_array_equal(getattr(got, field), getattr(expected, field), field)
    assert got.offsets.dtype == got.ids.dtype == np.int64
    assert got.distances.dtype == np.uint16


@each_exact
@pytest.mark.parametrize("radius", [0, 1, 31, 32, 45, 63, 100, 256])
def test_equals_brute_force(build, radius, random):
    codes = neighbourhood(random, 700)
    queries = neighbourhood(random, 9)
    queries[:5] = codes[:5]
    index = build(codes)
    assert index.exact
    assert index.exact_radius == 256
    assert_same(index.search(queries, radius), reference.search(codes, queries, radius))


@each_exact
@pytest.mark.parametrize("bits", [64, 128, 192, 512])
def test_takes_codes_of_any_number_of_words(build, bits, random):
    codes = neighbourhood(random, 300, bits)
    index = build(codes)
    assert index.bits == bits
    for radius in (0, 1, 10, 31, bits):
        assert_same(index.search(codes[:4], radius), reference.search(codes, codes[:4], radius))


@each
def test_reports_nothing_wrong_and_misses_nothing_within_its_exact_radius(build, random):
    codes = neighbourhood(random, 400)
    queries = codes[:6]
    index = build(codes)
    for radius in (0, 1, 31, 63, 256):
        got, full = index.search(queries, radius), reference.search(codes, queries, radius)
        for mine, all_of_them in zip(got, full, strict=True):
            true = dict(zip(all_of_them.ids.tolist(), all_of_them.distances.tolist(), strict=True))
            found = dict(zip(mine.ids.tolist(), mine.distances.tolist(), strict=True))
            assert found.items() <= true.items()
            assert len(found) == len(mine.ids)
            order = list(zip(mine.distances.tolist(), mine.ids.tolist(), strict=True))
            assert order == sorted(order)
            if radius <= index.exact_radius:
                assert found == true


@each
def test_an_empty_index_finds_nothing(build, random):
    index = build(np.empty((0, 32), np.uint8))
    assert len(index) == 0
    assert index.codes.shape == (0, 32)
    matches = index.search(random.integers(0, 256, (3, 32), np.uint8), 256)
    assert matches.offsets.tolist() == [0, 0, 0, 0]
    assert len(matches.ids) == len(matches.distances) == 0


@each
def test_no_queries_are_no_matches(build, random):
    matches = build(neighbourhood(random, 100)).search(np.empty((0, 32), np.uint8), 31)
    assert matches.offsets.tolist() == [0]
    assert matches.ids.dtype == np.int64
    assert matches.distances.dtype == np.uint16


@each
def test_what_was_found_stays_whatever_is_done_after(build, random):
    codes = random.integers(0, 256, (40, 32), np.uint8)
    index, strange = build(codes), codes[:1] ^ np.uint8(255)
    found, nothing = index.search(codes[:1], 0), index.search(strange, 0)
    if nothing.offsets.flags.writeable:
        nothing.offsets[:] = 7
    index.search(codes, 31)
    again = index.search(strange, 0)
    assert found.offsets.tolist() == [0, 1]
    assert found.ids.tolist() == [0]
    assert again.offsets.tolist() == [0, 0]
    assert len(again.ids) == len(again.distances) == 0


@each_exact
def test_duplicates_are_all_found_by_rising_id(build, random):
    codes = np.repeat(random.integers(0, 256, (3, 32), np.uint8), 50, axis=0)
    matches = build(codes).search(codes[[0, 149]], 0)
    assert matches[0].ids.tolist() == list(range(50))
    assert matches[1].ids.tolist() == list(range(100, 150))


@each
def test_keeps_the_codes(build, random):
    codes = neighbourhood(random, 100)
    index = build(codes)
    assert len(index) == 100
    if build not in (faiss_ivf, faiss_hash):
        np.testing.assert_array_equal(index.codes, codes)


@each
def test_takes_read_only_and_strided_arrays(build, random):
    codes = neighbourhood(random, 200)
    expected = build(codes).search(codes[:10:2], 31)
    frozen = codes.copy()
    frozen.flags.writeable = False
    wide = np.zeros((200, 64), np.uint8)
    wide[:, ::2] = codes
    assert_same(build(frozen).search(frozen[:10:2], 31), expected)
    assert_same(build(wide[:, ::2]).search(wide[:10:2, ::2], 31), expected)
    assert_same(
        build(np.asfortranarray(codes)).search(np.asfortranarray(codes[:10:2]), 31), expected
    )


@each
@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([[0] * 32], "not a list"),
        (b"\0" * 32, "not a bytes"),
        (np.zeros((1, 32)), "not float64"),
        (np.zeros((1, 4), ">u8"), "not >u8"),
        (np.array([[None] * 32]), "not object"),
        (np.zeros((1, 32), np.int8), "not int8"),
        (np.zeros((1, 32), bool), "not bool"),
        (np.ma.masked_array(np.zeros((1, 32), np.uint8), mask=True), "mask"),
        (np.zeros(32, np.uint8), r"shape \(32,\)"),
        (np.zeros((1, 1, 32), np.uint8), r"shape \(1, 1, 32\)"),
        (np.zeros((1, 8), np.uint8), "have 64 bits"),
        (np.zeros((1, 31), np.uint8), "have 248 bits"),
        (np.zeros((0, 0), np.uint8), "have 0 bits"),
    ],
)
def test_refuses_codes_that_are_not_codes_of_its_width(build, codes, words, random):
    index = build(neighbourhood(random, 50))
    with pytest.raises(InvalidCodesError, match=words):
        index.search(codes, 31)


@each
@pytest.mark.parametrize("radius", [-1, 257, 2**70, -(2**70), True, 31.0, "31", None, np.nan])
def test_refuses_a_radius_that_is_none(build, radius, random):
    index = build(neighbourhood(random, 50))
    with pytest.raises(InvalidRadiusError, match="radius"):
        index.search(np.zeros((1, 32), np.uint8), radius)


@each
def test_takes_numpy_integers_as_radius(build, random):
    index = build(neighbourhood(random, 50))
    query = np.zeros((1, 32), np.uint8)
    assert_same(index.search(query, np.uint8(31)), index.search(query, 31))


@each_exact
@pytest.mark.parametrize(
    "codes",
    [
        np.zeros((4, 31), np.uint8),
        np.zeros((4, 0), np.uint8),
        np.ma.masked_array(np.zeros((4, 32), np.uint8), mask=np.eye(4, 32)),
        [[1]],
        [[1, 2], [3]],
    ],
)
def test_refuses_to_be_built_from_what_are_no_codes(build, codes):
    if build is faiss_ivf:
        build = FaissIndex.build
    with pytest.raises(InvalidCodesError):
        build(codes)


@each
def test_many_threads_may_search_at_once(build, random):
    codes = neighbourhood(random, 500)
    index = build(codes)
    radii = (0, 31, 60, 256)
    expected = {radius: index.search(codes[:20], radius) for radius in radii}
    barrier = threading.Barrier(6)
    wrong = []

    def read(first):
        barrier.wait()
        for turn in range(20):
            radius = radii[(first + turn) % len(radii)]
            try:
                assert_same(index.search(codes[:20], radius), expected[radius])
            except AssertionError as error:
                wrong.append(error)

    threads = [threading.Thread(target=read, args=(first,)) for first in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@each_exact
def test_the_next_search_does_not_change_an_answer(build, random):
    codes = neighbourhood(random, 100)
    index = build(codes)
    first = index.search(codes[:3], 256)
    kept = first.ids.copy(), first.distances.copy()
    index.search(codes[3:9], 100)
    np.testing.assert_array_equal(first.ids, kept[0])
    np.testing.assert_array_equal(first.distances, kept[1])
