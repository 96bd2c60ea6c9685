"""How much of what is seen in the place of a listed picture speaks for that picture.

A *weight of evidence* (Good, *Probability and the Weighing of Evidence*, 1950): the natural
logarithm of how many times likelier copies of a picture are to look so than other pictures are, up
to a constant. It is the sum of decision trees that were fitted to recorded places of both by
gradient boosting (Friedman, *Greedy function approximation*, 2001). Each tree asks a few questions
about `FEATURES`; of most of these it is laid down which way they speak, so that no tree takes it
against a picture that one more of its parts is there. `benchmarks/reposts/evidence.py` fits them,
and tells what each threshold finds and flags.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hashmatch.matching.there import Bounds
from hashmatch.types import Placed

__all__ = [
    "BLOCK",
    "BLOCK_NEAR",
    "FEATURES",
    "FILE",
    "LEAF",
    "NODE",
    "REVIEW",
    "Feature",
    "seen",
    "weigh",
]

BLOCK: Final = 4.0
"""The weight from which on a picture is there,"""
BLOCK_NEAR: Final = 2.0
"""and from which on it is where its hash, or those of its tiles, are near as well."""
REVIEW: Final = -1.0
"""And from which on somebody should look."""

FILE: Final = Path(__file__).with_name("evidence.npy")
NODE: Final = np.dtype([("root", "?"), ("feature", "i1"), ("right", "<u2"), ("value", "<f4")])
"""Of the file: a row for each node, each before its left branch and that before its right one.

A node of a feature asks whether that is at most ``value``, and goes on at the next row if so, and
at ``right`` otherwise; a leaf adds its value.
"""
LEAF: Final = -1
"""The feature of what asks for none."""
_NOTHING: Final = 128
"""Bits in which strangers differ: what is said where nothing could be compared."""
_SOME: Final = 0.5
"""A part there, or half of one, more or less, is no more than chance."""
_LITTLE: Final = 0.05
"""The least share of a picture that is visible, as far as what is there is compared with that."""
_EDGE: Final = 0.06
"""The share of a picture's width, or height, within which something reaches its edge."""

_Sides = tuple[float, float, float, float]
_Rows = npt.NDArray[np.int64]


class Feature(NamedTuple):
    """Something that is asked about a place.

    Attributes:
        name: in records of places.
        speaks: 1 if more of it may only speak for the picture, -1 if only against it, 0 where that
            is for the trees to find out.
        of: what it is.
    """

    name: str
    speaks: int
    of: Callable[[Placed], float]


FEATURES: Final = (
    Feature("votes", 1, lambda placed: placed.votes),
    Feature("agreement", 1, lambda placed: placed.agreement),
    Feature("coverage", 0, lambda placed: placed.coverage),
    Feature("visible", 0, lambda placed: placed.visible),
    Feature("whole_distance", -1, lambda placed: _bits(placed.whole_distance)),
    Feature("tile_distance", -1, lambda placed: _bits(placed.tile_distance)),
    Feature("tile_quarter", -1, lambda placed: _of_tiles(placed, 0)),
    Feature("tile_mean", -1, lambda placed: _of_tiles(placed, 1)),
    Feature("tile_most", -1, lambda placed: _of_tiles(placed, 2)),
    Feature("tiles", 0, lambda placed: placed.tiles),
    Feature("foreign", -1, lambda placed: placed.foreign),
    Feature("worst", -1, lambda placed: _bits(placed.worst)),
    Feature("alike", 1, lambda placed: placed.alike[0]),
    Feature("nearly_alike", 1, lambda placed: placed.alike[1]),
    Feature("bare_same", 1, lambda placed: placed.bare_same),
    Feature("bare_other", -1, lambda placed: placed.bare_other),
    Feature("others", -1, lambda placed: placed.bare_other / (max(placed.bare_same, 0) + _SOME)),
    Feature("bareness", 0, lambda placed: placed.bareness),
    Feature("paper", 0, lambda placed: placed.paper),
    Feature("area", 1, lambda placed: _share(placed.same_in)),
    Feature("all_over", 1, lambda placed: _share(placed.same_in) / max(placed.visible, _LITTLE)),
    Feature("reach", 1, lambda placed: _reach(placed.same_in)),
    Feature("edges", 0, lambda placed: _edges(placed.same_in)),
    Feature("holes", -1, lambda placed: placed.holes),
    Feature("hole", -1, lambda placed: placed.hole),
    Feature("lost", 0, lambda placed: placed.lost),
    Feature("lost_bits", -1, lambda placed: placed.lost_bits or 0),
    Feature("to_45", 1, lambda placed: placed.by_bits[0]),
    Feature("to_60", 1, lambda placed: placed.by_bits[1]),
    Feature("to_75", 0, lambda placed: placed.by_bits[2]),
    Feature("to_90", 0, lambda placed: placed.by_bits[3]),
    Feature("to_104", 0, lambda placed: placed.by_bits[4]),
    Feature("to_117", 0, lambda placed: placed.by_bits[5]),
    Feature("beyond", -1, lambda placed: placed.by_bits[6]),
    Feature("parted", -1, lambda placed: placed.parted),
    Feature("other", -1, lambda placed: 2.0 if placed.other is None else placed.other),
    Feature("fills", 0, lambda placed: placed.fills),
    Feature("single", 1, lambda placed: placed.single),
)
"""What the trees may ask, in the order in which they number it."""


