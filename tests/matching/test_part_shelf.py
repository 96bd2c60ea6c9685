"""What a generation knows of parts, through snapshots and changes."""

import numpy as np
from packing import packed_of_nothing

from hashmatch.matching import part_shelf
from hashmatch.packed import unpack


def rows(*entries):
    return [part_shelf.PartsRow(e, bytes([e] * 32), packed_of_nothing(e)) for e in entries]


def test_a_store_gives_what_it_was_given():
    store = part_shelf.PartStore(part_shelf.PartShelf.build(rows(1, 3)))
    store.put(rows(2, 7))
    store.withdraw(np.array([3, 99], np.int64))
    for shelf in (store.publish(), store.publish().folded()):
        assert len(shelf) == 9
        for entry in (1, 2, 7):
            held = unpack(packed_of_nothing(entry))
            picture = shelf.picture(entry)
            assert picture.whole == bytes([entry] * 32)
            assert np.array_equal(picture.parts.codes, held.codes)
            assert np.array_equal(picture.tiles.codes, held.tiles)
            found = shelf.index.search(held.codes, 0)
            assert found.ids.tolist() == [128 * entry, 128 * entry + 1, 128 * entry + 2]
        assert not len(shelf.index.search(unpack(packed_of_nothing(3)).codes, 31).ids)


def test_parts_that_come_anew_take_the_place_of_the_old():
    store = part_shelf.PartStore(part_shelf.PartShelf.build(rows(1)))
    store.put([part_shelf.PartsRow(1, bytes(32), packed_of_nothing(50, parts=2))])
    for shelf in (store.publish(), store.publish().folded()):
        assert len(shelf) == 2
        assert len(shelf.picture(1).parts.codes) == 2
        assert not len(shelf.index.search(unpack(packed_of_nothing(1)).codes, 31).ids)


def test_what_was_published_stays_as_it_was():
    store = part_shelf.PartStore(part_shelf.PartShelf.build(rows(1)))
    before = store.publish()
    store.put(rows(2))
    store.withdraw(np.array([1], np.int64))
    assert len(before) == 3
    assert before.picture(1) is not None
    assert before.picture(2) is None
