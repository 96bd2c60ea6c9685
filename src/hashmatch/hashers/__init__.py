"""Bytes → pixels → Hash: decoding under one pixel rule, and one file per algorithm."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.hashers.base import ByteHasher, Hasher, PixelHasher
    from hashmatch.hashers.checking import (
        hash_for_check,
        views_for_check,
        views_of,
    )
    from hashmatch.hashers.decoding import Reduced, as_reduced, decode, decode_reduced
    from hashmatch.hashers.endings import ENDINGS
    from hashmatch.hashers.frames import Frame, Look, Luma
    from hashmatch.hashers.limits import DEFAULT_LIMITS, Limits
    from hashmatch.hashers.listing import has_listed_parts, listed_parts, unpacked
    from hashmatch.hashers.lookup import get, names
    from hashmatch.hashers.parts import Parts, luma_of, parts_of
    from hashmatch.hashers.picture import Source, hash_image, read_bytes
    from hashmatch.hashers.tiles import Tiles, tiles_of
    from hashmatch.hashers.views.view import (
        LIKELIHOODS,
        Likelihood,
        View,
        is_whole,
        likelihood,
        turned_back,
    )

__all__ = [
    "DEFAULT_LIMITS",
    "ENDINGS",
    "LIKELIHOODS",
    "ByteHasher",
    "Frame",
    "Hasher",
    "Likelihood",
    "Limits",
    "Look",
    "Luma",
    "Parts",
    "PixelHasher",
    "Reduced",
    "Source",
    "Tiles",
    "View",
    "as_reduced",
    "decode",
    "decode_reduced",
    "get",
    "has_listed_parts",
    "hash_for_check",
    "hash_image",
    "is_whole",
    "likelihood",
    "listed_parts",
    "luma_of",
    "names",
    "parts_of",
    "read_bytes",
    "tiles_of",
    "turned_back",
    "unpacked",
    "views_for_check",
    "views_of",
]


# Imported when first asked for: not every program that hashes needs PIL, or the C core.
_HOMES = {
    "DEFAULT_LIMITS": "limits",
    "ENDINGS": "endings",
    "LIKELIHOODS": "views.view",
    "ByteHasher": "base",
    "Frame": "frames",
    "Hasher": "base",
    "Likelihood": "views.view",
    "Limits": "limits",
    "Look": "frames",
    "Luma": "frames",
    "Parts": "parts",
    "PixelHasher": "base",
    "Reduced": "decoding",
    "Source": "picture",
    "Tiles": "tiles",
    "View": "views.view",
    "as_reduced": "decoding",
    "decode": "decoding",
    "decode_reduced": "decoding",
    "get": "lookup",
    "hash_for_check": "checking",
    "hash_image": "picture",
    "has_listed_parts": "listing",
    "is_whole": "views.view",
    "likelihood": "views.view",
    "listed_parts": "listing",
    "luma_of": "parts",
    "names": "lookup",
    "parts_of": "parts",
    "read_bytes": "picture",
    "tiles_of": "tiles",
    "turned_back": "views.view",
    "unpacked": "listing",
    "views_for_check": "checking",
    "views_of": "checking",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
