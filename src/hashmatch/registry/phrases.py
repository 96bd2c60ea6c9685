"""Secret phrases: six words that only the person who submitted knows.

They are chosen from our own list of more than 1,626 short, calm words, so that a phrase has at
least 64 random bits. Only its argon2id hash is kept.
"""

import re
import secrets
from functools import cache
from importlib.resources import files
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

WORDS: Final = 6

_hasher: Final = PasswordHasher()  # argon2id with the parameters that RFC 9106 recommends second


@cache
def word_list() -> tuple[str, ...]:
    """The words that phrases are made of."""
    return tuple(files("hashmatch.registry").joinpath("words.txt").read_text("ascii").split())


def new() -> str:
    """A new phrase: lower-case words with one space between."""
    return " ".join(secrets.choice(word_list()) for _ in range(WORDS))


def from_seed(seed: bytes) -> str:
    """The phrase that belongs to 32 random bytes; all phrases are equally likely, to 1 in 2^190."""
    number = int.from_bytes(seed)
    words = []
    for _ in range(WORDS):
        number, word = divmod(number, len(word_list()))
        words.append(word_list()[word])
    return " ".join(words)


def hash_of(phrase: str) -> str:
    """What is kept of a phrase."""
    return _hasher.hash(_tidy(phrase))


def fits(phrase: str, kept: str | None) -> bool:
    """Whether it is the phrase; the time this takes does not tell whether there is one at all."""
    try:
        _hasher.verify(kept or _decoy(), _tidy(phrase))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _decoy() -> str:
    return hash_of(new())


def _tidy(phrase: str) -> str:
    """However it was typed: case, commas, hyphens, line breaks and spaces do not matter."""
    return " ".join(re.findall(r"\w+", phrase[:1_000].casefold()))
