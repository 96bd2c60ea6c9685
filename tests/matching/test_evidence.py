"""The weight of evidence: laws that hold of any trees, and what those that are shipped are like."""

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given
from placed import CORNERS, PLAIN, WHOLE

from hashmatch.matching.evidence import BLOCK, FEATURES, FILE, LEAF, NODE, REVIEW, seen, weigh
from hashmatch.types import Placed

SHARES = st.floats(0, 1)
BITS = st.none() | st.integers(0, 160)
COUNTS = st.floats(0, 64)
TILE_BITS = st.tuples(*[st.floats(0, 160)] * 3)
ALIKE = st.tuples(*[st.integers(0, 200)] * 2)
BY_BITS = st.tuples(*[COUNTS] * 7)


@st.composite
def sides(draw):
    left, right = sorted(draw(st.tuples(SHARES, SHARES)))
    top, bottom = sorted(draw(st.tuples(SHARES, SHARES)))
    return left, top, right, bottom


PLACES = st.builds(
    Placed,
    turn=st.just(0.0), scale=st.just(1.0), mirrored=st.booleans(), outline=st.just(CORNERS),
    votes=st.integers(0, 64), coverage=SHARES, worst=BITS, visible=SHARES, whole_distance=BITS,
    tile_distance=BITS, tile_bits=st.none() | TILE_BITS, tiles=st.integers(0, 50), foreign=SHARES,
    agreement=SHARES, alike=ALIKE, bare_same=COUNTS, bareness=SHARES, paper=SHARES,
    bare_other=COUNTS, same_in=st.none() | sides(), holes=COUNTS, hole=COUNTS, lost=COUNTS,
    lost_bits=BITS, by_bits=BY_BITS, parted=COUNTS,
    other=st.none() | st.floats(0, 2), fills=SHARES, single=st.booleans(), evidence=st.just(0.0),
)  # fmt: skip


def by_recursion(features):
    """The weight as the file's own description says, node by node."""
    nodes = np.load(FILE, allow_pickle=False)

    def said(row):
        node = nodes[row]
        if node["feature"] == LEAF:
            return float(node["value"])
        left = features[node["feature"]] <= node["value"]
        return said(row + 1 if left else int(node["right"]))

    return sum(said(root) for root in np.flatnonzero(nodes["root"]).tolist())


@given(PLACES)
def test_all_trees_are_asked(placed):
    assert weigh(placed) == pytest.approx(by_recursion(seen(placed)), abs=0.006)


@given(st.from_type(Placed))
@example(replace(WHOLE, bare_same=-0.5))
def test_whatever_a_place_is_said_to_be_has_a_weight(placed):
    assert np.isfinite(weigh(placed))


BETTER = {
    "votes": 1, "agreement": 0.1, "whole_distance": -9, "tile_distance": -9, "foreign": -0.1,
    "worst": -9, "bare_same": 1.0, "bare_other": -1.0, "holes": -1.0, "hole": -1.0,
    "lost_bits": -9, "parted": -1.0, "other": -0.1,
}  # fmt: skip
"""What can only speak for a picture, by some of it."""


@given(PLACES, st.sampled_from(sorted(BETTER)))
def test_what_speaks_for_a_picture_never_speaks_against_it(placed, name):
    value = getattr(placed, name)
    if value is not None:
        better = replace(placed, **{name: max(0, value + BETTER[name])})
        assert weigh(better) >= weigh(placed) - 0.011  # both are rounded


BETTER_IN = {
    ("tile_bits", 0): -9.0, ("tile_bits", 1): -9.0, ("tile_bits", 2): -9.0, ("alike", 0): 3,
    ("alike", 1): 3, ("by_bits", 0): 1.0, ("by_bits", 1): 1.0, ("by_bits", 6): -1.0,
}  # fmt: skip
"""And what does in a list, by its number there."""


@given(PLACES, st.sampled_from(sorted(BETTER_IN)))
def test_what_speaks_for_a_picture_in_a_list_never_speaks_against_it(placed, which):
    name, number = which
    values = getattr(placed, name)
    if values is not None:
        values = list(values)
        values[number] = max(0, values[number] + BETTER_IN[which])
        assert weigh(replace(placed, **{name: tuple(values)})) >= weigh(placed) - 0.011


@given(PLACES)
def test_being_a_single_picture_never_speaks_against_it(placed):
    assert weigh(replace(placed, single=True)) >= weigh(replace(placed, single=False)) - 0.011


INNER = st.floats(0.1, 0.5)
"""Within a picture: how far from a side of it, without reaching that."""


@given(PLACES, st.tuples(*[INNER] * 4), st.tuples(*[SHARES] * 4))
def test_the_same_in_more_of_a_picture_never_speaks_against_it(placed, within, grown):
    smaller = (within[0], within[1], 1 - within[2], 1 - within[3])
    by = [0.07 + (side - 0.07) * share for side, share in zip(within, grown, strict=True)]
    larger = (by[0], by[1], 1 - by[2], 1 - by[3])
    few, more = (replace(placed, same_in=sides) for sides in (smaller, larger))
    assert weigh(more) >= weigh(few) - 0.011


@given(PLACES)
def test_what_cannot_be_compared_counts_as_a_strangers(placed):
    for name in ("whole_distance", "tile_distance", "worst"):
        nothing, strangers = (replace(placed, **{name: bits}) for bits in (None, 128))
        assert weigh(nothing) == weigh(strangers)
    nothing, strangers = (replace(placed, tile_bits=each) for each in (None, (128.0,) * 3))
    assert weigh(nothing) == weigh(strangers)


def test_which_way_each_feature_speaks_is_laid_down():
    said = {feature.name: feature.speaks for feature in FEATURES}
    for name, by in BETTER.items():
        assert said[name] == np.sign(by)
    assert len({feature.name for feature in FEATURES}) == len(FEATURES) == len(seen(WHOLE))


def test_the_file_is_of_whole_trees():
    nodes = np.load(FILE, allow_pickle=False)
    assert nodes.dtype == NODE
    roots = np.flatnonzero(nodes["root"]).tolist()
    inner = np.flatnonzero(nodes["feature"] != LEAF)
    assert nodes["feature"].min() == LEAF
    assert nodes["feature"].max() < len(FEATURES)
    assert (nodes["right"][inner] > inner + 1).all()
    ends = [*roots[1:], len(nodes)]
    asked = set()
    for root, end in zip(roots, ends, strict=True):
        rows, reached = [root], set()
        while rows:
            row = rows.pop()
            reached.add(row)
            if nodes["feature"][row] != LEAF:
                rows += [row + 1, int(nodes["right"][row])]
                asked.add(FEATURES[nodes["feature"][row]].name)
        assert reached == set(range(root, end))
    assert asked == {feature.name for feature in FEATURES}
    assert np.isfinite(nodes["value"]).all()


def test_a_plain_copy_is_there_and_a_stranger_is_not():
    assert weigh(PLAIN) >= BLOCK
    stranger = replace(
        PLAIN, votes=3, agreement=0.05, coverage=0.04, whole_distance=124, tile_distance=126,
        foreign=0.95, worst=134, bare_same=0.3, bare_other=30.0, same_in=None, holes=0.0,
        hole=6.0, lost=40.0, lost_bits=126, tile_bits=(121.0, 126.0, 134.0), alike=(0, 1),
        by_bits=(0.0, 0.0, 0.3, 0.5, 1.0, 5.0, 30.0), parted=0.2, other=1.9,
    )  # fmt: skip
    assert weigh(stranger) < REVIEW - 2
