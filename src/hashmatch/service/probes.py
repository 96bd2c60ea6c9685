"""Routes for those who run the service: is it alive, is it ready, what has it done."""

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hashmatch.service import answers, metrics
from hashmatch.service.node import node_of
from hashmatch.service.openapi import DOCUMENT


async def alive(request: Request) -> Response:
    """`GET /livez`: the process answers; nothing else is said."""
    del request
    return JSONResponse({"state": "alive"})


async def ready(request: Request) -> Response:
    """`GET /readyz`: 200, or 503 with which kind of not being ready it is, of all processes."""
    node = node_of(request)
    standing = node.crew.standing()
    is_ready = standing.state == "ready"
    return answers.unkept(
        {
            "state": standing.state,
            "when_stale": node.settings.when_stale,
            "sequence": standing.sequence if is_ready else None,
            "age_seconds": None if standing.age is None else round(standing.age, 3),
            "processes": standing.processes,
        },
        200 if is_ready else 503,
    )


async def count(request: Request) -> Response:
    """`GET /metrics`."""
    node = node_of(request)
    text = await anyio.to_thread.run_sync(node.metrics_text)
    return Response(text, headers={"content-type": metrics.CONTENT_TYPE})


async def describe(request: Request) -> Response:
    """`GET /openapi.json`."""
    del request
    return JSONResponse(DOCUMENT)
