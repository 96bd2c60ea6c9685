"""What tests of followers ask of them, and what they submit."""

from hashmatch import hash_image
from hashmatch.hashers import listed_parts
from hashmatch.packed import HASHER
from hashmatch.registry import Fingerprint
from hashmatch.types import Hash


def found(matcher, codes, hasher="pdq"):
    """The entries that have just these codes."""
    return matcher.match(codes, 0, hasher).ids.tolist()


def fingerprint(photo):
    return Fingerprint(hash_image(photo))


def parts_fingerprint(photo):
    return Fingerprint(Hash(HASHER, listed_parts(photo)), "parts")
