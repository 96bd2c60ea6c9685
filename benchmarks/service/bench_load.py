"""Requests from a second process on loopback, turn by turn with the same work in this process."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from loaded import ARROW, as_arrow, as_json, codes, jpegs

ROUNDS = 7


def tell(benchmark, answers, items, unit):
    """Rates and latencies of all rounds but the first, which warms up.

    With them, how much of one core the load generator itself took meanwhile.
    """
    seconds = np.concatenate([answer["seconds"] for answer in answers[1:]]) * 1e3
    rate = np.median([items / answer["took"] for answer in answers[1:]])
    p50, p99 = np.percentile(seconds, [50, 99])
    own = 100 * np.median([answer["own"] / answer["took"] for answer in answers[1:]])
    benchmark.extra_info |= {"rate": rate, "p50 ms": p50, "p99 ms": p99, "generator %": own}
    print(
        f"\n{benchmark.name}: {rate:,.0f} {unit}/s, p50 {p50:.2f} ms, p99 {p99:.2f} ms; "
        f"{own:.1f} % of a core for the generator"
    )


def test_match_one_code(benchmark, race, load, matcher):
    asked = codes(2_000)
    bodies = [as_json([code]) for code in asked]
    answers = []
    times = race.run(
        {
            "ours": lambda: answers.append(load.run("/v1/matches", bodies, 4_000, 8)),
            "in process": lambda: [
                matcher.match_lists(asked[k % 2_000][None]) for k in range(4_000)
            ],
        },
        ROUNDS,
    )
    race.keep(benchmark, times)
    benchmark.pedantic(lambda: load.run("/v1/matches", bodies, 1_000, 8), rounds=1)
    tell(benchmark, answers, 4_000, "requests")


@pytest.mark.parametrize("bits", [31, 45])
def test_match_batches_of_1000(benchmark, race, load, matcher, reach, bits):
    """A list's review threshold says how far is searched: 45 bits take seven times what 31 take."""
    reach(bits)
    batches = [codes(1_000, seed) for seed in range(20)]
    qualities = np.full(1_000, 90, np.int16)
    bodies = [as_arrow(batch) for batch in batches]
    answers = []
    times = race.run(
        {
            "ours": lambda: answers.append(load.run("/v1/matches", bodies, 60, 3, ARROW)),
            "in process": lambda: [
                matcher.match_lists(batches[k % 20], qualities) for k in range(60)
            ],
        },
        ROUNDS,
    )
    race.keep(benchmark, times)
    benchmark.pedantic(lambda: load.run("/v1/matches", bodies, 20, 3, ARROW), rounds=1)
    tell(benchmark, answers, 60_000, "codes")


@pytest.mark.parametrize("bits", [31, 45])
def test_check_1_mp_jpegs(benchmark, race, load, matcher, reach, bits):
    """The peer is `Matcher.check` in two threads, on the same two cores."""
    reach(bits)
    pictures = jpegs()
    answers = []
    with ThreadPoolExecutor(2) as threads:
        times = race.run(
            {
                "ours": lambda: answers.append(
                    load.run("/v1/checks", pictures, 200, 8, "image/jpeg")
                ),
                "in process": lambda: list(
                    threads.map(matcher.check, (pictures[k % len(pictures)] for k in range(200)))
                ),
            },
            ROUNDS,
        )
    race.keep(benchmark, times)
    benchmark.pedantic(lambda: load.run("/v1/checks", pictures, 50, 8, "image/jpeg"), rounds=1)
    tell(benchmark, answers, 200, "pictures")
