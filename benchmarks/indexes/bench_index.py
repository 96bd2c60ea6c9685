"""The workloads of `hashmatch bench index`, by the same code and recipes, for pytest-benchmark.

Each recipe runs in a process of its own; blocks of queries go to ours and to a peer in turn, and
what is compared is what those processes measured.
"""

from contextlib import ExitStack
from types import SimpleNamespace

import numpy as np
import pytest

from hashmatch.bench import Workload, measuring
from hashmatch.bench.contestant import Contestant

OURS = "ring"
PEERS = ["faiss-flat", "faiss-multihash-11x23", "faiss-multihash-16x16", "faiss-ivf"]
QUERIES = 1000
BATCH = 8192
ROUNDS = 7
PATIENCE = 0.5


@pytest.fixture(scope="module", params=["natural", "uniform"])
def race_course(request, tmp_path_factory):
    """Codes and queries in files, and contestants that are built when they are first asked for."""
    folder = tmp_path_factory.mktemp("bench")
    count = request.getfixturevalue("workload").count
    codes, queries = Workload(request.param, queries=QUERIES, batches=(BATCH,)).made(count)
    np.save(folder / "codes.npy", codes)
    np.save(folder / "queries.npy", queries)
    del codes
    built = {}
    with ExitStack() as stack:

        def contestant(recipe):
            if recipe not in built:
                one = stack.enter_context(Contestant(recipe, 31))
                facts = one.build(folder / "codes.npy", folder / "queries.npy", 2)
                built[recipe] = SimpleNamespace(asks=one, facts=facts)
            return built[recipe]

        yield SimpleNamespace(contestant=contestant, count=count, folder=folder)


def alternate(turn, peer):
    """What a turn of ours and one of the peer's measured, round by round; one more warms up."""
    times = {"ours": [], peer: []}
    for number in range(ROUNDS + 1):
        for name, taken in times.items():
            seconds = turn(name)
            if number:
                taken.append(seconds)
    return times


@pytest.mark.parametrize("peer", PEERS)
def test_one_query(race_course, peer, race, benchmark):
    """The median query of a block; recall, memory and building stand beside it."""
    ours, other = race_course.contestant(OURS), race_course.contestant(peer)
    contestants = {"ours": ours.asks, peer: other.asks}

    def turn(name):
        return float(np.median(contestants[name].singles(QUERIES, PATIENCE)))

    checked = 100
    truth = race_course.contestant("flat").asks.answer(checked)
    assert measuring.same(ours.asks.answer(checked), truth)
    benchmark.extra_info["recall"] = measuring.recall(other.asks.answer(checked), truth)
    for name, facts in (("ours", ours.facts), (peer, other.facts)):
        benchmark.extra_info[f"bytes a code, {name}"] = facts.grown / race_course.count
        benchmark.extra_info[f"seconds of building, {name}"] = facts.seconds
    race.keep(benchmark, alternate(turn, peer))
    benchmark.pedantic(ours.asks.singles, args=(QUERIES, PATIENCE), rounds=ROUNDS)


@pytest.mark.parametrize("peer", PEERS[:2])
@pytest.mark.parametrize("threads", [1, 2])
def test_batch(race_course, threads, peer, race, benchmark):
    """Seconds a query; a slow peer is given as much of the batch as its patience allows."""
    ours, other = race_course.contestant(OURS).asks, race_course.contestant(peer).asks
    slow = float(np.median(other.singles(QUERIES, PATIENCE)))
    sizes = {"ours": BATCH, peer: min(BATCH, max(measuring.FEWEST, int(PATIENCE / slow)))}
    contestants = {"ours": ours, peer: other}

    def turn(name):
        return contestants[name].batch(sizes[name], threads, 0.0) / sizes[name]

    race.keep(benchmark, alternate(turn, peer))
    benchmark.pedantic(ours.batch, args=(BATCH, threads, 0.0), rounds=ROUNDS)


def test_two_threads(race_course, race, benchmark):
    """Ours on two threads against ours on one."""
    ours = race_course.contestant(OURS).asks

    def turn(name):
        return ours.batch(BATCH, 2 if name == "ours" else 1, 0.0)

    race.keep(benchmark, alternate(turn, "one thread"))
    benchmark.pedantic(ours.batch, args=(BATCH, 2, 0.0), rounds=ROUNDS)
