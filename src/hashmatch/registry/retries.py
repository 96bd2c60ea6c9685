"""Requests that may come twice: a client's key makes the second one find what the first one did.

A person whose connection broke has not read the secret phrase, and only its hash is kept. So the
phrase of a case that came with a key is derived from that key and from a salt that is kept: the
same request gets the same answer, and the registry alone cannot give it. Of the key itself only
the SHA-256 is kept, and of the request a MAC by the key: who has the registry cannot test whether
a case that was withdrawn had a certain hash.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, insert, select

from hashmatch.errors import InvalidRetryKeyError
from hashmatch.registry import phrases
from hashmatch.registry.fingerprints import Fingerprint, Picture
from hashmatch.registry.schema import cases, retries

_FORM: Final = re.compile(r"[\x21-\x7e]{22,200}")


def checked(key: str) -> str:
    """A key that is long enough to be one of its own.

    Raises:
        InvalidRetryKeyError: it is not.
    """
    if not _FORM.fullmatch(key) or len({*key}) < 8:
        raise InvalidRetryKeyError(
            "A key for retries is 22 to 200 visible ASCII characters, chosen at random for each "
            "case (a UUID will do): whoever knows it can ask for the case's secret phrase."
        )
    return key


def new_salt() -> bytes:
    """For a request that may turn out to be the first of its key."""
    return secrets.token_bytes(16)


def phrase(key: str, salt: bytes) -> str:
    """The secret phrase of the case that came with a key."""
    return phrases.from_seed(hmac.digest(key.encode(), b"phrase" + salt, "sha256"))


def find(
    connection: Connection, key: str, list_name: str, pictures: Sequence[Picture]
) -> tuple[str, str] | None:
    """The number and the phrase of the case that this request made before; None for a new key.

    Raises:
        InvalidRetryKeyError: the key came with another request.
    """
    row = connection.execute(
        select(cases.c.number, retries.c.salt, retries.c.request_mac)
        .join(cases, cases.c.id == retries.c.case_id)
        .where(retries.c.key_digest == _digest(key))
    ).one_or_none()
    if row is None:
        return None
    number, salt, request_mac = row
    if not hmac.compare_digest(request_mac, _mac(key, salt, list_name, pictures)):
        raise InvalidRetryKeyError(
            "This key came before, with other pictures or another list. A retry repeats its "
            "request; a new case takes a new key."
        )
    return number, phrase(key, salt)


def note(
    connection: Connection,
    key: str,
    salt: bytes,
    number: str,
    list_name: str,
    pictures: Sequence[Picture],
) -> None:
    """Write down which case a key made, in the transaction that makes it."""
    connection.execute(
        insert(retries).values(
            key_digest=_digest(key),
            salt=salt,
            request_mac=_mac(key, salt, list_name, pictures),
            case_id=select(cases.c.id).where(cases.c.number == number).scalar_subquery(),
        )
    )


def _digest(key: str) -> bytes:
    return hashlib.sha256(b"hashmatch retry key" + key.encode()).digest()


def _mac(key: str, salt: bytes, list_name: str, pictures: Sequence[Picture]) -> bytes:
    told = [" ".join(sorted(map(_line, picture))) for picture in pictures]
    message = "\n".join((list_name, *told)).encode()
    return hmac.digest(key.encode(), b"request" + salt + message, "sha256")


def _line(fingerprint: Fingerprint) -> str:
    value = fingerprint.hash
    told = (fingerprint.kind, fingerprint.view, value.hasher, value.hex, value.quality)
    return "/".join(map(str, told))
