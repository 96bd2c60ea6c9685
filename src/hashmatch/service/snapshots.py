"""Routes for followers far away: the snapshot that is served here, file by file, from any byte."""

from pathlib import Path
from typing import Any, Final

import anyio
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from hashmatch.errors import SnapshotError, SnapshotNotFoundError
from hashmatch.indexes import snapshot
from hashmatch.matching import Folder
from hashmatch.service import answers
from hashmatch.service.node import Node, node_of

_NONE: Final = (
    "There is no such snapshot here. Ask for /v1/snapshot again; where there is none yet, follow "
    "/v1/changes from 0."
)


class _File(FileResponse):
    chunk_size = 1 << 20


async def show(request: Request) -> Response:
    """`GET /v1/snapshot`."""
    node = node_of(request)
    node.gate.require(request, "check")
    number = node.matcher.generation
    place, manifest = await anyio.to_thread.run_sync(_open, node, str(number))
    del place
    told = {"generation": number, "sequence": manifest["index"]["sequence"], "manifest": manifest}
    return answers.unkept(told)


async def send(request: Request) -> Response:
    """`GET /v1/snapshot/{generation}/{file}`; a Range may ask for a part."""
    node = node_of(request)
    node.gate.require(request, "check")
    number, name = request.path_params["generation"], request.path_params["file"]
    place, manifest = await anyio.to_thread.run_sync(_open, node, number)
    facts = manifest["files"].get(name)
    path = place / name
    if facts is None:
        raise SnapshotNotFoundError(_NONE)
    try:
        stat = await anyio.to_thread.run_sync(path.stat)
    except OSError:
        raise SnapshotNotFoundError(_NONE) from None
    headers = {"etag": f'"{facts["sha256"]}"', "cache-control": "no-store"}
    return _File(path, headers=headers, stat_result=stat, media_type="application/octet-stream")


def _open(node: Node, number: str) -> tuple[Path, dict[str, Any]]:
    if not isinstance(node.snapshots, Folder) or not (number.isdecimal() and number.isascii()):
        raise SnapshotNotFoundError(_NONE)
    place = node.snapshots.place(int(number[:18]))
    try:
        return place, snapshot.manifest_of(place)
    except SnapshotError:
        raise SnapshotNotFoundError(_NONE) from None
