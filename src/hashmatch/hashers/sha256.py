"""SHA-256 of the bytes of a file: it finds the very same file only."""

import hashlib
from typing import ClassVar

from hashmatch.hashers.base import ByteHasher


class Sha256(ByteHasher):
    """256 bits; of use only where the file travels unaltered."""

    name: ClassVar[str] = "sha256"
    bits: ClassVar[int] = 256

    def _hash(self, data: bytes) -> bytes:
        return hashlib.sha256(data).digest()
