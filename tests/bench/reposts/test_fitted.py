"""The program that fits the weight of evidence, and what is shipped of it."""

import importlib.util
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest
from threadpoolctl import threadpool_limits

from hashmatch.bench.reposts.pictures import Picture
from hashmatch.hashers import decode
from hashmatch.matching import evidence

ROOMS = Path(__file__).parents[3] / "benchmarks/reposts"


@pytest.fixture(scope="module")
def program():
    spec = importlib.util.spec_from_file_location("fitting", ROOMS / "evidence.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def some(program):
    """One in forty of the recorded places, what is asked of each, and which are of copies."""
    table = pq.read_table(ROOMS / "places.parquet")
    table = table.take(np.arange(0, table.num_rows, 40))
    placed = [*program.kept(table)]
    features = np.stack([evidence.seen(each) for each in placed])
    return placed, features, table["copy"].to_numpy(zero_copy_only=False)


def test_the_shipped_trees_tell_recorded_copies_from_others(some):
    """They are fitted to these: others, or none, would not."""
    placed, _, copies = some
    weights = np.array([evidence.weigh(each) for each in placed])
    assert (weights[copies] >= evidence.BLOCK).mean() > 0.7
    assert (weights[copies] >= evidence.REVIEW).mean() > 0.95
    assert (weights[~copies] >= evidence.REVIEW).mean() < 0.01
    assert not (weights[~copies] >= evidence.BLOCK).any()


def test_what_is_written_weighs_as_the_model_does(program, some, tmp_path, monkeypatch):
    """The program reads trees out of attributes of the model that are not meant for it."""
    placed, features, copies = some
    monkeypatch.setattr(program, "TREES", 12)
    with threadpool_limits(1):  # beside other tests, threads would wait for each other
        model = program.fitted(features, copies)
    np.save(tmp_path / "some.npy", program.nodes_of(model))
    monkeypatch.setattr(evidence, "FILE", tmp_path / "some.npy")
    evidence._trees.cache_clear()
    try:
        weights = [evidence.weigh(each) for each in placed[::20]]
    finally:
        evidence._trees.cache_clear()
    assert weights == pytest.approx(model.decision_function(features[::20]), abs=0.006)


@pytest.mark.parametrize("limit", [0.1, 0.7, 1 / 3, 2.5, -0.1, 0.0, 118.0])
def test_a_limit_keeps_apart_what_it_did_in_double_precision(program, limit):
    """Features have single precision: one just above a limit must not be rounded into it."""
    single = program.single_below(limit)
    nearest = np.float32(limit)
    for each in (nearest, *(np.nextafter(nearest, np.float32(end)) for end in (-9e9, 9e9))):
        assert bool(each <= single) == (float(each) <= limit)


def test_each_group_is_judged_by_trees_that_did_not_see_it(program, some, monkeypatch):
    _, features, copies = some
    numbers = np.arange(len(copies)) % 23
    groups = np.array([f"group {number}" for number in numbers])
    judged = []

    class Model:
        def __init__(self, features):
            self.fitted = set(features[:, -1].tolist())

        def decision_function(self, features):
            others = set(features[:, -1].tolist())
            judged.append(others)
            assert self.fitted == set(numbers.tolist()) - others
            return features[:, -1]

    monkeypatch.setattr(program, "fitted", lambda features, _copies: Model(features))
    numbered = np.column_stack([features, numbers.astype(np.float32)])
    assert program.validated(numbered, copies, groups).tolist() == numbers.tolist()
    assert len(judged) == program.FOLDS
    assert all(judged)


def test_copies_are_made_of_every_dressed_picture_and_judged_with_its_others(program, photographs):
    shown = [photographs[name] for name in ("astronaut", "coffee")]
    listed, strangers = ([Picture(name, shown[0])] for name in ("listed", "stranger"))
    questions = SimpleNamespace(
        listed=listed, strangers=strangers, shown=[shown[0], *[shown[1]] * len(program.DRESSES)]
    )
    made = program.dressed_copies(questions, SimpleNamespace(seed=1), 2)
    first = list(islice(made, 3))
    assert [copy.own for copy in first] == [1, 1, 2]
    assert first[0].upload != first[1].upload
    assert all(decode(copy.upload).size for copy in first)
    known = program.known_of(first[2], questions, "dresses 1 2")
    assert known["copy"]
    assert known["group"] == "dresses 1 2"
    other = program.Asked(b"", "hard", "same dress: snow", None)
    assert not program.known_of(other, questions, "dresses 1 2")["copy"]
    assert program.known_of(other, questions, "dresses 1 2")["group"] == known["group"]
    plain = program.Asked(b"", "mirror", "mirrored", 0)
    assert program.known_of(plain, questions, "dresses 1 0")["group"] == "listed"
