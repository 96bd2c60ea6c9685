"""Any ASGI application, here Starlette's: `uvicorn platform_asgi:app`."""

import os
from pathlib import Path
from uuid import uuid4

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from hashmatch import Matcher
from hashmatch.pipeline.guards import CheckUploads, EdgePolicy, Guard

STORED = Path("stored")
STORED.mkdir(exist_ok=True)


async def upload(request):
    decisions = request.state.hashmatch  # one for each file, in their order
    async with request.form() as form:
        for file, decision in zip(form.getlist("picture"), decisions, strict=True):
            (STORED / f"{uuid4()}-{decision.action}").write_bytes(await file.read())
    return PlainTextResponse("taken")


matcher = Matcher.open(os.environ.get("HASHMATCH_REGISTRY", "var/hashmatch"))
guard = Guard(matcher, EdgePolicy(unavailable="refuse"))
app = CheckUploads(Starlette(routes=[Route("/", upload, methods=["POST"])]), guard)
