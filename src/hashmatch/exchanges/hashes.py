"""Hashes as other programs write them, checked before they go any further."""

from collections.abc import Mapping
from typing import Final

from hashmatch.errors import InvalidHashError
from hashmatch.types import Hash

BITS: Final[Mapping[str, int]] = {"pdq": 256, "md5": 128, "sha256": 256}
"""The hashers whose hashes are exchanged, and the width of their codes."""

MAX_ID: Final = 200


def read_hash(hasher: str, text: object) -> Hash:
    """A hash of hexadecimal digits.

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
    return Hash(hasher, code)


def is_id(text: object) -> bool:
    """Whether it can be what a source calls a record."""
    return isinstance(text, str) and 0 < len(text) <= MAX_ID and text.isprintable()
