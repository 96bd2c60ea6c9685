"""The route for the audit."""

from typing import Final

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hashmatch.registry import evidence
from hashmatch.service import bodies
from hashmatch.service.node import node_of

_MOST: Final = 10_000


async def show_audit(request: Request) -> Response:
    """`GET /v1/audit`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    after = bodies.number(request, "after", 0, (1 << 63) - 1)
    limit = max(1, bodies.number(request, "limit", 1_000, _MOST))
    lines = await anyio.to_thread.run_sync(node.registry.audit, after, limit)
    return JSONResponse(
        {"lines": [evidence.told(line) for line in lines], "more": len(lines) == limit},
        headers={"cache-control": "no-store"},
    )
