"""The route for uploads: a picture in, a verdict out, and nothing kept."""

from typing import Final

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hashmatch.errors import BadRequestError
from hashmatch.matching.uploads import Depth
from hashmatch.service import bodies
from hashmatch.service.node import node_of

_DEPTHS: Final[dict[str, Depth]] = {"fast": "fast", "thorough": "thorough"}


async def check(request: Request) -> Response:
    """`POST /v1/checks`."""
    node = node_of(request)
    credential = node.gate.require(request, "check")
    matcher = node.matcher
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise BadRequestError("Send the picture itself as the body, not a form.")
    depth = request.query_params.get("depth", "fast")
    if depth not in _DEPTHS:
        raise BadRequestError(f"The parameter 'depth' is one of {', '.join(_DEPTHS)}.")
    with node.decoders.room():
        data = await bodies.read(
            request, node.settings.limits.max_bytes, node.settings.upload_seconds
        )
        async with node.decoders.turn() as turn:
            sequence = matcher.sequence  # by what comes from now on it may be judged, or not
            upload = await turn.hash(data, matcher.hashers, _DEPTHS[depth])
            if upload.look is not None:  # which is to be had as long as the turn lasts
                verdict = await anyio.to_thread.run_sync(matcher.judge, upload)
    if upload.look is None:
        verdict = await anyio.to_thread.run_sync(matcher.judge, upload)
    node.metrics.note_verdict(verdict)
    node.reporter.note_served(credential.name, sequence)
    node.reporter.note_verdict(credential.name, verdict)
    return JSONResponse({**verdict.told(), "sequence": sequence})
