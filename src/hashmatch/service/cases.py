"""Routes for persons: open a case, look it up, take it back."""

from functools import partial
from typing import Any, Final

import anyio
from starlette.requests import Request
from starlette.responses import Response

from hashmatch import packed
from hashmatch.errors import BadRequestError
from hashmatch.matching import submit as submit_pictures
from hashmatch.registry import DEFAULT_LIST, Case, CaseClock
from hashmatch.service import answers, bodies, submissions
from hashmatch.service.node import node_of

_CASE_COSTS: Final = 20
"""What a case takes of what a client may submit, beside one for each fingerprint."""
_PARTS_DIGITS: Final = 2 * packed.LONGEST
"""Of the parts and tiles of one picture, in hexadecimal."""


async def open_case(request: Request) -> Response:
    """`POST /v1/cases`."""
    node = node_of(request)
    if not node.settings.open_intake:
        node.gate.require(request, "submit")
    # parts come with another fingerprint of their picture: half of them all, and these are long
    room = bodies.JSON_BYTES + node.settings.case_hashes // 2 * _PARTS_DIGITS
    body = await bodies.read_object(request, node.settings.upload_seconds, room)
    body.only("list", "pictures")
    pictures = submissions.pictures_from(body, node.settings.case_hashes)
    turn = node.phrase_turn()  # before anything is spent: that it is busy here is nobody's fault
    node.rates.spend(request, _CASE_COSTS + sum(map(len, pictures)))
    work = partial(
        submit_pictures,
        node.registry,
        pictures,
        body.text("list", DEFAULT_LIST),
        retry_key=request.headers.get("idempotency-key"),
    )
    receipt = await anyio.to_thread.run_sync(work, limiter=turn)
    node.metrics.cases.labels("opened").inc()
    return answers.unkept(
        {
            "case": receipt.number,
            "secret_phrase": receipt.secret_phrase,
            "entries": len(receipt.entries),
            "sequence": receipt.sequence,
            "pictures": submissions.told(receipt.pictures),
        },
        201,
        {"location": f"/v1/cases/{receipt.number}"},
    )


async def show_case(request: Request) -> Response:
    """`GET /v1/cases/{number}`."""
    node = node_of(request)
    number = request.path_params["number"]
    case = await anyio.to_thread.run_sync(node.registry.case, number)
    return _response(case, await anyio.to_thread.run_sync(node.registry.case_clock, case.number))


async def show_overdue(request: Request) -> Response:
    """`GET /v1/cases/overdue`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    found = await anyio.to_thread.run_sync(node.registry.overdue_cases)
    told = {"cases": [{"case": each.number, **_clock(each)} for each in found]}
    return answers.unkept(told)


async def withdraw_case(request: Request) -> Response:
    """`POST /v1/cases/{number}/withdrawal`."""
    node = node_of(request)
    phrase = request.headers.get("secret-phrase")
    if not phrase:
        raise BadRequestError("The secret phrase goes into the header Secret-Phrase.")
    case = await anyio.to_thread.run_sync(
        node.registry.withdraw_case,
        request.path_params["number"],
        phrase,
        limiter=node.phrase_turn(),
    )
    node.metrics.cases.labels("withdrawn").inc()
    return _response(case, await anyio.to_thread.run_sync(node.registry.case_clock, case.number))


def _clock(clock: CaseClock) -> dict[str, Any]:
    return {
        "deadline": clock.deadline.isoformat(),
        "platforms": [each.told() for each in clock.platforms],
        "true_opinions": clock.true_opinions,
        "false_opinions": clock.false_opinions,
    }


def _response(case: Case, clock: CaseClock) -> Response:
    return answers.unkept(
        {
            "case": case.number,
            "state": case.state,
            "list": case.list_name,
            "created": case.created.isoformat(),
            "withdrawn": case.withdrawn and case.withdrawn.isoformat(),
            "entries": case.entries,
            "active": case.active,
            "in_review": case.in_review,
            "pictures": submissions.told(case.pictures),
            **_clock(clock),
        }
    )
