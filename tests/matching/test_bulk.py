"""Many codes at once must be judged as one picture at a time is."""

import numpy as np
import pytest

from hashmatch.hashers import View
from hashmatch.matching import ACTIONS, Matcher, Upload
from hashmatch.registry import Registry
from hashmatch.types import ORIGINAL, Hash


@pytest.fixture
def registry(tmp_path):
    with Registry.open(tmp_path / "registry") as opened:
        yield opened


def near(code, distance, generator):
    bits = np.unpackbits(np.frombuffer(code, np.uint8))
    bits[generator.choice(256, distance, replace=False)] ^= 1
    return np.packbits(bits).tobytes()


def test_codes_are_judged_as_pictures_are(registry):
    generator = np.random.default_rng(4)
    registry.update_list("default", threshold=20, review_threshold=40)
    registry.create_list("partners", action="review", threshold=30, min_quality=60)
    registry.create_list("harmless", allow_list=True, threshold=10)
    registry.create_list("empty")
    base = [generator.bytes(32) for _ in range(12)]
    for name in ("default", "partners", "harmless"):
        chosen = generator.choice(12, 7, replace=False)
        some = [
            Hash("pdq", near(base[k], int(generator.integers(0, 8)), generator), quality)
            for k, quality in zip(chosen, (None, 10, 55, 70, 100, 50, 60), strict=True)
        ]
        registry.add(name, some, source="test")
    queries = [
        near(base[k % 12], int(generator.integers(0, 45)), generator) for k in range(300)
    ] + [generator.bytes(32)]
    qualities = generator.integers(40, 101, len(queries)).astype(np.int16)
    codes = np.frombuffer(b"".join(queries), np.uint8).reshape(-1, 32)
    with Matcher(registry) as matcher:
        judged = matcher.match_lists(codes, qualities)
        assert judged.sequence == matcher.sequence
        seen = set()
        for k, code in enumerate(queries):
            verdict = matcher.judge(
                Upload((), (View(ORIGINAL, Hash("pdq", code, int(qualities[k]))),))
            )
            assert ACTIONS[judged.verdicts[k]] == verdict.action
            part = slice(judged.matches.offsets[k], judged.matches.offsets[k + 1])
            told = {
                (int(entry), judged.lists[place].name, int(distance), ACTIONS[action])
                for entry, place, distance, action in zip(
                    judged.matches.ids[part],
                    judged.list_of[part],
                    judged.matches.distances[part],
                    judged.actions[part],
                    strict=True,
                )
            }
            assert told == {(m.entry, m.list_name, m.distance, m.action) for m in verdict.matches}
            seen |= {(m.list_name, m.action) for m in verdict.matches} | {verdict.action}
        assert len(seen) == 3 + 4  # three verdicts, and all that these lists can say of a match


def test_no_codes_and_no_entries(registry):
    with Matcher(registry) as matcher:
        judged = matcher.match_lists(np.zeros((0, 32), np.uint8))
        assert (len(judged.matches), len(judged.verdicts)) == (0, 0)
        judged = matcher.match_lists(np.zeros((2, 16), np.uint8), hasher="md5")
        assert judged.verdicts.tolist() == [0, 0]
