"""Bearer tokens: ``hm_`` + a public key id + ``_`` + a secret of 256 random bits.

The id finds the credential; of the secret only the SHA-256 is kept, which is enough for a secret
that nobody can guess. ``hm_`` lets scanners of leaked secrets find one in a file.
"""

import hashlib
import hmac
import re
import secrets
from typing import Final, NamedTuple

_FORM: Final = re.compile(r"hm_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_DECOY: Final = bytes(32)


class Token(NamedTuple):
    """The two parts of a token."""

    key_id: str
    secret: str


def new() -> Token:
    """A new token."""
    return Token(secrets.token_hex(6), secrets.token_urlsafe(32))


def text_of(token: Token) -> str:
    """As it is given out."""
    return f"hm_{token.key_id}_{token.secret}"


def read(text: str) -> Token | None:
    """Take a token apart; None where it is none."""
    found = _FORM.fullmatch(text.strip())
    return None if found is None else Token(*found.groups())


def digest(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def fits(secret: str, kept: bytes | None) -> bool:
    """Whether it is the secret; the time this takes tells nothing of the one that is kept."""
    same = hmac.compare_digest(digest(secret), kept or _DECOY)
    return same and kept is not None
