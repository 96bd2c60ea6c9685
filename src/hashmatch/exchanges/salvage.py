"""JSON pages of a feed, and what can be saved of one that is cut short or spoilt.

A source may serve the same broken page for ever. Records are objects in one array, so those
before and after the broken place can be read, and only what was broken is left out.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from hashmatch.errors import FeedUnreadableError

_DECODER: Final = json.JSONDecoder()
_WORK: Final = 16
_SCALAR: Final = r'\s*:\s*("(?:[^"\\]|\\.)*"|-?\d{1,18}|true|false|null)'


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        FeedUnreadableError: it is something else, or broken.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise FeedUnreadableError("The feed answers with something that is not a JSON object.")
    return value


def salvage(
    body: bytes, array: str, fields: Mapping[str, type | tuple[type, ...]], marker: str
) -> dict[str, Any]:
    """What can be read of a broken object with an array of records in it.

    Args:
        body: the object.
        array: the name of the array.
        fields: the plain fields beside it that must be there, with their types.
        marker: a field that every record has: tells a record from what stands inside one.

    Returns:
        The fields, and the array with the records that could be read.

    Raises:
        FeedUnreadableError: one of the fields, or the array, cannot be found.
    """
    text = body.decode("utf-8", "replace")
    opening = re.search(rf'"{array}"\s*:\s*\[', text)
    if opening is None:
        raise FeedUnreadableError("The feed answers with a broken page that has no records.")
    found: dict[str, Any] = {array: list(_records(text, opening.end(), marker))}
    for name, kind in fields.items():
        place = re.search(f'"{name}"{_SCALAR}', text)
        try:
            found[name] = json.loads(place[1]) if place else None
        except ValueError:
            place = None
        if place is None or not isinstance(found[name], kind):
            raise FeedUnreadableError(
                f"The feed answers with a broken page whose {name} cannot be read."
            )
    return found


def _records(text: str, at: int, marker: str) -> Iterator[dict[str, Any]]:
    left = _WORK * len(text)  # a hostile page could make each try as long as the page
    while left > 0 and (at := text.find("{", at)) >= 0:
        try:
            value, end = _DECODER.raw_decode(text, at)
        except RecursionError:
            left -= sys.getrecursionlimit()
            at += 1
        except json.JSONDecodeError as error:
            left -= error.pos - at
            at += 1
        except ValueError:  # a number of very many digits
            left -= len(text) - at
            at += 1
        else:
            at = end
            if marker in value:
                yield value
