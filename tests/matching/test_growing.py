import threading

import numpy as np
import pytest

from hashmatch.matching.growing import Growing


def test_rows_come_in_the_order_they_were_added():
    growing = Growing(np.int64)
    for start in range(0, 100, 10):
        growing.append(np.arange(start, start + 10))
    assert growing.view().tolist() == list(range(100))


def test_views_stay_as_they_were():
    growing = Growing(np.uint8, 4)
    views = []
    for number in range(1, 50):
        growing.append(np.full((number, 4), number, np.uint8))
        views.append((growing.view(), growing.view().copy()))
    assert all((view == before).all() for view, before in views)


def test_replaced_rows_leave_views_as_they_were():
    growing = Growing(np.int64)
    growing.append(np.arange(10))
    before = growing.view()
    growing.replace(growing.view()[::2])
    growing.append(np.array([77]))
    assert growing.view().tolist() == [0, 2, 4, 6, 8, 77]
    assert before.tolist() == list(range(10))


def test_views_cannot_be_written_to():
    growing = Growing(np.uint8, 4)
    growing.append(np.ones((3, 4), np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        growing.view()[0, 0] = 7
    growing.append(np.ones((3, 4), np.uint8))
    assert growing.view().sum() == 24


def test_narrow_rows_end_in_zeros():
    growing = Growing(np.uint8, 8)
    growing.append(np.full((2, 3), 255, np.uint8))
    assert growing.view().tolist() == [[255] * 3 + [0] * 5] * 2


def test_appending_takes_room_for_more_than_it_needs():
    growing = Growing(np.int64)
    moved = 0
    before = None
    for number in range(10_000):
        growing.append(np.array([number]))
        memory = growing._memory
        moved += memory is not before
        before = memory
    assert moved < 40


def test_readers_see_whole_rows_while_a_writer_adds():
    growing = Growing(np.int64, 2)
    growing.append(np.zeros((1, 2), np.int64))
    wrong, done = [], threading.Event()

    def read():
        while not done.is_set():
            view = growing.view()
            if not (view[:, 0] == np.arange(len(view))).all():
                wrong.append(view)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 3000):
        growing.append(np.full((1, 2), number))
    done.set()
    reader.join()
    assert wrong == []
