"""What is listed of a picture beside its hash: its parts and tiles, packed, and unpacked again."""

from typing import NamedTuple

import numpy as np

from hashmatch import native_parts, packed
from hashmatch.hashers.decoding import decode
from hashmatch.hashers.limits import DEFAULT_LIMITS, Limits
from hashmatch.hashers.parts import LISTED, Parts, luma_of, parts_of
from hashmatch.hashers.pdq import Pdq
from hashmatch.hashers.picture import Source, read_bytes
from hashmatch.hashers.tiles import Tiles, tiles_of
from hashmatch.types import Hash

__all__ = ["has_listed_parts", "listed_parts", "unpacked"]


def has_listed_parts(whole: Hash) -> bool:
    """Whether parts of a picture are listed beside its PDQ hash: the page's rule, too.

    Where the whole has too little to be told by, its parts have no more, and are of strangers'
    pictures as well.
    """
    return (whole.quality or 0) >= (Pdq.min_quality or 0)


def listed_parts(source: Source, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Parts and tiles of a picture, as they are submitted; errors are those of `hash_image`.

    Args:
        source: as `hashmatch.hash_image` takes it.
        limits: what the file may ask of the decoder.

    Returns:
        `hashmatch.packed` says how to read it; 4,218 bytes at most.
    """
    pixels = (
        source if isinstance(source, np.ndarray) else decode(read_bytes(source, limits), limits)
    )
    luma = luma_of(pixels)
    parts, tiles = parts_of(luma, LISTED), tiles_of(luma)
    _, first = np.unique(parts.codes, axis=0, return_index=True)
    kept = np.sort(first)
    places = parts.places[kept].view("<u2").reshape(-1, 4)
    return packed.pack(
        packed.Packed(
            parts.width,
            parts.height,
            parts.codes[kept],
            places,
            tiles.codes,
            tiles.quality,
            native_parts.joint(luma),
        )
    )


class Listed(NamedTuple):
    """What was listed of a picture.

    Attributes:
        parts: without mirrored codes, which only an upload needs.
        tiles: None where there are none.
        joint: where pictures meet in it, as `hashmatch.native_parts.joint` says.
    """

    parts: Parts
    tiles: Tiles | None
    joint: int


def unpacked(data: bytes) -> Listed:
    """What was listed of a picture, of the bytes of `listed_parts`."""
    held = packed.unpack(data)
    places = np.ascontiguousarray(held.places).view(native_parts.PLACE).reshape(-1)
    parts = Parts(held.codes, held.codes[:0], places, held.width, held.height)
    tiles = Tiles(held.tiles, held.qualities) if len(held.tiles) else None
    return Listed(parts, tiles, held.joint)
