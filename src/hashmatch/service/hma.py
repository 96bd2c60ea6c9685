"""Routes as Meta's Hasher-Matcher-Actioner has them, so that a tool written for it can ask here.

What differs, and why, is in docs/hma.md: above all, no hash stands in a URL, and nothing is fetched
from one. Only routed where the service is told to.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import anyio
import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hashmatch import hashers
from hashmatch.errors import BadRequestError
from hashmatch.matching import ACTIONS, Matcher
from hashmatch.service import bodies
from hashmatch.service.bodies import Fields
from hashmatch.service.node import node_of
from hashmatch.types import Hash

_SIGNALS: Final = {"pdq": "pdq", "video_md5": "md5"}
"""HMA's signal types, and the hashers that make them."""

_CONTENTS: Final = {"photo": "pdq", "video": "video_md5"}
"""HMA's content types, which name the field of an upload, and the signal type of each."""

_LEAST_QUALITY: Final = 50
_FILE: Final = re.compile(rb'content-disposition:[^\r\n]*\bname="?(\w+)"?', re.IGNORECASE)


async def refuse(request: Request) -> Response:
    """What HMA takes in a query string: a hash, or a URL to fetch."""
    node_of(request).gate.require(request, "check")
    path = request.url.path
    raise BadRequestError(
        f"Nothing is taken from a query string here: URLs end in logs. Send it with POST {path}: a "
        'file as a form, or {"signal_type": "pdq", "signal": ...} as JSON.'
    )


async def hash_file(request: Request) -> Response:
    """`POST /h/hash`."""
    node_of(request).gate.require(request, "check")
    return JSONResponse({signal: value.hex for signal, value in (await _hashed(request)).items()})


async def look_up(request: Request) -> Response:
    """`POST /m/lookup`: by file, or by signal as JSON; lists and entries as their policy has it."""
    node = node_of(request)
    node.gate.require(request, "check")
    matcher = node.matcher
    if not _is_json(request):
        found = await _hashed(request)
        answer = {signal: await _banks(matcher, value) for signal, value in found.items()}
        return JSONResponse(answer)
    body = await bodies.read_object(request, node.settings.upload_seconds)
    return JSONResponse(await _banks(matcher, _signal(body.only("signal_type", "signal"))))


async def raw_look_up(request: Request) -> Response:
    """`POST /m/raw_lookup`: entries that are near, whatever policy says of them."""
    node = node_of(request)
    node.gate.require(request, "check")
    matcher = node.matcher
    body = await bodies.read_object(request, node.settings.upload_seconds)
    value = _signal(body.only("signal_type", "signal", "include_distance"))
    radius = hashers.get(value.hasher).block_threshold
    found = await anyio.to_thread.run_sync(matcher.match, _codes(value), radius, value.hasher)
    near = zip(found.ids.tolist(), found.distances.tolist(), strict=True)
    if body.rest().get("include_distance", False):
        return JSONResponse({"matches": [_content(*each) for each in near]})
    return JSONResponse({"matches": [entry for entry, _ in near]})


async def compare(request: Request) -> Response:
    """`POST /m/compare`: pairs of hashes, by signal type."""
    node = node_of(request)
    node.gate.require(request, "check")
    body = await bodies.read_object(request, node.settings.upload_seconds)
    answer: dict[str, Any] = {}
    for signal in body.only(*_SIGNALS).rest():
        texts = body.array(signal, 2)
        if len(texts) != 2 or not all(isinstance(text, str) for text in texts):
            raise BadRequestError(f"The member {signal!r} must be an array of two hashes.")
        one, other = (_hash(signal, text) for text in texts)
        near = hashers.get(one.hasher).block_threshold
        answer[signal] = [one - other <= near, {"distance": one - other}]
    return JSONResponse(answer)


async def show_indexes(request: Request) -> Response:
    """`GET /m/index/status`."""
    node = node_of(request)
    node.gate.require(request, "check")
    matcher = node.matcher
    sizes = matcher.sizes
    return JSONResponse(
        {
            signal: {
                "present": name in sizes,
                "built_to": matcher.sequence,
                "size": sizes.get(name, 0),
            }
            for signal, name in _SIGNALS.items()
        }
    )


