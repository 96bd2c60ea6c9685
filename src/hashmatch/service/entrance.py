"""What every request passes: an id, a clock, a line in the log, and errors made into problems."""

import logging
import re
import secrets
import time
from typing import Any, Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hashmatch.errors import HashmatchError
from hashmatch.service import problems
from hashmatch.service.buckets import refund
from hashmatch.service.logs import LOGGER, note

_UNAVAILABLE: Final = 503
_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Entrance:
    """Pure ASGI: a request costs a few microseconds here, and bodies are not touched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _request_id(scope)
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        reason = None
        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            reason = "disconnected"
        except Exception as error:  # noqa: BLE001 - the last place to make an answer of it
            reason = error.reason if isinstance(error, HashmatchError) else "internal"
            if reason == "internal":
                LOGGER.exception("failed", extra={"fields": {"id": request_id.decode()}})
            if not status:
                await problems.of(error)(scope, receive, send_with_id)
        if status == _UNAVAILABLE:
            refund(scope)
        _note(scope, request_id, status, reason, time.perf_counter() - began)


def _request_id(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ID.fullmatch(value):
            given: bytes = value
            return given
    return secrets.token_hex(8).encode()


def _note(scope: Scope, request_id: bytes, status: int, reason: str | None, seconds: float) -> None:
    """The route stands in for the path, in which a case number may be."""
    route: str = scope.get("route_path", "other")
    # a stranger may choose the method; what is no method is not made into a label
    method = scope["method"] if route != "other" else "other"
    metrics = scope["app"].state.node.metrics
    metrics.requests.labels(method, route, str(status)).inc()
    metrics.seconds.labels(route).observe(seconds)
    if reason is not None:
        metrics.refusals.labels(reason).inc()
    fields: dict[str, Any] = {
        "id": request_id.decode(),
        "method": method,
        "route": route,
        "status": status,
        "ms": round(1000 * seconds, 2),
    }
    if reason is not None:
        fields["reason"] = reason
    note("request", logging.WARNING if status >= 500 else logging.INFO, **fields)
