"""The route for codes: JSON or an Arrow stream in, the same kind out."""

from typing import Any, Final, NamedTuple

import anyio
import numpy as np
import numpy.typing as npt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hashmatch import hashers
from hashmatch.errors import InvalidCodesError
from hashmatch.matching import ACTIONS, Judged
from hashmatch.service import bodies
from hashmatch.service.node import node_of
from hashmatch.types import Codes

ARROW: Final = "application/vnd.apache.arrow.stream"
_AT_ONCE: Final = 400
"""Bytes of a body with so few codes that they are found before another thread had woken."""


class _Asked(NamedTuple):
    """Codes, by which hasher they were made, and their qualities where these are known."""

    hasher: str
    codes: Codes
    qualities: npt.NDArray[np.int16] | None


async def match(request: Request) -> Response:
    """`POST /v1/matches`."""
    node = node_of(request)
    credential = node.gate.require(request, "check")
    matcher, most = node.matcher, node.settings.codes
    body = await bodies.read(request, bodies.JSON_BYTES, node.settings.upload_seconds)
    is_arrow = request.headers.get("content-type", "").partition(";")[0].strip() == ARROW
    hasher = request.query_params.get("hasher", "pdq")

    def answer() -> Response:
        asked = _from_arrow(body, hasher, most) if is_arrow else _from_json(body, most)
        judged = matcher.match_lists(asked.codes, asked.qualities, asked.hasher)
        node.metrics.note_judged(judged)
        node.reporter.note_served(credential.name, judged.sequence)
        node.reporter.note_judged(credential.name, judged)
        if is_arrow:
            return Response(_to_arrow(judged), media_type=ARROW)
        return JSONResponse(_to_json(judged))

    if len(body) <= _AT_ONCE:
        return answer()
    return await anyio.to_thread.run_sync(answer)


def _from_json(body: bytearray, most: int) -> _Asked:
    fields = bodies.object_from(body).only("hasher", "codes", "qualities")
    hasher = fields.text("hasher", "pdq")[:64]
    texts = fields.array("codes", most)
    width = hashers.get(hasher).bits // 8
    for number, text in enumerate(texts, start=1):
        if not isinstance(text, str) or len(text) != 2 * width:
            raise InvalidCodesError(
                f"Code {number} is not a string of {2 * width} hexadecimal digits."
            )
    try:
        packed = bytes.fromhex("".join(texts))
    except ValueError:
        packed = b""
    if len(packed) != width * len(texts):
        raise InvalidCodesError("A code has characters that are not hexadecimal digits.")
    codes = np.frombuffer(packed, np.uint8).reshape(len(texts), width)
    qualities = fields.array("qualities", most, None)
    return _Asked(hasher, codes, None if qualities is None else _checked(qualities, len(texts)))


def _from_arrow(body: bytearray, hasher: str, most: int) -> _Asked:
    from hashmatch.service import arrow

    return _Asked(hasher, *arrow.read(body, hashers.get(hasher[:64]).bits // 8, most))


def _checked(qualities: list[Any], count: int) -> npt.NDArray[np.int16]:
    if len(qualities) != count:
        raise InvalidCodesError(f"There are {count} codes and {len(qualities)} qualities.")
    for number, quality in enumerate(qualities, start=1):
        is_whole = type(quality) is int and 0 <= quality <= 100
        if quality is not None and not is_whole:
            raise InvalidCodesError(f"Quality {number} is not null or a whole number to 100.")
    return np.array([-1 if quality is None else quality for quality in qualities], np.int16)


def _to_json(judged: Judged) -> dict[str, Any]:
    names = [each.name for each in judged.lists]
    found = [
        {"entry": entry, "list": names[place], "distance": distance, "action": ACTIONS[action]}
        for entry, place, distance, action in zip(
            judged.matches.ids.tolist(),
            judged.list_of.tolist(),
            judged.matches.distances.tolist(),
            judged.actions.tolist(),
            strict=True,
        )
    ]
    offsets = judged.matches.offsets.tolist()
    return {
        "sequence": judged.sequence,
        "results": [
            {"action": ACTIONS[verdict], "matches": found[offsets[k] : offsets[k + 1]]}
            for k, verdict in enumerate(judged.verdicts.tolist())
        ],
    }


def _to_arrow(judged: Judged) -> bytes:
    from hashmatch.service import arrow

    return arrow.write(judged)
