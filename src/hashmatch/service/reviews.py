"""Routes for opinions on entries, reports of matches, and the review of what is held back."""

from functools import partial
from typing import Any, Final

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hashmatch.errors import BadRequestError
from hashmatch.registry import Review, Sighting
from hashmatch.service import answers, bodies
from hashmatch.service.bodies import Fields
from hashmatch.service.node import node_of

_MOST: Final = 10_000


async def give_opinion(request: Request) -> Response:
    """`POST /v1/opinions`."""
    node = node_of(request)
    credential = node.gate.require(request, "check")
    body = await bodies.read_object(request, node.settings.upload_seconds)
    body.only("entry", "match", "reason", "removed")
    give = partial(
        node.registry.give_opinion,
        body.whole("entry"),
        credential.name,
        is_match=body.truth("match"),
        why=body.text("reason", ""),
        removed=body.truth("removed", False),
        operator=credential.allows("operate"),
    )
    given = await anyio.to_thread.run_sync(give)
    return answers.unkept(
        {
            "entry": given.entry,
            "platform": given.platform,
            "match": given.is_match,
            "removed": given.removed,
            "at": given.at.isoformat(),
        },
        201,
    )


async def report(request: Request) -> Response:
    """`POST /v1/reports`."""
    node = node_of(request)
    credential = node.gate.require(request, "check")
    body = await bodies.read_object(request, node.settings.upload_seconds)
    body.only("sequence", "entries")
    sightings = [_sighting(each) for each in body.objects("entries", _MOST)]
    sequence = body.whole("sequence", 0)
    held = await anyio.to_thread.run_sync(
        node.registry.report, credential.name, sequence, sightings
    )
    return JSONResponse({"held": held})


async def show_reviews(request: Request) -> Response:
    """`GET /v1/reviews`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    after = bodies.number(request, "after", 0, (1 << 63) - 1)
    limit = max(1, bodies.number(request, "limit", 1_000, _MOST))
    found = await anyio.to_thread.run_sync(node.registry.reviews, after, limit)
    told = {"reviews": [_told(each) for each in found], "more": len(found) == limit}
    return answers.unkept(told)


async def decide(request: Request) -> Response:
    """`POST /v1/reviews/{entry}`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    text = request.path_params["entry"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequestError("An entry is named by its id, a whole number.")
    body = await bodies.read_object(request, node.settings.upload_seconds)
    body.only("decision", "reason")
    decision: Any = body.text("decision")
    why = body.text("reason", "")
    await anyio.to_thread.run_sync(node.registry.decide, int(text), decision, why)
    return JSONResponse({"entry": int(text), "decision": decision})


def _sighting(fields: Fields) -> Sighting:
    fields.only("entry", "blocked", "reviewed", "nearest")
    return Sighting(
        fields.whole("entry"),
        fields.whole("blocked", 0),
        fields.whole("reviewed", 0),
        fields.whole("nearest", None),
    )


def _told(review: Review) -> dict[str, Any]:
    return {
        "entry": review.entry,
        "list": review.list_name,
        "hasher": review.hasher,
        "quality": review.quality,
        "held": review.held,
        "since": review.since and review.since.isoformat(),
        "created": review.created.isoformat(),
        "blocked": review.blocked,
        "reviewed": review.reviewed,
        "nearest": review.nearest,
        "platforms": review.platforms,
        "true_opinions": review.true_opinions,
        "false_opinions": review.false_opinions,
    }