def seen(placed: Placed) -> npt.NDArray[np.float32]:
    """All features of a place, in their order."""
    with np.errstate(over="ignore"):  # what is beyond all limits may as well be infinite
        return np.array([feature.of(placed) for feature in FEATURES], np.float32)


def weigh(placed: Placed) -> float:
    """The weight of the evidence that a place is that of the listed picture."""
    trees, features = _trees(), seen(placed)
    at = trees.roots
    for _ in range(trees.depth):
        goes_left = features[trees.feature[at]] <= trees.value[at]
        at = np.where(goes_left, trees.left[at], trees.right[at])
    return round(float(trees.adds[at].sum()), 2)


class _Trees(NamedTuple):
    """The nodes of all trees; from a leaf both branches lead to itself.

    Attributes:
        roots: rows of the first nodes, shape (trees,).
        depth: of the deepest tree.
        feature: which one each node asks for, shape (n,),
        value: and whether that is at most so much.
        left: the row to go on at if so,
        right: and if not.
        adds: what a leaf says, float64.
    """

    roots: _Rows
    depth: int
    feature: npt.NDArray[np.int8]
    value: npt.NDArray[np.float32]
    left: _Rows
    right: _Rows
    adds: npt.NDArray[np.float64]


@cache
def _trees() -> _Trees:
    nodes = np.load(FILE, allow_pickle=False)
    leaf, rows = nodes["feature"] == LEAF, np.arange(len(nodes))
    left, right = np.where(leaf, rows, rows + 1), np.where(leaf, rows, nodes["right"])
    depth = np.zeros(len(nodes), np.int64)
    for row in rows[~leaf]:  # which comes before its branches
        depth[[left[row], right[row]]] = depth[row] + 1
    return _Trees(
        roots=np.flatnonzero(nodes["root"]),
        depth=int(depth.max()),
        feature=np.where(leaf, 0, nodes["feature"]),
        value=np.ascontiguousarray(nodes["value"]),
        left=left,
        right=right,
        adds=np.where(leaf, nodes["value"], 0).astype(np.float64),
    )


def _bits(bits: int | None) -> int:
    return _NOTHING if bits is None else bits


def _of_tiles(placed: Placed, which: int) -> float:
    return _NOTHING if placed.tile_bits is None else placed.tile_bits[which]


def _share(sides: _Sides | None) -> float:
    """The share of a listed picture within the rectangle of what is there."""
    return 0.0 if sides is None else Bounds(*sides).area


def _reach(sides: _Sides | None) -> float:
    """From which side ever, the share of a picture up to which all that is there lies.

    One picture of a collage of two, or of four, lies within half of that.
    """
    if sides is None:
        return 0.0
    left, top, right, bottom = sides
    return min(right, bottom, 1 - left, 1 - top)


def _edges(sides: _Sides | None) -> int:
    """How many edges of the listed picture that reaches: one of a collage reaches two or three."""
    if sides is None:
        return 0
    left, top, right, bottom = sides
    return sum((left <= _EDGE, top <= _EDGE, right >= 1 - _EDGE, bottom >= 1 - _EDGE))
