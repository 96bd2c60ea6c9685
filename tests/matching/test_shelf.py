"""Shelves against a plain model, over any sequence of additions and withdrawals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashmatch import hashers
from hashmatch.errors import InvalidCodesError, InvalidRadiusError
from hashmatch.hashers import ByteHasher, PixelHasher
from hashmatch.matching.shelf import Shelf, Store
from hashmatch.registry import EntryBatch


class Narrow(PixelHasher):
    name, bits, block_threshold, review_threshold = "narrow", 72, 3, 5

    def _hash(self, pixels):
        raise NotImplementedError


def batch(ids, codes, list_ids=None):
    return EntryBatch(
        np.array(ids, np.int64),
        np.array(codes, np.uint8),
        np.full(len(ids), 80, np.int16),
        np.array([1] * len(ids) if list_ids is None else list_ids, np.int32),
    )


def random_codes(hasher, count, seed=1):
    # few bits differ, so that a radius of a few finds some
    codes = np.zeros((count, hasher.bits // 8), np.uint8)
    codes[:, -1] = np.random.default_rng(seed).integers(0, 16, count)
    return codes


HASHERS = {"pdq": hashers.get("pdq"), "md5": hashers.get("md5"), "narrow": Narrow()}


@pytest.mark.parametrize("name", HASHERS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_shelf_finds_what_a_plain_model_finds(name, data):
    hasher = HASHERS[name]
    radius = 0 if isinstance(hasher, ByteHasher) else data.draw(st.integers(0, 4), "radius")
    store, model, published, next_id = Store(Shelf.build(hasher)), {}, [], 1
    for _ in range(data.draw(st.integers(1, 8), "steps")):
        step = data.draw(
            st.sampled_from(["add", "add again", "withdraw", "withdraw list", "fold"]), "step"
        )
        if step == "add":
            count = data.draw(st.integers(0, 30), "count")
            ids = list(range(next_id, next_id + 2 * count, 2))
            next_id += 2 * count
            codes = random_codes(hasher, count, next_id)
            list_ids = [1 + entry % 3 for entry in ids]
            store.add(batch(ids, codes, list_ids))
            model |= {entry: (codes[row], list_ids[row]) for row, entry in enumerate(ids)}
        elif step == "add again" and next_id > 1:
            # what is here stays as it is; what was withdrawn comes back
            codes = random_codes(hasher, 1, next_id)
            store.add(batch([next_id - 2], codes, [2]))
            model.setdefault(next_id - 2, (codes[0], 2))
        elif step == "withdraw":
            ids = data.draw(st.lists(st.integers(0, next_id + 5), max_size=10), "ids")
            store.withdraw(np.array(ids, np.int64))
            for entry in ids:
                model.pop(entry, None)
        elif step == "withdraw list":
            store.withdraw(store.of_list(2))
            model = {entry: known for entry, known in model.items() if known[1] != 2}
        elif step == "fold":
            store = Store(store.publish().folded())
        published.append((store.publish(), dict(model)))
    queries = random_codes(hasher, 5, 99)
    for shelf, held in published:  # old ones too: what came later must not have changed them
        found = shelf.within(queries, radius)
        for query, neighbours in zip(queries, found, strict=True):
            expected = sorted(
                (int(np.bitwise_count(query ^ code).sum()), entry)
                for entry, (code, _) in held.items()
            )
            expected = [pair for pair in expected if pair[0] <= radius]
            assert list(zip(neighbours.distances, neighbours.ids, strict=True)) == expected
            told = shelf.about(neighbours.ids)[0].tolist()
            assert told == [held[entry][1] for entry in neighbours.ids.tolist()]


def test_found_entries_are_told_about():
    codes = random_codes(HASHERS["pdq"], 3)
    store = Store(Shelf.build(HASHERS["pdq"], [batch([3, 7, 9], codes, [1, 2, 1])]))
    store.add(batch([12, 5], codes[:2], [4, 6]))
    lists, qualities = store.publish().about(np.array([9, 3, 12, 7, 5]))
    assert (lists.tolist(), qualities.tolist()) == ([1, 1, 4, 2, 6], [80] * 5)


def test_folding_leaves_nothing_of_what_was_withdrawn():
    codes = np.random.default_rng(1).integers(0, 256, (5000, 32), np.uint8)
    store = Store(Shelf.build(HASHERS["pdq"], [batch(range(1, 5001), codes)]))
    store.withdraw(np.arange(1, 3101))
    before = store.publish()
    assert (len(before), len(before.base)) == (1900, 5000)
    shelf = before.folded()
    assert shelf.base.ids.tolist() == list(range(3101, 5001))
    assert (shelf.index.base.index.codes == codes[3100:]).all()
    assert shelf.folded() is shelf
    store = Store(shelf)
    store.add(batch([6000], random_codes(HASHERS["pdq"], 1), [4]))
    assert store.publish().about(np.array([3101, 6000]))[0].tolist() == [1, 4]


@pytest.mark.parametrize("name", HASHERS)
def test_queries_of_another_form_are_refused(name):
    shelf = Shelf.build(HASHERS[name])
    width = HASHERS[name].bits // 8
    for wrong in (
        np.zeros((1, width + 1), np.uint8),
        np.zeros((1, width - 1), np.uint8),
        np.zeros((1, 8 * -(-width // 8) + 8), np.uint8),
        np.zeros(width, np.uint8),
        np.zeros((1, width), np.int8),
        [bytes(width)],
        None,
    ):
        with pytest.raises(InvalidCodesError):
            shelf.within(wrong, 0)
    assert len(shelf.within(np.zeros((0, width), np.uint8), 0)) == 0


def test_digests_are_equal_or_not():
    shelf = Shelf.build(hashers.get("md5"))
    with pytest.raises(InvalidRadiusError, match=r"md5.*radius 0, not 1"):
        shelf.within(np.zeros((1, 16), np.uint8), 1)
