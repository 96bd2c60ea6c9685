"""Which photographs may be tuned on, and which are for reporting: by their names, for ever."""

from hashlib import sha256
from typing import Final, Literal

__all__ = ["HALVES", "Half", "half_of"]

Half = Literal["tuning", "reporting"]
HALVES: Final[tuple[Half, ...]] = ("tuning", "reporting")


def half_of(name: str) -> Half:
    """The half that a file belongs to: by the lowest bit of the first byte of its name's SHA-256.

    Args:
        name: of the file, without its folder.
    """
    return HALVES[sha256(name.encode()).digest()[0] & 1]
