"""A Flask extension: the pictures of a request are checked before its view is called."""

import io
from collections.abc import Callable
from typing import IO, Final

from flask import Flask, Request, Response, g, request

from hashmatch.pipeline.guards.guard import Decision, Guard, problem

MAX_BYTES: Final = 100_000_000
_METHODS: Final = frozenset({"POST", "PUT", "PATCH"})


class InMemoryRequest(Request):
    """A request whose files stay in memory: Werkzeug's own go to the disk from 500 kB on."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return io.BytesIO()


class CheckUploads:
    """Checks every file of every form, and every body that is a picture.

    A request with a picture that the guard refuses is answered with problem+json, and its view is
    not called. In others ``flask.g.hashmatch`` has a `Decision` for each file, in their order.

    Args:
        app: the application; or call `init_app` later.
        guard: decides.
        only: says whether a request is to be looked into; by default every POST, PUT and PATCH is.

    The application's ``MAX_CONTENT_LENGTH`` is set to 100 MB where it is not set: bodies are held
    in memory.
    """

    def __init__(
        self,
        app: Flask | None,
        guard: Guard,
        *,
        only: Callable[[Request], bool] | None = None,
    ) -> None:
        self._guard: Final = guard
        self._only: Final = only
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Begin to check the requests of an application."""
        app.request_class = _in_memory(app.request_class)
        if app.config.get("MAX_CONTENT_LENGTH") is None:
            app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES
        app.before_request(self._check)

    def _check(self) -> Response | None:
        g.hashmatch = ()
        if request.method not in _METHODS or (self._only is not None and not self._only(request)):
            return None
        g.hashmatch = tuple(self._decisions(request))
        refused = next((each for each in g.hashmatch if each.is_refused), None)
        return None if refused is None else _answer(refused)

    def _decisions(self, request: Request) -> list[Decision]:
        mimetype = request.mimetype
        if mimetype == "multipart/form-data":
            files = [each for _, each in request.files.items(multi=True)]
            return [
                self._guard.decide(data, declared=(each.mimetype or "").startswith("image/"))
                for each in files
                if (data := _bytes_of(each.stream))
            ]
        if mimetype.startswith("image/") or mimetype == "application/octet-stream":
            data = request.get_data(cache=True)
            return [self._guard.decide(data, declared=mimetype.startswith("image/"))]
        return []


def _in_memory(request_class: type[Request]) -> type[Request]:
    if issubclass(request_class, InMemoryRequest):
        return request_class
    return type(request_class.__name__, (InMemoryRequest, request_class), {})


def _bytes_of(stream: IO[bytes]) -> bytes:
    if isinstance(stream, io.BytesIO):
        return stream.getvalue()  # which is no copy
    stream.seek(0)
    data = stream.read()
    stream.seek(0)
    return data


def _answer(refused: Decision) -> Response:
    content, headers = problem(refused.status, refused.why, refused.words)
    return Response(content, refused.status, headers)
