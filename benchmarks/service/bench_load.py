"""Requests from a second process on loopback, turn by turn with the same work in this process."""

import io
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

ARROW = "application/vnd.apache.arrow.stream"
ROUNDS = 7


def codes(count, seed=2):
    return np.random.default_rng(seed).integers(0, 256, (count, 32), np.uint8)


def as_arrow(batch):
    column = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(32), len(batch), [None, pa.py_buffer(batch)]
    )
    table = pa.table({"code": column, "quality": pa.array(np.full(len(batch), 90, np.int16))})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def tell(benchmark, answers, items, unit):
    """Rates and latencies of all rounds but the first, which warms up."""
    seconds = np.concatenate([answer["seconds"] for answer in answers[1:]]) * 1e3
    rate = np.median([items / answer["took"] for answer in answers[1:]])
    p50, p99 = np.percentile(seconds, [50, 99])
    benchmark.extra_info |= {"rate": rate, "p50 ms": p50, "p99 ms": p99}
    print(f"\n{benchmark.name}: {rate:,.0f} {unit}/s, p50 {p50:.2f} ms, p99 {p99:.2f} ms")


def test_match_one_code(benchmark, race, load, matcher):
    asked = codes(2_000)
    bodies = [json.dumps({"codes": [code.tobytes().hex()]}).encode() for code in asked]
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


def jpegs():
    """Pictures of 1 MP, cut from photographs."""
    made = []
    for name in ("china.jpg", "flower.jpg"):
        photo = Image.fromarray(load_sample_image(name))
        for k in range(4):
            cut = photo.crop((8 * k, 4 * k, 600 + 8 * k, 400 + 4 * k)).resize((1224, 816))
            file = io.BytesIO()
            cut.save(file, "JPEG", quality=88)
            made.append(file.getvalue())
    return made


def test_check_1_mp_jpegs(benchmark, race, load, matcher):
    """The peer is `Matcher.check` in two threads, on the same two cores."""
    pictures = jpegs()
    answers = []
    with ThreadPoolExecutor(2) as threads:
        times = race.run(
            {
                "ours": lambda: answers.append(
                    load.run("/v1/checks", pictures, 200, 4, "image/jpeg")
                ),
                "in process": lambda: list(
                    threads.map(matcher.check, (pictures[k % len(pictures)] for k in range(200)))
                ),
            },
            ROUNDS,
        )
    race.keep(benchmark, times)
    benchmark.pedantic(lambda: load.run("/v1/checks", pictures, 50, 4, "image/jpeg"), rounds=1)
    tell(benchmark, answers, 200, "pictures")
