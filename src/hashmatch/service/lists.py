"""Routes for operators and followers: hash lists, their entries, and the feed of changes."""

from functools import partial
from typing import Any, Final

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hashmatch.errors import BadRequestError
from hashmatch.registry import Change, HashList, ListSettings
from hashmatch.service import answers, bodies
from hashmatch.service.node import node_of

_MOST_CHANGES: Final = 10_000
_MOST_HASHES: Final = 10_000


async def show_lists(request: Request) -> Response:
    """`GET /v1/lists`."""
    node = node_of(request)
    node.gate.require(request, "check")
    found = await anyio.to_thread.run_sync(node.registry.lists)
    return JSONResponse({"lists": [_told(each) for each in found]})


async def show_list(request: Request) -> Response:
    """`GET /v1/lists/{name}`."""
    node = node_of(request)
    node.gate.require(request, "check")
    name = request.path_params["name"]
    found = await anyio.to_thread.run_sync(node.registry.hash_list, name)
    count = await anyio.to_thread.run_sync(node.registry.count_entries, name)
    return JSONResponse({**_told(found), "entries": count})


async def create_list(request: Request) -> Response:
    """`POST /v1/lists`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    body = await bodies.read_object(request, node.settings.upload_seconds)
    name = body.text("name")
    settings = {key: value for key, value in body.rest().items() if key != "name"}
    made = await anyio.to_thread.run_sync(partial(node.registry.create_list, name, **settings))
    return JSONResponse(_told(made), 201, {"location": f"/v1/lists/{made.name}"})


async def change_list(request: Request) -> Response:
    """`PATCH /v1/lists/{name}`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    body = await bodies.read_object(request, node.settings.upload_seconds)
    body.only(*ListSettings.__annotations__)
    name = request.path_params["name"]
    change = partial(node.registry.update_list, name, **body.rest())
    return JSONResponse(_told(await anyio.to_thread.run_sync(change)))


async def remove_list(request: Request) -> Response:
    """`DELETE /v1/lists/{name}`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    name = request.path_params["name"]
    return JSONResponse(
        {"withdrawn": await anyio.to_thread.run_sync(node.registry.remove_list, name)}
    )


async def add_entries(request: Request) -> Response:
    """`POST /v1/lists/{name}/entries`."""
    node = node_of(request)
    credential = node.gate.require(request, "operate")
    body = await bodies.read_object(request, node.settings.upload_seconds)
    body.only("hashes", "source")
    add = partial(
        node.registry.add,
        request.path_params["name"],
        body.hashes(_MOST_HASHES),
        source=body.text("source", credential.name),
    )
    added = await anyio.to_thread.run_sync(add)
    return JSONResponse(
        {"entries": added.entries, "new": len(added.new), "sequence": added.sequence}, 201
    )


async def withdraw_entries(request: Request) -> Response:
    """`POST /v1/entries/withdrawal`."""
    node = node_of(request)
    node.gate.require(request, "operate")
    body = await bodies.read_object(request, node.settings.upload_seconds)
    ids = body.only("entries").array("entries", _MOST_HASHES)
    if not all(type(entry) is int and 0 < entry < 1 << 63 for entry in ids):
        raise BadRequestError("The member 'entries' holds ids of entries, whole numbers.")
    gone = await anyio.to_thread.run_sync(node.registry.withdraw, ids)
    return JSONResponse({"withdrawn": gone})


async def follow(request: Request) -> Response:
    """`GET /v1/changes`."""
    node = node_of(request)
    credential = node.gate.require(request, "check")
    after = bodies.number(request, "after", 0, (1 << 63) - 1)
    limit = bodies.number(request, "limit", 1_000, _MOST_CHANGES)
    changes = await anyio.to_thread.run_sync(node.registry.follow, after, max(1, limit))
    newest = await anyio.to_thread.run_sync(node.registry.sequence)
    # who asks for more has what was before, but nobody has what is still to come
    node.reporter.note_served(credential.name, min(after, newest))
    return answers.unkept(
        {
            "changes": [_change(change) for change in changes],
            "sequence": changes[-1].sequence if changes else after,
            "more": bool(changes) and changes[-1].sequence < newest,
            "newest": newest,
        }
    )


def _change(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sequence": change.sequence,
        "kind": change.kind,
        "list": change.list_id,
        "at": change.at.isoformat(),
    }
    if change.entry is not None:
        told["entry"] = change.entry
    if change.held is not None:
        told["held"] = change.held
    if change.parts is not None:
        told["parts"] = change.parts.hex()
    if change.code is not None:
        told |= {"hasher": change.hasher, "hash": change.code.hex(), "quality": change.quality}
    return told


def _told(each: HashList) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "created": each.created.isoformat(),
        **{setting: getattr(each, setting) for setting in ListSettings.__annotations__},
    }
