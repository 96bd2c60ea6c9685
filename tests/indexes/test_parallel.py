import os
import subprocess
import sys
import threading

import pytest

from hashmatch.indexes.parallel import alone, share_out, threads, use_threads

several = pytest.mark.usefixtures("count")


@pytest.fixture(params=[1, 2, 5])
def count(request):
    before = threads()
    use_threads(request.param)
    yield request.param
    use_threads(before)


@several
@pytest.mark.parametrize("tasks", [0, 1, 2, 40])
def test_every_task_is_done_once_and_its_result_stands_in_its_place(tasks):
    done = []

    def work(task):
        done.append(task)
        return -task

    assert share_out(work, range(tasks)) == [-task for task in range(tasks)]
    assert sorted(done) == list(range(tasks))


def test_as_many_threads_work_at_once_as_there_are_to_be_and_this_is_one_of_them(count):
    meeting = threading.Barrier(count)

    def meet(_):
        meeting.wait(60)
        return threading.get_ident()

    names = share_out(meet, range(count))
    assert len(set(names)) == count
    assert threading.get_ident() in names


def test_who_is_to_be_alone_does_all_of_it(count):
    with alone():
        assert threads() == 1
        names = share_out(lambda _: threading.get_ident(), range(20))
    assert set(names) == {threading.get_ident()}
    assert threads() == count


@several
def test_an_error_in_one_task_is_raised_and_nobody_is_at_work_after_that():
    begun, ended = [], []

    def work(task):
        begun.append(task)
        try:
            if task == 3:
                raise ValueError("the third")
        finally:
            ended.append(task)

    with pytest.raises(ValueError, match="the third"):
        share_out(work, range(300_000))
    assert sorted(begun) == sorted(ended)
    assert len(begun) < 300_000  # what comes after it is left


@several
def test_an_index_error_of_the_work_itself_is_not_taken_for_the_end_of_the_tasks():
    with pytest.raises(IndexError, match="pop from empty list"):
        share_out(lambda _: [].pop(), range(3))


@several
def test_work_that_is_shared_out_again_and_by_many_at_once_comes_to_an_end():
    def inner(task):
        return sum(share_out(lambda number: number, range(task)))

    wanted = [sum(range(task)) for task in range(12)]
    got = [None] * 8

    def outer(place):
        got[place] = share_out(inner, range(12))

    callers = [threading.Thread(target=outer, args=(place,)) for place in range(len(got))]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert got == [wanted] * len(got)


def test_nothing_waits_for_helpers_who_are_busy_with_other_work():
    """One helper, held up by the first who shares out: the second does everything by itself."""
    before = threads()
    use_threads(2)
    held, go_on = threading.Event(), threading.Event()
    here = threading.Barrier(2)

    def hold(_):
        here.wait(60)
        held.set()
        go_on.wait(60)

    first = threading.Thread(target=share_out, args=(hold, range(2)))
    first.start()
    held.wait(60)
    assert share_out(lambda task: task, range(5)) == list(range(5))
    go_on.set()
    first.join()
    use_threads(before)


SEARCHING = """
import numpy as np
from hashmatch.errors import SearchError
from hashmatch.indexes import RingIndex, threads
try:
    codes = np.arange(300 * 32, dtype=np.uint32).astype(np.uint8).reshape(300, 32)
    found = RingIndex.build(codes, flat_below=0).search(codes[:40], 0)
    print(len(found), threads())
except SearchError as error:
    print(error)
"""


def told(value):
    """What a process with a number of threads in its environment says."""
    run = subprocess.run(
        [sys.executable, "-c", SEARCHING], env=os.environ | {"HASHMATCH_THREADS": value},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return run.stdout.strip()


@pytest.mark.parametrize("value", ["1", "3", " 2 "])
def test_the_environment_tells_how_many_threads_there_are(value):
    assert told(value) == f"40 {int(value)}"


@pytest.mark.parametrize("value", ["", "0"])
def test_there_are_as_many_threads_as_processors_where_nobody_says(value):
    assert int(told(value).split()[1]) >= 1


@pytest.mark.parametrize("value", ["-1", "two", "1.5", "1e3", "100000"])
def test_an_environment_that_tells_no_number_of_threads_is_refused(value):
    """A negative number once left batches without any answer."""
    assert told(value).startswith("The environment variable HASHMATCH_THREADS")


@pytest.mark.parametrize("count", [0, -1, 1.5, "2", None, 1025])
def test_no_thread_or_a_part_of_one_is_none_to_use(count):
    before = threads()
    with pytest.raises(ValueError, match="1 to 1,024 threads"):
        use_threads(count)
    assert threads() == before
