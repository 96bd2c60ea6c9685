"""Votes for a placement, against the plain form."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from hashmatch.kernels import calls, consensus, consensus_reference


def scattered(rng, count):
    places = rng.uniform(0, 500, (count, 4))
    places[:, 2] = np.exp(rng.uniform(1.5, 4, count))
    places[:, 3] = rng.uniform(0, 2 * math.pi, count)
    return places


def moved(places, scale, turn, shift, rng, noise):
    out = places.copy()
    point = (places[:, 0] + 1j * places[:, 1]) * scale * np.exp(1j * turn)
    out[:, 0] = point.real + shift[0] + rng.normal(0, noise, len(places))
    out[:, 1] = point.imag + shift[1] + rng.normal(0, noise, len(places))
    out[:, 2] *= scale
    out[:, 3] = (places[:, 3] + turn) % (2 * math.pi)
    return out


def run(queries, listed, rows, columns, proposals=64):
    best = np.zeros(len(rows), np.bool_)
    count = calls.consensus(
        queries, len(queries), listed, len(listed), rows, columns, len(rows), proposals, best
    )
    assert count == best.sum()
    return best


@given(
    seed=st.integers(0, 2**32 - 1),
    true=st.integers(0, 12),
    false=st.integers(0, 25),
    scale=st.floats(0.1, 5),
    turn=st.floats(-7, 7),
    noise=st.floats(0, 4),
)
@settings(max_examples=150)
def test_the_kernel_counts_as_the_plain_form_does(seed, true, false, scale, turn, noise):
    rng = np.random.default_rng(seed)
    listed = scattered(rng, true + 5)
    queries = np.concatenate(
        [moved(listed[:true], scale, turn, (30, -20), rng, noise), scattered(rng, 7)]
    )
    rows = np.concatenate([np.arange(true), rng.integers(0, len(queries), false)])
    columns = np.concatenate([np.arange(true), rng.integers(0, len(listed), false)])
    order = rng.permutation(len(rows))
    rows, columns = rows[order], columns[order]
    expected = consensus_reference.consensus(queries, listed, rows, columns, 64)
    assert_array_equal(run(queries, listed, rows, columns), expected)


def test_the_constants_of_both_forms_are_equal():
    for name in ("SCALE", "TURN", "DRIFT", "REACH"):
        assert getattr(consensus, name) == getattr(consensus_reference, name)


def test_pairs_of_one_placement_are_found_among_strangers():
    rng = np.random.default_rng(4)
    listed = scattered(rng, 40)
    queries = np.concatenate([moved(listed[:9], 0.4, 2.0, (50, 70), rng, 1), scattered(rng, 40)])
    rows = np.concatenate([np.arange(9), rng.integers(9, 49, 60)])
    columns = np.concatenate([np.arange(9), rng.integers(0, 40, 60)])
    assert run(queries, listed, rows, columns)[:9].all()


def test_one_part_that_pairs_with_many_votes_once():
    rng = np.random.default_rng(5)
    listed = np.repeat(scattered(rng, 1), 30, axis=0)
    queries = scattered(rng, 1)
    rows, columns = np.zeros(30, np.int64), np.arange(30)
    assert run(queries, listed, rows, columns).sum() == 1
    assert run(listed, queries, columns, rows).sum() == 1


def test_no_pairs_have_no_votes():
    empty = np.empty(0, np.int64)
    assert run(np.empty((0, 4)), np.empty((0, 4)), empty, empty).sum() == 0
