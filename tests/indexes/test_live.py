import sys
import threading

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from listed import assert_holds, some

from hashmatch.errors import InvalidCodesError
from hashmatch.indexes import LiveIndex, RingIndex, live


class Life(RuleBasedStateMachine):
    """Any sequence of changes and compactions leaves what a dictionary would hold, for ever."""

    def __init__(self):
        super().__init__()
        self.random = np.random.default_rng(5)
        self.family = self.random.integers(0, 256, 32, np.uint8)
        self.index = LiveIndex.open()
        self.model = {}
        self.frozen = []

    def near(self, count):
        codes = np.repeat(self.family[None], count, axis=0)
        codes[:, 0] ^= self.random.integers(0, 256, count, np.uint8)
        return codes

    @rule(ids=st.lists(st.integers(0, 30), unique=True, max_size=8))
    def add(self, ids):
        codes = self.near(len(ids))
        self.index.add(np.array(ids, np.int64), codes)
        self.model |= {name: code.tobytes() for name, code in zip(ids, codes, strict=True)}

    @rule(ids=st.lists(st.integers(0, 40), max_size=8))
    def remove(self, ids):
        removed = self.index.remove(np.array(ids, np.int64))
        assert removed == len(set(ids) & self.model.keys())
        for name in ids:
            self.model.pop(name, None)

    @rule()
    def compact(self):
        self.index.compact()
        assert self.index.inspect()["delta"] == self.index.inspect()["tombstones"] == 0

    @rule()
    def freeze(self):
        self.frozen.append((self.index.frozen(), dict(self.model)))

    def teardown(self):
        for frozen, model in self.frozen:
            assert_holds(frozen, model, self.near(2), 5)
            assert frozen.holds(np.arange(42)).tolist() == [name in model for name in range(42)]

    @invariant()
    def answers_like_brute_force(self):
        assert_holds(self.index, self.model, self.near(2), 5)
        np.testing.assert_array_equal(self.index.ids, sorted(self.model))
        codes = [code.tobytes() for code in self.index.codes]
        assert codes == [self.model[name] for name in sorted(self.model)]


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=20)


