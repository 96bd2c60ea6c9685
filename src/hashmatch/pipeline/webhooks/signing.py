"""Signatures of events: what a receiver believes, and for how long."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Final

EVENT: Final = "Hashmatch-Event"
TIMESTAMP: Final = "Hashmatch-Timestamp"
SIGNATURE: Final = "Hashmatch-Signature"
VERSION: Final = "v1"
TOLERANCE_SECONDS: Final = 300
LEAST: Final = 16
"""Bytes of a secret that cannot be guessed."""


def sign(secret: bytes, timestamp: int, body: bytes) -> str:
    """The value of the header ``Hashmatch-Signature``.

    Args:
        secret: that both sides know.
        timestamp: the value of the header ``Hashmatch-Timestamp``.
        body: as it is sent.
    """
    told = b"%d." % timestamp + body
    return f"{VERSION}={hmac.new(secret, told, hashlib.sha256).hexdigest()}"


def verify(
    secret: bytes,
    headers: Mapping[str, str],
    body: bytes,
    *,
    tolerance: float = TOLERANCE_SECONDS,
    now: float | None = None,
) -> str | None:
    """The id of an event that is genuine and fresh, else None: for receivers.

    An event may come several times: what has been done for an id is not to be done again.

    Args:
        secret: that both sides know.
        headers: of the request; their names in any case.
        body: of the request, as it came.
        tolerance: seconds that the clocks of both sides, and the way between them, may take.
        now: seconds since 1970; by default those of this machine's clock.
    """
    told = {name.lower(): value for name, value in headers.items()}
    event, timestamp, signature = (
        told.get(name.lower(), "") for name in (EVENT, TIMESTAMP, SIGNATURE)
    )
    if not (event and timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
        return None
    age = (time.time() if now is None else now) - int(timestamp)
    wanted = sign(secret, int(timestamp), body)
    genuine = hmac.compare_digest(wanted.encode(), signature.encode())
    return event if genuine and abs(age) <= tolerance else None
