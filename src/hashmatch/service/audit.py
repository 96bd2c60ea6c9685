"""Routes for the audit: all of it in order, and what is looked for in it."""

from functools import partial
from typing import Final

import anyio
from starlette.requests import Request
from starlette.responses import Response

from hashmatch.errors import BadRequestError
from hashmatch.registry import evidence
from hashmatch.service import answers, bodies
from hashmatch.service.node import node_of

_MOST: Final = 10_000
_MOST_FOUND: Final = 1_000
_LONGEST: Final = 80


async def show_audit(request: Request) -> Response:
    """`GET /v1/audit`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    after = bodies.number(request, "after", 0, (1 << 63) - 1)
    limit = max(1, bodies.number(request, "limit", 1_000, _MOST))
    lines = await anyio.to_thread.run_sync(node.registry.audit, after, limit)
    told = {"lines": [evidence.told(line) for line in lines], "more": len(lines) == limit}
    return answers.unkept(told)


async def search_audit(request: Request) -> Response:
    """`GET /v1/audit/search`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    before = bodies.number(request, "before", 0, (1 << 63) - 1)
    limit = max(1, bodies.number(request, "limit", 100, _MOST_FOUND))
    wanted = {name: _text(request, name) for name in ("actor", "action", "subject")}
    search = partial(node.registry.search_audit, before or None, limit, **wanted)
    lines = await anyio.to_thread.run_sync(search)
    told = {"lines": [evidence.told(line) for line in lines], "more": len(lines) == limit}
    return answers.unkept(told)


def _text(request: Request, name: str) -> str:
    text = request.query_params.get(name, "").strip()
    # PostgreSQL takes no NUL in a text
    if len(text) > _LONGEST or not text.isprintable():
        raise BadRequestError(
            f"The parameter {name!r} has {_LONGEST} printable characters at most."
        )
    return text
