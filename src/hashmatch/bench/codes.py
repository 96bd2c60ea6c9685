"""Codes to measure with: uniform, natural ones from photographs, or more of those in a file.

An index is only as fast as its fullest buckets, and real codes fill buckets unevenly. So natural
codes are made from photographs here, as many as are asked for: from `CROPS` crops of photographs,
hashed by the C core, each code is that of a multiple exposure of three of them, each turned or
mirrored. PDQ is the sign of a linear function of the pixels, so the code of an exposure follows
from the coefficients of its parts, without pixels. From thirteen photographs this gives buckets
like those of real collections; ``benchmarks/README.md`` holds the comparison.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.errors import PictureError
from hashmatch.types import Codes

Random = np.random.Generator
Photograph = npt.NDArray[np.uint8]
"""Pixels, shape ``(h, w)`` or ``(h, w, 3)``."""
Coefficients = npt.NDArray[np.float32]
"""Shape ``(n, 16, 16)``: the DCT coefficients that PDQ takes the signs of, row by row."""

CROPS: Final = 20_000
EXPOSURES: Final = 3
LEAST_QUALITY: Final = 50
"""As for entries of a hash list: flat crops have no code worth having."""
DUPLICATE_FLIPS: Final = 24
"""Bits that a code lies away, at most, from that of which it is made a near-duplicate."""
_AT_A_TIME: Final = 1 << 16


def uniform(count: int, random: Random, bits: int = 256) -> Codes:
    """Codes of which every bit is random, shape ``(count, bits // 8)``."""
    return random.integers(0, 256, (count, bits // 8), np.uint8)


def natural(count: int, random: Random, photographs: list[Photograph]) -> Codes:
    """PDQ codes of multiple exposures of crops of photographs, shape ``(count, 32)``.

    Args:
        count: how many.
        random: the source of all chance.
        photographs: shape (h, w) or (h, w, 3), uint8.

    Raises:
        PictureError: the photographs are too small or too flat to be cropped.
    """
    codes = np.empty((count, 32), np.uint8)
    if not count:
        return codes
    crops = crop_coefficients(photographs, min(CROPS, EXPOSURES * count), random)
    for start in range(0, count, _AT_A_TIME):
        part = codes[start : start + _AT_A_TIME]
        shares = random.dirichlet(np.ones(EXPOSURES), len(part)).astype(np.float32)
        exposed = np.zeros((len(part), 16, 16), np.float32)
        for share in shares.T:
            chosen = crops[random.integers(0, len(crops), len(part))]
            exposed += share[:, None, None] * turned(chosen, random)
        part[:] = codes_of(exposed)
    return codes


def codes_of(coefficients: Coefficients) -> Codes:
    """The PDQ codes: a bit is whether its coefficient is above the (lower) median of all."""
    flat = coefficients.reshape(len(coefficients), 256)
    median = np.partition(flat, 127, axis=1)[:, 127:128]
    return np.packbits(flat > median, axis=1, bitorder="little")[:, ::-1]


def turned(coefficients: Coefficients, random: Random) -> Coefficients:
    """Each picture turned or mirrored by chance, which is an affair of signs and of transposing."""
    out = coefficients.copy()
    signs = np.where(np.arange(16) % 2, 1, -1).astype(np.float32)
    upside_down, mirrored, transposed = random.random((3, len(out))) < 0.5
    out[upside_down] *= signs[:, None]
    out[mirrored] *= signs
    out[transposed] = out[transposed].transpose(0, 2, 1)
    return out


@dataclass(frozen=True, slots=True)
class _Crop:
    """A part of a photograph, by its place in it."""

    photograph: int
    rows: slice
    columns: slice


def crop_coefficients(photographs: list[Photograph], count: int, random: Random) -> Coefficients:
    """The coefficients of crops that are worth hashing, each a third to all of a photograph.

    Raises:
        PictureError: too few crops have quality enough.
    """
    from hashmatch import native

    def hashed(crop: _Crop) -> Coefficients | None:
        pixels = photographs[crop.photograph][crop.rows, crop.columns]
        found = native.pdq(pixels)
        return found.dct.reshape(16, 16) if found.quality >= LEAST_QUALITY else None

    kept: list[Coefficients] = []
    tried = 0
    with ThreadPoolExecutor() as pool:
        while len(kept) < count and tried < 4 * count + 100:
            crops = [_chosen(photographs, random) for _ in repeat(None, count - len(kept))]
            tried += len(crops)
            kept += [found for found in pool.map(hashed, crops, chunksize=64) if found is not None]
    if len(kept) < count:
        raise PictureError(
            f"Of {tried} crops of {len(photographs)} photographs only {len(kept)} have a quality "
            f"of {LEAST_QUALITY}. Give other photographs, with more in them."
        )
    return np.stack(kept)


def _chosen(photographs: list[Photograph], random: Random) -> _Crop:
    number = int(random.integers(len(photographs)))
    height, width = photographs[number].shape[:2]
    side = min(height, width) * random.uniform(1 / 3, 1)
    aspect = np.exp(random.uniform(-0.35, 0.35))
    tall, wide = min(height, int(side * aspect)), min(width, int(side / aspect))
    top, left = (int(random.integers(room)) for room in (height - tall + 1, width - wide + 1))
    return _Crop(number, slice(top, top + tall), slice(left, left + wide))


def grown(codes: Codes, count: int, random: Random) -> Codes:
    """As many codes as are asked for: of those given, and of near-duplicates of theirs.

    Each given code comes once before any near-duplicate does; those lie up to `DUPLICATE_FLIPS`
    bits away, as copies do that were scaled, cropped a little and encoded anew.
    """
    if count <= len(codes):
        return codes[random.permutation(len(codes))[:count]]
    copies = codes[random.integers(0, len(codes), count - len(codes))]
    flips = random.integers(1, DUPLICATE_FLIPS + 1, len(copies))
    for turn in range(DUPLICATE_FLIPS):  # a bit may be hit twice; here that does not matter
        bits = random.integers(0, 8 * codes.shape[1], len(copies))
        mask = np.where(turn < flips, 1 << bits % 8, 0).astype(np.uint8)
        copies[np.arange(len(copies)), bits // 8] ^= mask
    everything = np.concatenate([codes, copies])
    return everything[random.permutation(count)]


def flipped(codes: Codes, flips: npt.NDArray[np.int64], random: Random) -> Codes:
    """Copies of codes, each with exactly so many of its bits flipped."""
    out = codes.copy()
    bits = 8 * codes.shape[1]
    for start in range(0, len(out), _AT_A_TIME):
        part = out[start : start + _AT_A_TIME]
        ranks = random.random((len(part), bits), np.float32).argsort(axis=1).argsort(axis=1)
        part ^= np.packbits(ranks < flips[start : start + len(part), None], axis=1)
    return out
