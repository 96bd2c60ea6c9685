"""The change feed as a service tells it, read so that one bad record costs that record only."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from hashmatch import hashers
from hashmatch.errors import HashmatchError, InvalidHashError, ServiceError
from hashmatch.packed import checked
from hashmatch.registry import HOLDS, Change, Hold

log: Final = logging.getLogger(__name__)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST: Final = 1 << 48


def read_page(told: dict[str, Any], after: int) -> Sequence[Change]:
    """The changes of a page, in order.

    A record that cannot be read stands in its place as a change of no list's settings: following
    goes on, the log says so, and nothing is matched by it.

    Raises:
        ServiceError: the page is none, or does not tell of the changes after that number, one by
            one.
    """
    records, last = told.get("changes"), told.get("sequence")
    if not isinstance(records, list) or last != after + len(records):
        raise ServiceError(
            f"The service did not tell of the changes after {after}, one by one. Nothing of this "
            "page is taken."
        )
    changes = []
    for sequence, record in enumerate(records, start=after + 1):
        try:
            changes.append(_change(record, sequence))
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
            log.error("Change %d of the feed cannot be read, and is passed over.", sequence)  # noqa: TRY400 - the record may hold a code, and so may the traceback
            changes.append(Change(sequence, "set_list", 0, _EPOCH))
    return changes


def _change(record: dict[str, Any], sequence: int) -> Change:
    kind, entry, code = record["kind"], record.get("entry"), record.get("hash")
    if record["sequence"] != sequence or not isinstance(kind, str):
        raise ValueError
    if kind in {"add", "withdraw", "parts"} and not (type(entry) is int and 0 <= entry < _LARGEST):
        raise ValueError
    quality, hasher = record.get("quality"), record.get("hasher")
    if quality is not None and not (type(quality) is int and 0 <= quality <= 100):
        raise ValueError
    packed = None if code is None else bytes.fromhex(code)
    if packed is not None and (
        not isinstance(hasher, str) or not packed or not _fits(hasher, packed)
    ):
        raise ValueError
    known: Any = kind  # of a newer registry it may be another
    return Change(
        sequence,
        known,
        int(record["list"]),
        datetime.fromisoformat(record["at"]),
        entry,
        hasher if packed is not None else None,
        packed,
        quality,
        _hold(record.get("held")),
        None if packed is None else _parts(record.get("parts")),
    )


def _parts(told: Any) -> bytes | None:
    """Parts that are none are left out: the entry counts without them."""
    try:
        return None if told is None else checked(bytes.fromhex(told))
    except (InvalidHashError, ValueError, TypeError):
        log.warning("The parts of an entry cannot be read, and are left out.")
        return None


def _hold(told: Any) -> Hold | None:
    """Why an entry is held back. For a reason of a newer registry, it is one all the same."""
    return None if told is None else told if told in HOLDS else "operator"


def _fits(hasher: str, code: bytes) -> bool:
    """Whether a code has its hasher's width; one that is not installed is told of elsewhere."""
    try:
        return hashers.get(hasher).bits == 8 * len(code)
    except HashmatchError:
        return True
