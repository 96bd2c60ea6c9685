"""A body is copied once at most on its way through a guard: the peak of what is allocated tells."""

import asyncio
import tracemalloc

import pytest
from known_uploads import CLEAN
from starlette.requests import Request
from urllib3 import encode_multipart_formdata

from hashmatch.pipeline.guards import CheckUploads
from hashmatch.pipeline.guards.starlette import CheckedFiles

PIECE = 1 << 16
PICTURE = CLEAN + bytes(8_000_000)
FORM, FORM_TYPE = encode_multipart_formdata({"picture": ("a.jpg", PICTURE, "image/jpeg")})
BODIES = {"a form": (FORM, FORM_TYPE), "the body itself": (PICTURE, "image/jpeg")}


class Quiet:
    """A checker that keeps nothing of what it is shown."""

    def __init__(self, verdict):
        self._verdict = verdict
        self.lengths = []

    def check(self, upload):
        self.lengths.append(len(upload))
        return self._verdict


@pytest.fixture
def quiet(checker, monkeypatch, guarded):
    """A guard whose checker only counts bytes."""
    guard = guarded()
    made = Quiet(checker.check(CLEAN))
    monkeypatch.setattr(guard, "_checker", made)
    return guard, made


def middleware(guard):
    taken = []

    async def app(_scope, receive, _send):
        more = True
        while more:
            message = await receive()
            taken.append(message["body"])
            more = message["more_body"]

    checked = CheckUploads(app, guard)
    return lambda scope, receive: checked(scope, receive, None), taken


def dependency(guard):
    taken = []
    files = CheckedFiles(guard)

    async def call(scope, receive):
        taken.extend(each.file.data for each in await files(Request(scope, receive)))

    return call, taken


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("way", [middleware, dependency], ids=lambda way: way.__name__)
def test_a_body_is_copied_once_at_most(quiet, way, kind):
    guard, checker = quiet
    body, content_type = BODIES[kind]
    call, taken = way(guard)
    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", content_type.encode())],
    }
    pieces = [body[start : start + PIECE] for start in range(0, len(body), PIECE)]
    coming = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]
    coming.reverse()

    async def receive():
        return coming.pop()

    async def run():
        await asyncio.to_thread(int)  # the thread is there before anything is counted
        tracemalloc.start()
        try:
            await call(scope, receive)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak = asyncio.run(run())
    assert checker.lengths == [len(PICTURE)]
    assert sum(map(len, taken)) == len(body if way is middleware else PICTURE)
    assert len(PICTURE) <= peak < 1.1 * len(PICTURE)
