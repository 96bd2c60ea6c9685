import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashmatch.bench.reposts.intervals import share, upper_bound


def test_wilson_against_published_values():
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
    for count, of, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        found = share(count, of)
        assert found.value == count / of
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_none_in_so_many_is_the_rule_of_three():
    assert upper_bound(0, 1000) == pytest.approx(1 - 0.05 ** (1 / 1000), rel=1e-9)
    assert upper_bound(0, 100_000) == pytest.approx(3 / 100_000, rel=0.01)


@settings(max_examples=40)
@given(st.integers(1, 300), st.data())
def test_at_the_bound_so_few_have_one_chance_in_twenty(of, data):
    count = data.draw(st.integers(0, of - 1))
    bound = upper_bound(count, of)
    chance = math.fsum(
        math.comb(of, k) * bound**k * (1 - bound) ** (of - k) for k in range(count + 1)
    )
    assert chance == pytest.approx(0.05, rel=1e-6)


@given(st.integers(0, 200), st.integers(1, 200))
def test_intervals_hold_the_share(count, of):
    count = min(count, of)
    found = share(count, of)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert upper_bound(count, of) >= found.value


def test_without_trials_nothing_is_known():
    assert share(0, 0) == (0.0, 0.0, 1.0)
    assert upper_bound(5, 5) == 1.0
