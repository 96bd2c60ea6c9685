"""ASGI middleware: the pictures of a request are checked before the application sees it.

The body is read into memory, under a cap, and then given to the application as it came: no copy
beside the files themselves, nothing on the disk. (What the application does with the body then is
its own affair: Starlette's and Django's own form parsers write large files to temporary ones.)
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from hashmatch.errors import BadRequestError, BodyTooLargeError, ServiceError
from hashmatch.pipeline.guards.forms import Body, may_have_files
from hashmatch.pipeline.guards.guard import Decision, Guard, problem

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

KEY: Final = "hashmatch"
"""Where ``scope["state"]`` has the decisions: ``request.state.hashmatch`` in Starlette."""

MAX_BYTES: Final = 100_000_000
MAX_FILES: Final = 100


class CheckUploads:
    """Wraps an ASGI application.

    A request with a picture that the guard refuses is answered here, and never reaches the
    application. Others reach it with ``scope["state"]["hashmatch"]``, a tuple of a `Decision` for
    each file, in their order; empty where there was none.

    Args:
        app: the application.
        guard: decides.
        max_bytes: of a body with files; longer ones are answered with 413.
        max_files: of a form; likewise.
        only: says, by a request's scope, whether it is to be looked into; by default every POST,
            PUT and PATCH is, whose body is a form, a picture, or plain bytes.
    """

    def __init__(
        self,
        app: App,
        guard: Guard,
        *,
        max_bytes: int = MAX_BYTES,
        max_files: int = MAX_FILES,
        only: Callable[[Scope], bool] | None = None,
    ) -> None:
        self._app: Final = app
        self._guard: Final = guard
        self._max_bytes: Final = max_bytes
        self._max_files: Final = max_files
        self._only: Final = only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; see the ASGI specification."""
        if not self._is_upload(scope):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        try:
            pieces, decisions = await self._look(headers, receive)
        except _GoneError:
            return
        except ServiceError as error:
            status = 413 if isinstance(error, BodyTooLargeError) else 400
            await _refuse(send, status, error.reason, str(error))
            return
        refused = next((each for each in decisions if each.is_refused), None)
        if refused is not None:
            await _refuse(send, refused.status, refused.why, refused.words)
            return
        scope.setdefault("state", {})[KEY] = decisions
        await self._app(scope, _again(pieces, receive), send)

    def _is_upload(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] not in {"POST", "PUT", "PATCH"}:
            return False
        if self._only is not None and not self._only(scope):
            return False
        return may_have_files(dict(scope["headers"]).get(b"content-type", b""))

    async def _look(
        self, headers: dict[bytes, bytes], receive: Receive
    ) -> tuple[list[bytes], tuple[Decision, ...]]:
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise BadRequestError("Send the body as it is, without Content-Encoding.")
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._max_bytes:
            raise BodyTooLargeError(f"The body has more than {self._max_bytes:,} bytes, the limit.")
        body = Body(
            headers[b"content-type"], most_bytes=self._max_bytes, most_files=self._max_files
        )
        pieces: list[bytes] = []
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _GoneError
            piece = message.get("body", b"")
            more = message.get("more_body", False)
            body.write(piece)
            pieces.append(piece)
        decisions = [
            await self._guard.decide_async(file.data, declared=file.is_declared)
            for file in body.files()
        ]
        return pieces, tuple(decisions)


class _GoneError(Exception):
    """The client has left before all of the body was here."""


def _again(pieces: list[bytes], receive: Receive) -> Receive:
    """Give the body once more, in the pieces that it came in; later messages are the server's."""
    pieces.reverse()

    async def replay() -> Message:
        if not pieces:
            return await receive()
        return {"type": "http.request", "body": pieces.pop(), "more_body": bool(pieces)}

    return replay


async def _refuse(send: Send, status: int, reason: str, words: str) -> None:
    content, told = problem(status, reason, words)
    told["content-length"] = str(len(content))
    headers = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
