import itertools
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from hashmatch.bench import Workload, measure, measuring
from hashmatch.bench.contestant import Contestant
from hashmatch.bench.worker import Worker
from hashmatch.errors import InvalidRadiusError, SearchError
from hashmatch.indexes import FlatIndex
from hashmatch.types import Matches

SMALL = {"codes": "uniform", "queries": 40, "batches": (1, 100)}
ODD = 'kind = "ring"\n[parameters]\nflat_below = 1\nbit_order = "plain"\n'


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Three recipes, one of them a file and one not exact."""
    recipe = tmp_path_factory.mktemp("recipes") / "odd.toml"
    recipe.write_text(ODD)
    told = []
    report = measure(
        [str(recipe), "faiss-hnsw"], Workload(**SMALL), [500], threads=(1, 2), rounds=2,
        patience=0.05, command=["hashmatch", "bench", "a b"], told=told.append,
    )  # fmt: skip
    return report, told, str(recipe)


def test_every_recipe_is_measured_and_the_peer_beside_it(measured):
    report, _, recipe = measured
    assert [row.recipe for row in report.results] == [recipe, "faiss-hnsw", "faiss-flat"]
    assert {row.codes for row in report.results} == {500}
    assert report.command == "hashmatch bench 'a b'"
    assert report.peer == "faiss-flat"


def test_answers_are_told_right_from_nearly_right(measured):
    for row in measured[0].results:
        assert row.exact == (row.kind != "faiss-hnsw")
        assert row.checked == 100
        assert row.found >= 50
        assert row.recall <= 1
        if row.exact:
            assert row.same
            assert row.recall == 1


def test_numbers_are_of_the_right_kind(measured):
    for row in measured[0].results:
        assert 0 < row.p50_us <= row.p90_us <= row.p99_us
        assert 1 <= row.queries <= 40
        assert row.build_threads == 2
        assert row.rss <= row.peak
        assert (row.open_ms is None) == (row.kind != "ring")
        assert (row.bucket_skew is None) == (row.kind != "ring")
        shapes = [(batch.size, batch.threads) for batch in row.batches]
        assert shapes == list(itertools.product((1, 100), (1, 2)))
        assert all(batch.per_second > 0 for batch in row.batches)
        ratios = [row.ratio, *(batch.ratio for batch in row.batches)]
        assert all((ratio is None) == (row.recipe == "faiss-flat") for ratio in ratios)


def test_each_step_is_told_and_counted(measured):
    _, told, _ = measured
    assert len(told) == measuring.steps(recipes=3, counts=1, rounds=2)
    assert told[0] == "making codes"
    assert "faiss-hnsw, 500 codes, round 2" in told


def test_rounds_alternate_between_recipes(measured):
    _, told, recipe = measured
    turns = [step.split(",")[0] for step in told if ", 500 codes, round" in step]
    assert turns == [recipe, "faiss-hnsw", "faiss-flat"] * 3


def test_the_peer_is_named_once_and_may_be_left_out():
    assert measuring.with_peer(["ring"], "faiss-flat") == ["ring", "faiss-flat"]
    assert measuring.with_peer(["faiss-flat", "ring"], "faiss-flat") == ["faiss-flat", "ring"]
    assert measuring.with_peer(["ring", "ring"], None) == ["ring"]


def test_without_a_peer_there_are_no_ratios():
    report = measure(["flat"], Workload(**SMALL), [200], rounds=1, patience=0.01, peer=None)
    (row,) = report.results
    assert (report.peer, row.ratio, row.batches[0].ratio) == (None, None, None)


def test_a_wrong_recipe_is_told_before_anything_is_made():
    told = []
    with pytest.raises(SearchError, match=r"no recipe 'rung'\. Known are"):
        measure(["ring", "rung"], Workload(**SMALL), [200], told=told.append)
    assert not told


def test_errors_of_an_index_come_through_its_process(tmp_path):
    recipe = tmp_path / "huge.toml"
    recipe.write_text('kind = "faiss-ivf"\n[parameters]\nlists = 4096\nprobed = 1\n')
    with pytest.raises(SearchError, match="4096 lists take at least as many codes"):
        measure([str(recipe)], Workload(**SMALL), [200], rounds=1, peer=None)


def test_an_absurd_radius_is_told_before_a_process_starts():
    with pytest.raises(InvalidRadiusError):
        measure(["flat"], Workload(**SMALL, radius=300), [200], rounds=1)


def test_a_process_that_dies_is_told_with_a_remedy():
    with Contestant("flat", 31) as contestant:
        os.kill(contestant._number, signal.SIGKILL)
        with pytest.raises(SearchError, match=r"recipe flat .*not enough memory.*\(-n\)"):
            contestant.answer(1)


class Asked:
    """An index that remembers what it was asked."""

    def __init__(self):
        self.rows = []

    def search(self, codes, radius):
        del radius
        self.rows.append(int(codes[0, 0]))


def test_a_turn_asks_other_queries_before_those_that_count():
    worker = Worker("flat", 31)
    worker._queries = np.arange(20, dtype=np.uint8).reshape(-1, 1)
    worker._index = index = Asked()
    assert len(worker.singles(4, 0.2)) == 4
    assert index.rows[-4:] == [0, 1, 2, 3]
    assert index.rows[:3] == [19, 18, 17]
    worker._index = index = Asked()
    assert len(worker.singles(4, 0)) == 1  # nobody waits longer than told
    assert len(index.rows) <= 2


class Slow:
    """A contestant of one known speed."""

    recipe = "slow"

    def __init__(self, seconds):
        self.seconds = seconds

    def singles(self, count, patience):
        del count, patience
        return np.full(5, self.seconds)

    def batch(self, size, threads, patience):
        del threads, patience
        return size * self.seconds


def run_with(workload, patience=0.5, scratch=None):
    return measuring._Measurement(scratch, workload, (1,), 1, patience, print)


def test_slow_recipes_are_given_a_part_of_a_batch():
    lap = measuring.Lap(built=None)
    run = run_with(Workload(batches=(10, 8192)))
    run._turn(Slow(0.01), lap, warm=True)
    assert lap.measured == {10: 10, 8192: 50}
    run._turn(Slow(0.01), lap, warm=False)
    assert lap.batches == {(10, 1): [0.01], (8192, 1): [0.01]}
    run._turn(Slow(10), lap, warm=True)
    assert lap.measured == {10: 10, 8192: measuring.FEWEST}


def matches(found, distances=None):
    offsets = np.cumsum([0, *map(len, found)])
    ids = np.array([row for rows in found for row in rows], np.int64)
    return Matches(offsets, ids, np.zeros(len(ids), np.uint16) if distances is None else distances)


def lap_of(rounds):
    built = measuring.Built("ring", True, 1.0, 320, 1000, 2000, None)
    return measuring.Lap(
        built,
        [np.array(times) for times in rounds],
        batches={(8, 1): [times[0] for times in rounds]},
        measured={8: 8},
        answers=matches([[1], []]),
    )


def test_ratios_are_of_rounds_and_percentiles_medians_over_them():
    slow = lap_of([[4e-3, 4e-3], [8e-3, 8e-3], [60e-3, 60e-3]])
    fast = lap_of([[1e-3, 1e-3], [4e-3, 4e-3], [6e-3, 6e-3]])
    row = measuring._result("ring", fast, (10, 32), fast.answers, 1, slow)
    assert row.p50_us == pytest.approx(4000)
    assert row.ratio == pytest.approx(4)  # of 4, 2 and 10
    assert row.batches[0].ratio == pytest.approx(4)
    assert row.batches[0].per_second == pytest.approx(250)


def test_a_steady_p99_leaves_interruptions_out():
    rounds = np.full((5, 1000), 10e-6)
    rounds[0, :100] = rounds[1, 100:200] = 9e-3
    lap = lap_of(rounds)
    row = measuring._result("ring", lap, (10, 32), lap.answers, 1, None)
    assert row.steady_p99_us == pytest.approx(10)


def test_recall_counts_pairs_and_sameness_all_of_them():
    truth = matches([[1, 2], [], [1]])
    assert measuring.recall(truth, truth) == 1
    assert measuring.recall(matches([[1], [2], [1]]), truth) == pytest.approx(2 / 3)
    assert measuring.recall(matches([[], [], []]), truth) == 0
    assert measuring.recall(matches([[5], []]), matches([[], []])) == 1
    assert measuring.same(truth, truth)
    assert not measuring.same(matches([[1, 2, 3], [], [1]]), truth)
    assert not measuring.same(matches([[1, 2], [], [1]], np.ones(3, np.uint16)), truth)


def test_brute_force_checks_fewer_queries_of_longer_lists():
    run = run_with(Workload(queries=1000, batches=(8192,)))
    assert run._checked(1000) == 8192
    assert run._checked(10**6) == 2000
    assert run._checked(10**9) == measuring.FEWEST


def test_brute_force_is_the_flat_index(tmp_path, random):
    codes, queries = random.integers(0, 2, (2, 50, 8), np.uint8)
    np.save(tmp_path / "codes.npy", codes)
    np.save(tmp_path / "queries.npy", queries)
    truth = run_with(Workload(radius=9), scratch=tmp_path)._truth(20)
    assert measuring.same(truth, FlatIndex(codes).search(queries[:20], 9))


def test_a_measurement_that_fails_leaves_no_process_behind():
    contestant = Contestant("flat", 31)
    with pytest.raises(KeyError), contestant:
        raise KeyError
    with pytest.raises(ProcessLookupError):
        os.kill(contestant._number, 0)


KILLED = """
import os, signal
from hashmatch.bench.contestant import Contestant
if __name__ == "__main__":
    Contestant("flat", 31)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_ends_with_the_one_that_began_it_however_that_ended(tmp_path):
    """Both hold the pipe, so its end is the end of both."""
    (tmp_path / "killed.py").write_text(KILLED)
    command = [sys.executable, str(tmp_path / "killed.py")]
    run = subprocess.run(command, stdout=subprocess.PIPE, timeout=300, check=False)
    assert run.returncode == -signal.SIGKILL
