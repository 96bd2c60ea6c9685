import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch.kernels import calls, reference


def pairs(codes, queries, radius, room=None):
    width = codes.shape[1] // 8
    numbers = np.zeros(room or len(codes) * len(queries) + 1, np.uint32)
    keys = np.zeros(len(numbers), np.uint64)
    found = calls.scan(
        codes, len(codes), queries, len(queries), width, radius, numbers, keys, len(numbers)
    )
    return found, numbers[:found], keys[:found]


@given(
    words=st.sampled_from([1, 2, 3, 4, 5]),
    rows=st.integers(0, 1100),
    queries=st.integers(0, 3),
    flips=st.integers(0, 12),
    radius=st.integers(0, 320),
    seed=st.integers(0, 2**32 - 1),
)
def test_scan_equals_the_plain_form(words, rows, queries, flips, radius, seed):
    random = np.random.default_rng(seed)
    base = random.integers(0, 256, (1, 8 * words), np.uint8)
    noise = random.integers(0, 256, (rows, 8 * words), np.uint8)
    for _ in range(flips):  # fewer bits set with every round: codes at all distances from the base
        noise &= random.integers(0, 256, noise.shape, np.uint8)
    codes = base ^ noise
    asked = base ^ random.integers(0, 2, (queries, 8 * words), np.uint8)
    found, numbers, keys = pairs(codes, asked, radius)
    got = sorted(zip(numbers.tolist(), keys.tolist(), strict=True))
    assert got == sorted(
        zip(*map(np.ndarray.tolist, reference.scan(codes, asked, radius)), strict=True)
    )
    assert found == len(got)


@pytest.mark.parametrize("words", [1, 3, 4])
def test_scan_counts_what_it_has_no_room_for(words):
    codes = np.zeros((100, 8 * words), np.uint8)
    found, numbers, keys = pairs(codes, codes[:2], 0, room=7)
    assert found == 200
    assert len(numbers) == len(keys) == 7
    assert numbers.max() <= 1


def test_scan_takes_unaligned_and_read_only_codes(random):
    memory = random.integers(0, 256, 33 + 32 * 50, np.uint8).tobytes()
    codes = np.frombuffer(memory, np.uint8, offset=33).reshape(50, 32)
    found, _, keys = pairs(codes, codes[7:8].copy(), 0)
    assert found == 1
    assert keys.tolist() == [7]