@pytest.mark.parametrize("rows", [0, 60, 3000])
@pytest.mark.parametrize(("asked", "swept"), [(1, 1), (40, 1), (40, 0), (90, 0)])
def test_few_and_many_queries_get_the_same_answers(rows, asked, swept, random, monkeypatch):
    """Whichever way they go: one by one, in parts, or all together."""
    monkeypatch.setattr("hashmatch.indexes.ring.SWEPT", swept)
    ring = RingIndex.build(some(random, rows), flat_below=1)
    index = LiveIndex.over(ring, np.arange(7, 7 + rows))
    model = {7 + row: code.tobytes() for row, code in enumerate(ring.codes)}
    queries = some(random, asked)
    queries[: rows // 2] = ring.codes[: min(rows // 2, asked)]
    queries[:, 0] ^= 5
    assert_holds(index, model, queries)
    near = queries.copy()
    near[:, 9] ^= 3
    index.add(np.arange(asked), near)
    index.add(np.arange(5000, 5000 + asked), near)
    index.remove(np.concatenate([np.arange(0, asked, 3), np.arange(5000, 5000 + asked, 2)]))
    model |= {name: code.tobytes() for name, code in enumerate(near)}
    model |= {5000 + name: code.tobytes() for name, code in enumerate(near)}
    for name in [*range(0, asked, 3), *range(5000, 5000 + asked, 2)]:
        del model[name]
    for radius in (0, 2, 20, 80):
        assert_holds(index, model, queries, radius)


def test_what_is_added_is_found_by_the_next_search_and_removed_not(random):
    index = LiveIndex.open()
    codes = some(random, 3)
    index.add(np.array([7, 5, 2**48 - 1]), codes)
    assert index.search(codes, 0).ids.tolist() == [7, 5, 2**48 - 1]
    assert index.remove(np.array([5, 6])) == 1
    assert index.search(codes, 0).offsets.tolist() == [0, 1, 1, 2]
    index.compact()
    assert index.remove(np.array([7])) == 1
    assert index.search(codes, 0).ids.tolist() == [2**48 - 1]
    assert index.remove(np.array([7])) == 0


def test_no_change_reaches_what_was_frozen(random):
    index = LiveIndex.open()
    codes = some(random, 6)
    index.add(np.arange(4), codes[:4])
    views = [index.frozen()]
    index.add(np.arange(4, 6), codes[4:])
    views.append(index.frozen())
    index.compact()
    views.append(index.frozen())
    index.remove(np.array([0, 5]))
    views.append(index.frozen())
    index.add(np.array([1]), codes[:1])
    index.compact()
    found = [view.search(codes, 0).ids.tolist() for view in views]
    assert found == [[0, 1, 2, 3], [*range(6)], [*range(6)], [1, 2, 3, 4]]
    assert [len(view) for view in views] == [4, 6, 6, 4]
    np.testing.assert_array_equal(views[2].codes, codes)


def test_a_known_id_gets_the_new_code(random):
    index = LiveIndex.open()
    old, new = some(random, 1), some(random, 1)
    index.add(np.array([1]), old)
    index.compact()
    index.add(np.array([1]), new)
    assert len(index) == 1
    assert len(index.search(old, 0).ids) == 0
    assert index.search(new, 0).ids.tolist() == [1]


def test_many_changes_are_compacted_in_the_background(random, tmp_path):
    codes = some(random, 5000)
    with LiveIndex.open(tmp_path) as index:
        for start in range(0, 5000, 100):
            index.add(np.arange(start, start + 100), codes[start : start + 100])
        index.close()
        assert index.generation >= 1
        assert index.inspect()["delta"] < 1100 + 5000 // 20
        assert_holds(index, {name: code.tobytes() for name, code in enumerate(codes)}, codes[:3])


def test_changes_during_a_compaction_are_kept(random, monkeypatch):
    """Removals, replacements and additions that fall between the copy and the switch."""
    codes, other = some(random, 100), some(random, 10)
    index = LiveIndex.open()
    index.add(np.arange(100), codes)
    model = {name: code.tobytes() for name, code in enumerate(codes)}
    build = live.Generation.build

    def build_slowly(number, *args):
        built = build(number, *args)
        if number == 1:
            index.remove(np.array([0, 1]))
            index.add(np.array([2, 200]), other[:2])
            index.add(np.array([201]), other[2:3])
            index.remove(np.array([201]))
            assert_holds(index, model, codes[:5])
        return built

    monkeypatch.setattr(live.Generation, "build", build_slowly)
    del model[0], model[1]
    model[2], model[200] = other[0].tobytes(), other[1].tobytes()
    index.compact()
    assert index.generation == 1
    assert_holds(index, model, np.concatenate([codes[:5], other]))
    index.compact()
    assert_holds(index, model, np.concatenate([codes[:5], other]))


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (np.array([1, 1]), "1 different"),
        (np.array([1]), "1 different"),
        (np.array([-1, 1]), "between 0"),
        (np.array([2**48, 1]), "between 0"),
        (np.array([1.0, np.nan]), "float64"),
        (np.array([1, None]), "object"),
        (np.array([[1, 2]]), "shape"),
        (np.ma.array([1, 2], mask=[False, True]), "mask"),
    ],
)
def test_malformed_ids_are_refused_and_nothing_is_added(ids, words, random):
    index = LiveIndex.open()
    with pytest.raises(InvalidCodesError, match=words):
        index.add(ids, some(random, 2))
    assert len(index) == 0
    assert index.inspect()["delta"] == 0


@pytest.mark.parametrize("bits", [0, -64, 100, 257, 2**16, "256", 256.0, True])
def test_an_odd_width_is_refused(bits):
    with pytest.raises(InvalidCodesError, match=f"multiple of 64 bits.*{bits!r} is none"):
        LiveIndex.open(bits=bits)


