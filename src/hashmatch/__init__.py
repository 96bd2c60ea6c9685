"""Perceptual-hash image matching: fingerprints travel, pictures stay where they are."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.hashers import hash_image
    from hashmatch.matching import Matcher

__all__ = ["Matcher", "hash_image"]

_HOMES = {
    "Matcher": "matching",
    "hash_image": "hashers",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
