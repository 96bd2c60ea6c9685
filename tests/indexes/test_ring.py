import subprocess
import sys
import threading

import numpy as np
import pytest

from hashmatch.errors import InvalidCodesError
from hashmatch.indexes import FlatIndex, RingIndex
from hashmatch.indexes import found as found_module
from hashmatch.indexes import ring as ring_module
from hashmatch.indexes.parallel import threads, use_threads


@pytest.fixture(params=[1, 3])
def with_threads(request):
    before = threads()
    use_threads(request.param)
    yield
    use_threads(before)


def near(random, codes, count, flips):
    queries = codes[random.integers(0, len(codes), count)].copy()
    for query in queries:
        for bit in random.integers(0, 256, random.integers(0, flips + 1)):
            query[bit // 8] ^= np.uint8(1 << bit % 8)
    return queries


def assert_same(got, expected):
    for field in ("offsets", "ids", "distances"):
        np.testing.assert_array_equal(getattr(got, field), getattr(expected, field), field)


@pytest.mark.usefixtures("with_threads")
@pytest.mark.parametrize("count", [1, 31, 32, 200, 1024, 3072, 9000])
@pytest.mark.parametrize("radius", [0, 10, 31, 45])
def test_batches_of_every_size_are_answered_alike(count, radius, random):
    codes = random.integers(0, 256, (6000, 32), np.uint8)
    codes[5000:] = near(random, codes[:50], 1000, 20)
    queries = near(random, codes, count, 40)
    index = RingIndex.build(codes, flat_below=0)
    index._farthest = 79  # the buckets, even where a scan of so short a list is faster
    assert_same(index.search(queries, radius), FlatIndex(codes).search(queries, radius))


@pytest.mark.usefixtures("with_threads")
@pytest.mark.parametrize("shared", [0, 10**9])
def test_what_threads_found_is_ordered_by_all_or_by_one(shared, random, monkeypatch):
    monkeypatch.setattr(found_module, "SHARED", shared)
    codes = random.integers(0, 256, (40_000, 32), np.uint8)
    codes[30_000:] = near(random, codes[:50], 10_000, 20)
    queries = near(random, codes, 600, 60)
    index = RingIndex.build(codes)
    assert index.sweeps(len(queries), 45)
    assert_same(index.search(queries, 45), FlatIndex(codes).search(queries, 45))


@pytest.mark.usefixtures("with_threads")
def test_a_query_amid_near_duplicates_is_scanned_and_the_others_are_not(random, monkeypatch):
    codes = random.integers(0, 256, (60_000, 32), np.uint8)
    codes[20_000:] = codes[0]
    queries = near(random, codes[:20_000], 4000, 20)
    queries[[3, 1500]] = codes[0]
    index = RingIndex.build(codes)
    scanned = []
    plain = ring_module.flat.scan

    def watched(words, bits, queries, radius):
        scanned.append(len(queries))
        return plain(words, bits, queries, radius)

    monkeypatch.setattr(ring_module.flat, "scan", watched)
    batch = index.search(queries, 31)
    one = index.search(queries[3:4], 31)
    monkeypatch.undo()
    assert scanned == [2]
    expected = FlatIndex(codes).search(queries, 31)
    assert_same(batch, expected)
    np.testing.assert_array_equal(one.ids, expected[3].ids)
    np.testing.assert_array_equal(one.distances, expected[3].distances)


@pytest.mark.parametrize("kind", ["equal", "one bit"])
def test_adversarial_lists_are_searched_like_any_other(kind, random):
    codes = np.repeat(random.integers(0, 256, (1, 32), np.uint8), 40_000, axis=0)
    if kind == "one bit":
        bits = random.integers(0, 256, len(codes))
        codes[np.arange(len(codes)), bits // 8] ^= (1 << bits % 8).astype(np.uint8)
    queries = near(random, codes, 4, 40)
    index = RingIndex.build(codes)
    for radius in (0, 1, 2, 31, 45):
        assert_same(index.search(queries, radius), FlatIndex(codes).search(queries, radius))


def test_buckets_of_every_length_are_searched_to_their_last_tag(random):
    """A line of tags more or less, and one bucket with more hits than wait at a time.

    Matches differ in two bits of every chunk but the first, so that only its table finds them.
    """
    lengths = [*range(1, 200), 30_000]
    keys = random.permutation(2**16)[: len(lengths)].astype(np.uint16)
    codes = random.integers(0, 256, (sum(lengths), 32), np.uint8)
    chunks = codes.view(np.uint16)
    chunks[:, 0] = np.repeat(keys, lengths)
    queries = random.integers(0, 256, (len(lengths), 32), np.uint8)
    queries.view(np.uint16)[:, 0] = keys
    ends = np.cumsum(lengths)
    for query, begin, end in zip(queries, ends - lengths, ends, strict=True):
        copies = random.permutation(np.arange(begin, end))[: 1 + (end - begin) // 20]
        codes[np.append(copies, end - 1), 2:] = query[2:] ^ np.uint8([3, 0] * 15)
    index = RingIndex.build(codes, bit_order=np.arange(256), flat_below=0)
    index._farthest = 79
    expected = FlatIndex(codes).search(queries, 31)
    for number, query in enumerate(queries):
        one = index.search(query[None], 31)
        np.testing.assert_array_equal(one.ids, expected[number].ids)
    assert_same(index.search(queries, 31), expected)


def test_short_lists_have_no_buckets(random):
    codes = random.integers(0, 256, (100, 32), np.uint8)
    assert RingIndex.build(codes).inspect()["buckets"] is None
    assert RingIndex.build(codes, flat_below=100).inspect()["buckets"]["tables"] == 16


def test_inspect_tells_sizes_and_skew(random):
    codes = random.integers(0, 256, (70_000, 32), np.uint8)
    told = RingIndex.build(codes).inspect()
    assert told["codes"] == 70_000
    assert told["bits"] == 256
    assert told["bytes"] == pytest.approx(128 * 70_000 + 16 * 4 * 65_537 + 64)
    assert told["buckets"]["skew"] == pytest.approx(1, abs=0.02)
    codes[:, 2:] &= 1
    assert RingIndex.build(codes).inspect()["buckets"]["skew"] > 2


def test_a_large_radius_is_a_scan(random):
    codes = random.integers(0, 256, (40_000, 32), np.uint8)
    index = RingIndex.build(codes)
    assert 31 <= index._farthest < 80
    matches = index.search(codes[:2], 256)
    assert len(matches.ids) == 80_000


def test_many_readers_of_one_index_disturb_each_other_in_nothing(random):
    codes = random.integers(0, 256, (40_000, 32), np.uint8)
    index = RingIndex.build(codes)
    work = [
        (near(random, codes, count, 35), radius)
        for count in (1, 40, 1024 * threads())
        for radius in (31, 45)
    ]
    expected = [FlatIndex(codes).search(*task) for task in work]
    wrong = []

    def read(first):
        for turn in range(12):
            place = (first + turn) % len(work)
            try:
                assert_same(index.search(*work[place]), expected[place])
            except AssertionError as error:
                wrong.append(error)

    readers = [threading.Thread(target=read, args=(first,)) for first in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert not wrong


def test_an_index_that_would_overflow_its_rows_is_refused():
    codes = np.lib.stride_tricks.as_strided(np.zeros(8, np.uint8), (2**32, 8), (0, 1))
    with pytest.raises(InvalidCodesError, match=r"2\*\*32"):
        RingIndex.build(codes)


def test_a_first_search_in_a_new_process_loads_no_numba(random, tmp_path):
    RingIndex.build(random.integers(0, 256, (40_000, 32), np.uint8)).save(tmp_path / "index")
    code = (
        "import sys, numpy as np; from hashmatch.indexes import RingIndex; "
        "index = RingIndex.open(sys.argv[1]); "
        "assert index.search(index.codes[7:8], 31).ids[0] == 7; "
        "print(sorted({'numba', 'scipy', 'faiss', 'pyarrow'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "index")]
    subprocess.run(command, check=True)  # which may have to compile
    assert subprocess.check_output(command, text=True) == "[]\n"