@pytest.mark.parametrize(
    ("ids", "words"),
    [([2**70], "object"), ([2**63], "between 0"), (np.arange(2), r"1 codes.*\(2,\)")],
)
def test_an_index_is_not_put_under_malformed_ids(ids, words, random):
    with pytest.raises(InvalidCodesError, match=words):
        LiveIndex.over(RingIndex.build(some(random, 1)), ids)


def test_a_replaced_code_is_never_missed_by_a_reader(random):
    """While an id gets one code after the other, each search finds it, once."""
    index = LiveIndex.open()
    base = some(random, 1)
    index.add(np.array([1]), base)
    stop = threading.Event()
    wrong = []

    def read():
        while not stop.is_set():
            found = index.search(base, 8).ids.tolist()
            if found != [1]:
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(3000):
        code = base.copy()
        code[0, 0] ^= turn % 256
        index.add(np.array([1]), code)
    stop.set()
    for reader in readers:
        reader.join()
    index.close()
    assert not wrong
    assert index.generation >= 1


def test_a_change_of_many_codes_is_seen_whole_or_not_at_all(random):
    """Searches look again and again while thousands of codes are replaced in one call."""
    index, ids, query = LiveIndex.open(), np.arange(3000), some(random, 1)
    versions = (
        np.repeat(query[None], len(ids), axis=1) ^ np.arange(2, dtype=np.uint8)[:, None, None]
    )
    index.add(ids, versions[0])
    stop = threading.Event()
    seen = set()

    def read():
        while not stop.is_set():
            found = index.search(query, 32)
            seen.add((len(found.ids), *np.unique(found.distances).tolist()))

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(20_000):
        index.add(ids, versions[1 - turn % 2])
        if turn > 200 and len(seen) > 1:
            break
    stop.set()
    reader.join()
    index.close()
    assert seen == {(len(ids), 0), (len(ids), 32)}


def test_nothing_is_lost_where_many_change_it_at_once(random):
    """Each adds ids of its own, and removes every third of them, while all is folded anew."""
    index, each, writers = LiveIndex.open(), 300, 4
    codes = some(random, each * writers)
    begin, end = threading.Barrier(writers + 1), threading.Event()

    def write(first):
        begin.wait(60)
        for name in range(first, first + each):
            index.add(np.array([name]), codes[name : name + 1], sequence=name)
            if name % 3 == 0:
                assert index.remove(np.array([name])) == 1

    def fold():
        begin.wait(60)
        while not end.is_set():
            index.compact()

    threads = [threading.Thread(target=write, args=(each * n,)) for n in range(writers)]
    folding = threading.Thread(target=fold)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # as often as can be: so what is not done at once comes apart
    try:
        for thread in (*threads, folding):
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
        end.set()
        folding.join()
    model = {n: code.tobytes() for n, code in enumerate(codes) if n % 3}
    assert_holds(index, model, codes[:: each // 2])
    assert index.sequence == each * writers - 1


def test_an_index_over_another_is_compacted_by_whoever_made_that(random, monkeypatch):
    monkeypatch.setattr(live, "COMPACT_FROM", 1)
    ring = RingIndex.build(some(random, 50))
    index = LiveIndex.over(ring, np.arange(100, 150))
    added = some(random, 40)
    index.add(np.arange(10, 50), added)
    index.remove(np.array([100, 101, 12]))
    assert index.generation == 0
    view = index.frozen()
    assert view.base.index is ring
    assert view.holds(np.array([99, 100, 102, 10, 12, 13])).tolist() == [
        False, False, True, True, False, True,
    ]  # fmt: skip
    model = {10 + n: code.tobytes() for n, code in enumerate(added)}
    model |= {100 + n: code.tobytes() for n, code in enumerate(ring.codes)}
    for gone in (100, 101, 12):
        del model[gone]
    assert_holds(view, model, added[:5])
