"""Parts of pictures that nobody has."""

import numpy as np

from hashmatch.packed import HASHER, Packed, pack
from hashmatch.registry import Fingerprint
from hashmatch.types import Hash


def halves(rng, count):
    """Codes with half of their bits set, shape (count, 32)."""
    bits = np.arange(256) % 2
    return np.packbits(np.array([rng.permutation(bits) for _ in range(count)], np.uint8), axis=1)


JOINTS = (0, 1, 128, 255)
"""Where pictures meet in one, as is told."""


def packed_of_nothing(seed, parts=3, tiles=50):
    """Packed parts and tiles."""
    rng = np.random.default_rng(seed)
    places = rng.integers(1, 1 << 14, (parts, 4)).astype(np.uint16)
    qualities = rng.integers(0, 101, tiles).astype(np.uint8)
    codes = halves(rng, parts) if parts else np.empty((0, 32), np.uint8)
    return pack(Packed(512, 384, codes, places,
                       rng.integers(0, 256, (tiles, 32), np.uint8), qualities,
                       JOINTS[seed % len(JOINTS)]))  # fmt: skip


def with_parts(whole, data):
    """A picture: its hash, and its packed parts."""
    return [Fingerprint(whole), Fingerprint(Hash(HASHER, data), "parts")]
