"""Routes for those who watch over a registry: counts, and how its exchanges are."""

from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response

from hashmatch.registry import ExchangeState, Statistics
from hashmatch.service import answers
from hashmatch.service.node import node_of


async def show_statistics(request: Request) -> Response:
    """`GET /v1/statistics`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    found = await anyio.to_thread.run_sync(node.registry.statistics)
    overdue = await anyio.to_thread.run_sync(node.registry.count_overdue_cases)
    return answers.unkept(_counts(found, overdue))


async def show_exchanges(request: Request) -> Response:
    """`GET /v1/exchanges`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    found = await anyio.to_thread.run_sync(node.registry.exchanges)
    return answers.unkept({"exchanges": [_exchange(each) for each in found]})


def _counts(found: Statistics, overdue: int) -> dict[str, Any]:
    return {
        "at": found.at.isoformat(),
        "lists": [
            {
                "name": each.name,
                "entries": each.entries,
                "held": each.held,
                "blocked": each.blocked,
                "reviewed": each.reviewed,
            }
            for each in found.lists
        ],
        "held": found.held,
        "cases": {
            "open": found.open_cases,
            "withdrawn": found.withdrawn_cases,
            "overdue": overdue,
        },
        "matches_by_hour": [
            {"at": at.isoformat(), "matches": matches} for at, matches in found.matches
        ],
        "cases_by_day": [
            {"at": at.isoformat(), "opened": opened, "withdrawn": withdrawn}
            for at, opened, withdrawn in found.cases
        ],
    }


def _exchange(state: ExchangeState) -> dict[str, Any]:
    """Without its settings, which say where it is and where its credentials are kept."""
    times = {
        name: at and at.isoformat()
        for name, at in (
            ("created", state.created),
            ("fetched", state.fetched),
            ("completed", state.completed),
            ("failed", state.failed),
        )
    }
    return {
        "name": state.name,
        "kind": state.kind,
        "list": state.list_name,
        "entries": state.entries,
        "rejected": state.rejected,
        "whole": state.whole,
        "failure": state.failure,
        **times,
    }
