"""The route for uploads: a picture in, a verdict out, and nothing kept."""

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hashmatch.errors import BadRequestError
from hashmatch.service import bodies
from hashmatch.service.node import node_of


async def check(request: Request) -> Response:
    """`POST /v1/checks`."""
    node = node_of(request)
    credential = node.gate.require(request, "check")
    matcher = node.matcher
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise BadRequestError("Send the picture itself as the body, not a form.")
    async with node.decoders.room():
        data = await bodies.read(
            request, node.settings.limits.max_bytes, node.settings.upload_seconds
        )
        upload = await node.decoders.hash(data, matcher.hashers)
    verdict = await anyio.to_thread.run_sync(matcher.judge, upload)
    node.metrics.note_verdict(verdict)
    node.reporter.note_served(credential.name, matcher.sequence)
    node.reporter.note_verdict(credential.name, verdict)
    return JSONResponse({**verdict.told(), "sequence": matcher.sequence})
