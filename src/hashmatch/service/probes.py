"""Routes for those who run the service: is it alive, is it ready, what has it done."""

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hashmatch.service import metrics
from hashmatch.service.node import node_of
from hashmatch.service.openapi import DOCUMENT


async def alive(request: Request) -> Response:
    """`GET /livez`: the process answers; nothing else is said."""
    del request
    return JSONResponse({"state": "alive"})


async def ready(request: Request) -> Response:
    """`GET /readyz`: 200, or 503 with which kind of not being ready it is."""
    node = node_of(request)
    state = node.state
    loaded = state != "not_loaded"
    return JSONResponse(
        {
            "state": state,
            "when_stale": node.settings.when_stale,
            "sequence": node.matcher.sequence if state == "ready" else None,
            "age_seconds": round(node.age, 3) if loaded else None,
        },
        200 if state == "ready" else 503,
        {"cache-control": "no-store"},
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
