"""What a service and its decoders say to each other: JSON and raw bytes, each with its length.

No pickle: a decoder that a hostile picture took over could answer with one, and so get the service
as well. Whatever comes from a decoder is checked like what comes from outside.
"""

import json
import struct
from typing import Any, Final

from hashmatch import errors, hashers
from hashmatch.errors import DecoderLostError, HashmatchError, MissingExtraError, PictureError
from hashmatch.hashers import View
from hashmatch.matching import Upload
from hashmatch.types import Hash

LENGTHS: Final = struct.Struct("!II")
"""In front of each message: bytes of JSON, bytes of picture."""

MAX_ANSWER: Final = 65_536

OUT_OF_MEMORY: Final = 3
"""Exit code of a decoder whose picture took more memory than it may have."""

_REFUSALS: Final = {
    kind.reason: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, (PictureError, MissingExtraError))
}


def pack(value: dict[str, Any], data: bytes | bytearray | memoryview = b"") -> list[Any]:
    """A message, in pieces."""
    head = json.dumps(value).encode()
    return [LENGTHS.pack(len(head), len(data)) + head, data]


def answer_of(upload: Upload) -> dict[str, Any]:
    """What a decoder found."""
    return {
        "digests": [[value.hasher, value.hex] for value in upload.digests],
        "views": [
            [view.name, view.hash.hasher, view.hash.hex, view.hash.quality] for view in upload.views
        ],
        "refusal": upload.refusal and [upload.refusal.reason, str(upload.refusal)],
    }


def upload_from(answer: bytes) -> Upload:
    """What a decoder found.

    Raises:
        DecoderLostError: this is no answer of a sound decoder.
    """
    try:
        value = json.loads(answer)
        refusal = value["refusal"]
        names = {name for name, _ in value["digests"]} | {view[1] for view in value["views"]}
        digits = {name: hashers.get(name).bits // 4 for name in names}
        return Upload(
            digests=tuple(_hash(name, text, None, digits) for name, text in value["digests"]),
            views=tuple(
                View(str(view)[:40], _hash(name, text, quality, digits))
                for view, name, text, quality in value["views"]
            ),
            refusal=None if refusal is None else _REFUSALS[refusal[0]](str(refusal[1])[:1000]),
        )
    except (ValueError, KeyError, TypeError, IndexError, HashmatchError, RecursionError):
        raise DecoderLostError("The picture's decoder gave no answer that makes sense.") from None


def _hash(name: str, text: str, quality: int | None, digits: dict[str, int]) -> Hash:
    if len(text) != digits[name]:
        raise ValueError("a code of another width")
    return Hash(name, bytes.fromhex(text), None if quality is None else int(quality))
