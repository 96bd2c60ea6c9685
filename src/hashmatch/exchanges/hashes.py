"""Hashes as other programs write them, checked before they go any further."""

from collections.abc import Mapping
from typing import Final

from hashmatch.errors import InvalidHashError
from hashmatch.registry.degenerate import is_degenerate
from hashmatch.types import Hash

BITS: Final[Mapping[str, int]] = {"pdq": 256, "md5": 128, "sha256": 256}
"""The hashers whose hashes are exchanged, and the width of their codes."""

MAX_ID: Final = 200
DEGENERATE: Final = "it is the hash of a flat picture or a plain pattern, or of no file"


def read_hash(hasher: str, text: object, *, gone: bool = False) -> Hash:
    """A hash of hexadecimal digits.

    Args:
        hasher: one of `BITS`.
        text: the digits.
        gone: the source takes it back, so that it may be any; else it has to tell pictures apart.

    Raises:
        InvalidHashError: it is none; the message says nothing of what it is.
    """
    bits = BITS[hasher]
    try:
        code = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        code = b""
    if 8 * len(code) != bits:
        raise InvalidHashError(f"a {hasher} hash has {bits // 4} hexadecimal digits, this has not")
    value = Hash(hasher, code)
    if not gone and is_degenerate(value):
        raise InvalidHashError(DEGENERATE)
    return value


def is_id(text: object) -> bool:
    """Whether it can be what a source calls a record."""
    return isinstance(text, str) and 0 < len(text) <= MAX_ID and text.isprintable()
