"""Kernels as functions: what they take and refuse, and how they are loaded."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from hashmatch.kernels import calls, loading, reference

EMPTY = np.empty(0, np.uint64)


def scanned(codes, queries, radius=31):
    numbers, keys = np.empty(10_000, np.uint32), np.empty(10_000, np.uint64)
    found = calls.scan(
        codes, len(codes), queries, len(queries), codes.shape[1] // 8, radius, numbers, keys, 10_000
    )
    return numbers[:found], keys[:found]


def test_there_is_no_other_kernel():
    with pytest.raises(AttributeError, match="no attribute 'serach'"):
        _ = calls.serach


def test_all_are_loaded_when_that_is_asked_for():
    calls.prepare()
    assert all(callable(vars(calls)[name]) for name in calls.HOMES)


@pytest.mark.parametrize("arguments", [(), (1,) * 5, (1,) * 7])
def test_too_few_and_too_many_arguments_are_refused(arguments):
    with pytest.raises(TypeError):
        calls.probe(*arguments)


@pytest.mark.parametrize(
    "array",
    [None, 7, b"bytes", [1, 2], np.zeros((4, 4), np.uint64)[:, 1], np.uint64(1)],
    ids=["none", "number", "bytes", "list", "gaps", "scalar"],
)
def test_what_is_no_array_in_c_order_is_refused(array):
    with pytest.raises(TypeError):
        calls.scan(array, 0, EMPTY, 0, 4, 31, EMPTY, EMPTY, 0)
    with pytest.raises(TypeError):
        calls.scan(EMPTY, 0, EMPTY, 0, 4, 31, EMPTY, array, 0)


@pytest.mark.parametrize(
    ("number", "error"), [(None, TypeError), (1.5, TypeError), (2**63, OverflowError)]
)
def test_what_is_no_number_of_64_bits_is_refused(number, error):
    with pytest.raises(error):
        calls.scan(EMPTY, 0, EMPTY, number, 4, 31, EMPTY, EMPTY, 0)


def test_arrays_of_other_classes_are_arrays(random, tmp_path):
    codes = random.integers(0, 256, (50, 32), np.uint8)
    codes.tofile(tmp_path / "codes")
    mapped = np.memmap(tmp_path / "codes", np.uint8, "r", shape=(50, 32))
    for got, wanted in zip(
        scanned(mapped, codes[:3]), reference.scan(codes, codes[:3], 31), strict=True
    ):
        np.testing.assert_array_equal(np.sort(got), np.sort(wanted))


def test_no_memory_is_an_error():
    with pytest.raises(MemoryError):
        calls.columns(EMPTY, 2**59, EMPTY, 0, 0, EMPTY, 0)


def test_the_interpreter_is_let_go_of(random):
    """Without it, the thread that scans would not stop before it is done: see the interval."""
    codes = random.integers(0, 256, (20_000, 32), np.uint8)
    calls.prepare()
    interval = sys.getswitchinterval()
    seen = []
    try:
        sys.setswitchinterval(1000)
        for _ in range(20):  # another program may have the processor for the time of a scan
            began, done = threading.Event(), threading.Event()

            def scan(began=began, done=done):
                began.set()
                scanned(codes, codes[:2000], 0)
                done.set()

            thread = threading.Thread(target=scan)
            thread.start()
            began.wait()
            seen.append(not done.is_set())
            thread.join()
            if seen[-1]:
                return
    finally:
        sys.setswitchinterval(interval)
    pytest.fail("No other thread ever ran during a scan.")


@pytest.fixture
def unloaded(monkeypatch):
    """A kernel that is not loaded yet, and how often it was."""
    loads = []
    waiting = threading.Barrier(2)

    def load(name, home):
        loads.append((name, home))
        return len

    monkeypatch.setattr(loading, "load", load)
    monkeypatch.delitem(vars(calls), "order", raising=False)
    yield loads, waiting
    vars(calls).pop("order", None)


def test_threads_that_ask_at_once_load_a_kernel_once(unloaded):
    loads, waiting = unloaded

    def ask():
        waiting.wait()
        assert calls.order is len

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [("order", "select")]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_that_was_forked_while_a_kernel_was_loaded_loads_it_itself(unloaded):
    assert unloaded is not None
    with calls._loading.lock:
        child = os.fork()
        if not child:
            os._exit(0 if calls.order is len else 1)
    assert os.waitpid(child, 0)[1] == 0


ASK = (
    "import sys, numpy as np; from hashmatch.kernels import calls, layout; "
    "room = np.zeros(5, np.int64); offsets = np.ones(3, np.int64); "
    "assert calls.order(room, 0, 0, 2, layout.address_of(room), offsets) == 0; "
    "assert not offsets.any(); print(sorted({'numba', 'scipy'} & set(sys.modules)))"
)


def ask(place, **environment):
    return subprocess.Popen(
        [sys.executable, "-c", ASK],
        env={**os.environ, "NUMBA_CACHE_DIR": str(place), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_function_outlives_what_loaded_it():
    """As at the end of a process, where modules are cleared before functions are looked at."""
    program = (
        "import gc\n"
        "from hashmatch.kernels import calls, loading\n"
        "function = calls.take\n"
        "loading._engine.cache_clear()\n"
        "vars(loading).clear()\n"
        "gc.collect()\n"
        "import numpy as np\n"
        "at = np.array([0, 0, 0, 0, 0], np.int64)\n"
        "room = at.__array_interface__['data'][0]\n"
        "print(function.__name__, function(room, 0, np.empty(0), np.empty(0)))\n"
    )
    # what is freed is overwritten, so that whoever looks at it falls over
    environment = {**os.environ, "PYTHONMALLOC": "debug"}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "take 0\n"), ended.stderr


def test_what_one_process_compiled_another_loads_without_numba(tmp_path):
    first, second = ask(tmp_path), ask(tmp_path)  # at once
    for process in (first, second):
        out, err = process.communicate()
        assert "numba" in out, err
    (kept,) = tmp_path.iterdir()
    out, err = ask(tmp_path).communicate()
    assert out == "[]\n", err
    kept.write_bytes(kept.read_bytes()[:-1])
    out, err = ask(tmp_path).communicate()
    assert "numba" in out, err
    out, err = ask(tmp_path, NUMBA_DISABLE_JIT="1").communicate()
    assert out == "[]\n", err


def test_a_process_that_can_keep_nothing_says_so_and_goes_on(tmp_path):
    place = tmp_path / "file"
    place.write_bytes(b"in the way")
    out, err = ask(place).communicate()
    assert "numba" in out
    assert str(place) in err
    assert "NUMBA_CACHE_DIR" in err


def test_numba_that_may_not_compile_is_named(tmp_path):
    _, err = ask(tmp_path, NUMBA_DISABLE_JIT="1").communicate()
    assert "unset NUMBA_DISABLE_JIT" in err
