"""What is counted of a listed picture's parts in their very places."""

from types import SimpleNamespace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given

from hashmatch.hashers.parts import Parts
from hashmatch.matching.there import in_their_places
from hashmatch.native_parts import PLACE, UNIT

SIDE = 200
PART = st.tuples(
    st.integers(0, 20), st.integers(0, 20), st.integers(0, 256), st.booleans(), st.floats(0, 1)
)
"""Where it lies, in tenths of the picture's half, in how many bits it differs, whether it is seen,
and how bare."""


def compared(parts):
    places = np.zeros(len(parts), PLACE)
    places["x"] = [10 * UNIT * x for x, *_ in parts]
    places["y"] = [10 * UNIT * y for _, y, *_ in parts]
    places["size"] = UNIT
    codes = np.zeros((len(parts), 32), np.uint8)
    frame = SimpleNamespace(
        regions_seen=np.array([seen for *_, seen, _ in parts], np.bool_),
        regions_bare=np.array([bare for *_, bare in parts], np.float64),
        paper=0.0,
    )
    bits = np.array([bits for _, _, bits, *_ in parts], np.int64)
    return in_their_places(Parts(codes, codes, places, SIDE, SIDE), frame, bits)


def by_every_cut(parts):
    """`parted`, cut by cut."""
    best = 0.0
    for axis in (0, 1):
        for cut in range(21):
            sums = [0.0, 0.0]
            for part in parts:
                bits, seen, bare = part[2:]
                weight = seen * bare**2
                says = weight if bits <= 75 else -weight if bits >= 118 else 0.0
                sums[part[axis] > cut] += says
            best = max(best, min(sums[0], -sums[1]), min(-sums[0], sums[1]))
    return best


ONE_HALF = [(x, y, 20 if x < 10 else 126, True, 1.0) for x in (2, 6, 14, 18) for y in (4, 10, 16)]


@given(st.lists(PART, max_size=12))
@example([])
@example(ONE_HALF)
@example([(5, 5, 20, True, 1.0), (5, 5, 130, True, 1.0)])
def test_parts_are_counted_by_their_bits_and_parted_by_the_best_cut(parts):
    there = compared(parts)
    steps = (45, 60, 75, 90, 104, 117, 256)
    counts = [0.0] * len(steps)
    for *_, bits, seen, bare in parts:
        counts[next(n for n, most in enumerate(steps) if bits <= most)] += seen * bare**2
    assert there.by_bits == pytest.approx(counts)
    assert sum(there.by_bits[:3]) == pytest.approx(there.same)
    assert there.by_bits[-1] == pytest.approx(there.other)
    assert there.parted == pytest.approx(by_every_cut(parts))


def test_one_half_of_a_collage_is_parted_from_another_and_what_lies_over_a_picture_is_not():
    assert compared(ONE_HALF).parted == 6.0
    covered = [(x, y, 126 if x == y == 10 else 20, True, 1.0) for x, y in
               ((10, 10), (2, 2), (18, 2), (2, 18), (18, 18))]  # fmt: skip
    assert compared(covered).parted == 0.0
    dotted = [(x, y, 20 if (x + y) % 4 else 126, True, 1.0)
              for x in range(0, 20, 2) for y in range(0, 20, 2)]  # fmt: skip
    assert compared(dotted).parted <= 5.0
