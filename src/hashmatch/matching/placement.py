"""From pairs of parts to the placement of one picture in another: votes, then a robust fit."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.hashers.parts import REGION, Parts
from hashmatch.kernels import calls
from hashmatch.matching.fits import Floats, applied, fit, similarity
from hashmatch.native import Rectangle
from hashmatch.native_parts import UNIT, Places
from hashmatch.types import Codes

__all__ = [
    "Placement",
    "around",
    "coverage",
    "geometry",
    "guided",
    "inside",
    "place",
    "reaches",
    "shown_in",
]

RIVALS: Final = 4
"""A part with more like it in the other picture says nothing: texture repeats itself."""
PAIRS: Final = 1024
"""Pairs that are looked at, nearest first: a bound for pictures made to collide."""
PROPOSALS: Final = 96
TOLERANCE: Final = (0.06, 0.03, 0.02)
"""How far a pair may lie from the fit, round by round: in shares of the placed frame's diagonal."""
ROOM: Final = 0.5
"""And, of its own, in diameters of its key point."""
CLOSING_IN: Final = ((0.06, 88), (0.04, 88), (0.03, 84), (0.02, 80), (0.02, 76))
"""As `TOLERANCE`, and in how many bits a part may differ from the listed one that a fit puts there,
round by round: strangers' differ in 128 ± 8, so that of 64 parts hardly any is taken for
another's."""
ALIKE: Final = (76, 100)
"""Bits up to which parts that lie in one place are counted as alike."""
LEAST: Final = 4
"""Pairs that such a fit is made of."""
SCALES: Final = (0.04, 25.0)
CELLS: Final = 24
"""Coverage is counted on a grid of so many cells a side."""

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where one picture lies in another.

    Attributes:
        matrix: shape (3, 3), float64: from a point of the listed luma to one of the upload's.
        votes: pairs of parts that agree, distinct in place in both pictures.
        queries: rows of the upload's parts that agree, shape (n,).
        listed: rows of the listed parts that these are paired with, shape (n,).
        alike: how many pairs of parts lie where the matrix puts them, and differ by up to each of
            `ALIKE` bits; none are counted before it is `guided`.
    """

    matrix: Floats
    votes: int
    queries: Rows
    listed: Rows
    alike: tuple[int, int] = (0, 0)


def place(query: Parts, listed: Parts, radius: int) -> Placement | None:
    """Find the placement on which most pairs of parts agree.

    Args:
        query: the upload's.
        listed: the listed picture's.
        radius: bits in which the codes of a pair may differ.

    Returns:
        The placement; None where no two parts agree on one.
    """
    rows, columns = _pairs(query.codes, listed.codes, radius)
    if len(rows) < 2:
        return None
    here, there = geometry(query.places), geometry(listed.places)
    best = np.zeros(len(rows), dtype=np.bool_)
    agree = calls.consensus(
        here, len(here), there, len(there), rows, columns, len(rows), PROPOSALS, best
    )
    if agree < 2:
        return None
    matrix = similarity(there[columns[best], :2], here[rows[best], :2])
    diagonal = float(np.hypot(listed.width, listed.height))
    for share in TOLERANCE:
        best = _agreeing(matrix, here, there, rows, columns, share * diagonal)
        if best.sum() < 2:
            return None
        matrix = fit(there[columns[best], :2], here[rows[best], :2])
    if not _is_possible(matrix):
        return None
    rows, columns = rows[best], columns[best]
    return Placement(matrix, _distinct(here[rows], there[columns]), rows, columns)


def around(query: Parts, listed: Parts, radius: int, matrix: Floats) -> Placement:
    """The placement near a given one on which pairs of parts agree; that itself, where none do.

    Args:
        query: the upload's.
        listed: the listed picture's.
        radius: bits in which the codes of a pair may differ.
        matrix: shape (3, 3), the given one.
    """
    rows, columns = _pairs(query.codes, listed.codes, radius)
    here, there = geometry(query.places), geometry(listed.places)
    width, height = listed.width, listed.height
    diagonal = float(np.hypot(width, height))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    given = applied(matrix, corners)
    best = matrix
    agreeing = np.zeros(len(rows), np.bool_)
    for share in TOLERANCE:
        if len(rows):
            agreeing = _agreeing(best, here, there, rows, columns, share * diagonal)
        if not agreeing.any():
            break
        source = applied(matrix, there[columns[agreeing], :2])
        nearer = similarity(
            np.concatenate([given, source]), np.concatenate([given, here[rows[agreeing], :2]])
        )
        best = nearer @ matrix
    rows, columns = rows[agreeing], columns[agreeing]
    votes = _distinct(here[rows], there[columns]) if len(rows) else 0
    return Placement(best, votes, rows, columns)


def guided(query: Parts, listed: Parts, placement: Placement) -> Placement:
    """A placement that fits more parts: those, too, that are not near, but lie where it puts them.

    A few near parts carry no more than a similarity, and of a photographed screen, or under
    lettering, few parts are near. Where a part lies says which listed one it would be, so that it
    may differ more from that; and those that do make the fit a finer one.

    Source: guided matching, in R. Hartley and A. Zisserman, *Multiple View Geometry in Computer
    Vision*, 2004, where a homography is estimated.

    Args:
        query: the upload's.
        listed: the listed picture's.
        placement: of the one in the other.

    Returns:
        The same votes, with the finer matrix where at least as many parts fit it; and how many
        parts are alike there.
    """
    apart = _apart(query.codes, listed.codes)
    here, there = geometry(query.places), geometry(listed.places)
    diagonal = float(np.hypot(listed.width, listed.height))
    matrix = placement.matrix
    rows, columns = _nearest_first(apart, apart <= max(ALIKE))
    ends = np.searchsorted(apart[rows, columns], [bits for _, bits in CLOSING_IN], "right")
    for (share, _), end in zip(CLOSING_IN, ends.tolist(), strict=True):
        if end < LEAST:
            break
        fits = _agreeing(matrix, here, there, rows[:end], columns[:end], share * diagonal)
        if fits.sum() < max(LEAST, placement.votes):
            break
        chosen = np.flatnonzero(fits)
        finer = fit(there[columns[chosen], :2], here[rows[chosen], :2])
        if not _is_possible(finer):
            break
        matrix = finer
    fits = _agreeing(matrix, here, there, rows, columns, CLOSING_IN[-1][0] * diagonal)
    bits = apart[rows[fits], columns[fits]]
    near, nearly = (int((bits <= most).sum()) for most in ALIKE)
    return replace(placement, matrix=matrix, alike=(near, nearly))


def _is_possible(matrix: Floats) -> bool:
    """Whether a fit keeps a picture at a size in which it could be seen; no degenerate one does."""
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    return SCALES[0] <= scale <= SCALES[1]


def coverage(listed: Parts, rows: Rows) -> float:
    """The share of a listed frame that lies within the regions of some of its parts."""
    x = (np.arange(CELLS) + 0.5) * listed.width / CELLS
    y = (np.arange(CELLS) + 0.5) * listed.height / CELLS
    places = geometry(listed.places[rows])
    half = REGION / 2 * places[:, 2, None, None]
    dx = x[None, None, :] - places[:, 0, None, None]
    dy = y[None, :, None] - places[:, 1, None, None]
    cosine, sine = np.cos(places[:, 3])[:, None, None], np.sin(places[:, 3])[:, None, None]
    along, down = np.abs(dx * cosine + dy * sine), np.abs(dy * cosine - dx * sine)
    return float(((along <= half) & (down <= half)).any(axis=0).mean())


def shown_in(listed: Parts, matrix: Floats, box: Rectangle) -> int:
    """How many listed parts a placement puts into a rectangle of an upload."""
    return int(inside(applied(matrix, geometry(listed.places)[:, :2]), box).sum())


def inside(points: Floats, box: Rectangle) -> npt.NDArray[np.bool_]:
    """Which points, shape (n, 2), lie within a rectangle."""
    least, most = np.array([box.left, box.top]), np.array([box.right, box.bottom])
    x, y = ((points >= least) & (points <= most)).T
    both: npt.NDArray[np.bool_] = x & y
    return both


def _pairs(query: Codes, listed: Codes, radius: int) -> tuple[Rows, Rows]:
    """Pairs of near codes, nearest first, of parts that are not like too many others."""
    apart = _apart(query, listed)
    near = apart <= radius
    near &= (near.sum(axis=1) <= RIVALS)[:, None]
    near &= (near.sum(axis=0) <= RIVALS)[None, :]
    rows, columns = _nearest_first(apart, near)
    return rows[:PAIRS], columns[:PAIRS]


def _apart(query: Codes, listed: Codes) -> npt.NDArray[np.uint16]:
    """Bits in which each code of one differs from each of the other: shape (n, m)."""
    apart = np.zeros((len(query), len(listed)), dtype=np.uint16)
    if not apart.size:
        return apart
    one = np.ascontiguousarray(query).view(np.uint64)
    other = np.ascontiguousarray(listed).view(np.uint64)
    for word in range(one.shape[1]):
        apart += np.bitwise_count(one[:, word, None] ^ other[None, :, word])
    return apart


def _nearest_first(
    apart: npt.NDArray[np.uint16], chosen: npt.NDArray[np.bool_]
) -> tuple[Rows, Rows]:
    """Rows and columns of some pairs, those of the nearest codes first."""
    rows, columns = np.nonzero(chosen)
    order = np.argsort(apart[rows, columns], kind="stable")
    return rows[order], columns[order]


def geometry(places: Places) -> Floats:
    """Places as x, y and size in samples, and turn in radians: shape (n, 4)."""
    geometry = np.stack([places[name].astype(np.float64) for name in ("x", "y", "size", "turn")], 1)
    geometry[:, :3] /= UNIT
    geometry[:, 3] *= 2 * np.pi / 2**16
    return geometry


def reaches(places: Floats) -> Floats:
    """How far from its middle each region of some parts reaches, across as down, in samples.

    Args:
        places: shape (n, 4), as of `geometry`.
    """
    turned = np.abs(np.cos(places[:, 3])) + np.abs(np.sin(places[:, 3]))
    reach: Floats = turned * REGION / 2 * places[:, 2]
    return reach


def _agreeing(
    matrix: Floats, here: Floats, there: Floats, rows: Rows, columns: Rows, most: float
) -> npt.NDArray[np.bool_]:
    """The pairs that lie where a fit puts them, each part once, nearest codes first."""
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    error = np.hypot(*(applied(matrix, there[columns, :2]) - here[rows, :2]).T)
    turn = np.arctan2(matrix[1, 0], matrix[0, 0])
    turned = here[rows, 3] - there[columns, 3] - turn
    fits = error <= np.minimum(most * scale, ROOM * here[rows, 2] + 0.01 * most * scale + 2)
    fits &= np.abs(np.arctan2(np.sin(turned), np.cos(turned))) < 0.5
    fits &= np.abs(np.log2(here[rows, 2] / there[columns, 2] / max(scale, 1e-9))) < 0.6
    kept = np.flatnonzero(fits)
    _, first = np.unique(rows[kept], return_index=True)
    kept = kept[np.sort(first)]
    _, first = np.unique(columns[kept], return_index=True)
    agreeing = np.zeros(len(rows), dtype=np.bool_)
    agreeing[kept[first]] = True
    return agreeing


def _distinct(here: Floats, there: Floats) -> int:
    """How many pairs lie apart in both pictures: pairs within half a diameter are one."""
    clash = np.zeros((len(here), len(here)), dtype=np.bool_)
    for side in (here, there):
        apart = np.abs(side[:, None, :2] - side[None, :, :2]).max(axis=2)
        clash |= apart < 0.5 * np.minimum(side[:, None, 2], side[None, :, 2])
    kept = np.zeros(len(here), dtype=np.bool_)
    for row in range(len(here)):
        kept[row] = not (clash[row] & kept).any()
    return int(kept.sum())
