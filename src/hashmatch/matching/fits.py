"""From pairs of points to the transform that takes the ones to the others, by least squares."""

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "applied", "fit", "similarity"]

AFFINE: Final = 8
"""Pairs from which on a fit may also stretch and shear: a picture may be squashed, or photographed
from the side."""
PROJECTIVE: Final = 14
STRICTER: Final = 0.6
"""A freer fit must leave errors so much smaller: it always leaves them a little smaller."""

Floats = npt.NDArray[np.float64]


def applied(matrix: Floats, points: Floats) -> Floats:
    """Where a placement puts points, shape (n, 2)."""
    x, y, depth = matrix @ np.concatenate([points, np.ones((len(points), 1))], axis=1).T
    depth = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
    return np.stack([x / depth, y / depth], axis=1)


def similarity(source: Floats, target: Floats) -> Floats:
    """The least-squares similarity: turn, scale and shift."""
    a = source[:, 0] + 1j * source[:, 1]
    b = target[:, 0] + 1j * target[:, 1]
    from_middle, to_middle = a.mean(), b.mean()
    a, b = a - from_middle, b - to_middle
    power = float((np.abs(a) ** 2).sum())
    factor = complex((np.conj(a) * b).sum() / power) if power > 1e-9 else 1 + 0j
    shift = to_middle - factor * from_middle
    return np.array(
        [
            [factor.real, -factor.imag, shift.real],
            [factor.imag, factor.real, shift.imag],
            [0.0, 0.0, 1.0],
        ]
    )


def fit(source: Floats, target: Floats) -> Floats:
    """The placement that so many pairs can carry: a similarity, an affine or a projective one."""
    similar = similarity(source, target)
    if len(source) < AFFINE:
        return similar
    best, error = similar, _error(similar, source, target)
    models = [_affine(source, target)]
    if len(source) >= PROJECTIVE:
        models.append(_projective(source, target))
    for model in models:
        found = _error(model, source, target)
        if found < STRICTER * error:
            best, error = model, found
    return best


def _error(matrix: Floats, source: Floats, target: Floats) -> float:
    return float(np.median(np.hypot(*(applied(matrix, source) - target).T)))


def _affine(source: Floats, target: Floats) -> Floats:
    design = np.concatenate([source, np.ones((len(source), 1))], axis=1)
    solved, *_ = np.linalg.lstsq(design, target, rcond=None)
    return np.concatenate([solved.T, [[0.0, 0.0, 1.0]]])


def _projective(source: Floats, target: Floats) -> Floats:
    """Direct linear transform with the last factor fixed, on coordinates around their middles."""
    s, t = _normaliser(source), _normaliser(target)
    p, q = applied(s, source), applied(t, target)
    zero, one = np.zeros(len(p)), np.ones(len(p))
    x, y, u, v = p[:, 0], p[:, 1], q[:, 0], q[:, 1]
    design = np.concatenate(
        [
            np.stack([x, y, one, zero, zero, zero, -u * x, -u * y], axis=1),
            np.stack([zero, zero, zero, x, y, one, -v * x, -v * y], axis=1),
        ]
    )
    solved, *_ = np.linalg.lstsq(design, np.concatenate([u, v]), rcond=None)
    matrix: Floats = np.linalg.inv(t) @ np.append(solved, 1.0).reshape(3, 3) @ s
    matrix /= matrix[2, 2]
    return matrix


def _normaliser(points: Floats) -> Floats:
    middle = points.mean(axis=0)
    size = max(float(np.sqrt(((points - middle) ** 2).sum(axis=1).mean())), 1e-6)
    return np.array([[1 / size, 0, -middle[0] / size], [0, 1 / size, -middle[1] / size], [0, 0, 1]])