async def show_status(request: Request) -> Response:
    """`GET /status`: the words that HMA says."""
    if node_of(request).crew.standing().state == "ready":
        return PlainTextResponse("I-AM-ALIVE")
    return PlainTextResponse("INDEX-STALE", 503)


ROUTES: Final[tuple[tuple[str, str, Callable[[Request], Awaitable[Response]]], ...]] = (
    ("GET", "/h/hash", refuse),
    ("POST", "/h/hash", hash_file),
    ("GET", "/m/lookup", refuse),
    ("POST", "/m/lookup", look_up),
    ("GET", "/m/raw_lookup", refuse),
    ("POST", "/m/raw_lookup", raw_look_up),
    ("POST", "/m/compare", compare),
    ("GET", "/m/index/status", show_indexes),
    ("GET", "/status", show_status),
)


async def _hashed(request: Request) -> dict[str, Hash]:
    """The hash of an upload, by HMA's signal type; none where there is too little in a picture."""
    node = node_of(request)
    with node.decoders.room():
        data = await bodies.read(
            request, node.settings.limits.max_bytes, node.settings.upload_seconds
        )
        content, file = _file_in(data, request.headers.get("content-type", ""))
        signal = _CONTENTS[content]
        async with node.decoders.turn() as turn:
            upload = await turn.hash(file, [_SIGNALS[signal]], "fast")
    if upload.refusal is not None and content == "photo":
        raise upload.refusal
    value = upload.digests[0] if content == "video" else upload.views[0].hash
    low = value.quality is not None and value.quality < _LEAST_QUALITY
    return {} if low else {signal: value}


def _file_in(body: bytearray, content_type: str) -> tuple[str, bytes | bytearray]:
    """The one file of a form, which never leaves memory; a body that is no form is a picture."""
    kind, _, rest = content_type.partition(";")
    if kind.strip().lower() != "multipart/form-data":
        return "photo", body
    told = re.search(r'boundary="?([^";,]{1,70})"?', rest)
    if told is None:
        raise BadRequestError("The form does not tell its boundary.")
    parts = (b"\r\n" + body).split(b"\r\n--" + told[1].encode("latin-1"))[1:-1]
    if len(parts) != 1:
        raise BadRequestError("Send one file a request.")
    head, gap, file = parts[0].partition(b"\r\n\r\n")
    field = _FILE.search(head)
    if not gap or field is None or field[1].decode() not in _CONTENTS:
        raise BadRequestError(f"The file's field is called {' or '.join(_CONTENTS)}.")
    return field[1].decode(), file


async def _banks(matcher: Matcher, value: Hash) -> dict[str, list[dict[str, Any]]]:
    """What is near, by list: what it blocks, or has reviewed, within its threshold."""
    judged = await anyio.to_thread.run_sync(matcher.match_lists, _codes(value), None, value.hasher)
    banks: dict[str, list[dict[str, Any]]] = {}
    if ACTIONS[judged.verdicts[0]] == "pass":
        return banks
    for entry, distance, place, action in zip(
        judged.matches.ids.tolist(),
        judged.matches.distances.tolist(),
        judged.list_of.tolist(),
        judged.actions.tolist(),
        strict=True,
    ):
        hash_list = judged.lists[place]
        if ACTIONS[action] != "pass" and distance <= hash_list.threshold:
            banks.setdefault(hash_list.name, []).append(_content(entry, distance))
    return banks


def _content(entry: int, distance: int) -> dict[str, Any]:
    return {"bank_content_id": entry, "distance": str(distance)}


def _signal(body: Fields) -> Hash:
    return _hash(body.text("signal_type"), body.text("signal"))


def _hash(signal: str, text: str) -> Hash:
    if signal not in _SIGNALS:
        raise BadRequestError(f"There is no signal type like this, only {' and '.join(_SIGNALS)}.")
    value = Hash.from_hex(_SIGNALS[signal], text)
    if value.bits != hashers.get(value.hasher).bits:
        raise BadRequestError(
            f"A {signal} has {hashers.get(value.hasher).bits // 4} hexadecimal digits."
        )
    return value


def _codes(value: Hash) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(value.code, np.uint8).reshape(1, -1)


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
