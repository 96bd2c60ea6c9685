"""One suite for every framework: what is refused never reaches the view, what goes on is whole."""

import io
import sys
import tempfile

import pytest
from known_uploads import AWAY, BLOCKED, CLEAN, REVIEWED, TEXT
from serving import served
from urllib3 import encode_multipart_formdata

from hashmatch.pipeline.guards import CheckUploads
from hashmatch.pipeline.guards.flask import CheckUploads as FlaskCheckUploads
from hashmatch.pipeline.guards.starlette import CheckedFile, CheckedFiles

LARGE = CLEAN + bytes(3_000_000)


class Views:
    """What the view of an application was called with: files, and decisions."""

    def __init__(self):
        self.calls = []

    def note(self, files, decisions):
        self.calls.append((list(files), [each.action for each in decisions]))


def asgi(guard, views):
    """A Starlette application behind the middleware; it reads the form itself."""
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def view(request):
        decisions = getattr(request.state, "hashmatch", ())
        if request.headers.get("content-type", "").startswith("multipart/"):
            async with request.form() as form:
                files = [await each.read() for each in form.getlist("picture")]
        else:
            files = [await request.body()]
        views.note(files, decisions)
        return PlainTextResponse("taken")

    app = Starlette(routes=[Route("/", view, methods=["POST", "GET"])])
    return asgi_client(CheckUploads(app, guard, max_bytes=5_000_000, max_files=4))


def asgi_client(app):
    with served(app) as client:

        def post(body, kind):
            answer = client.post("/", content=body, headers={"content-type": kind})
            return answer.status_code

        yield post


def fastapi(guard, views):
    """A FastAPI application with the dependency."""
    from typing import Annotated

    from fastapi import Depends, FastAPI

    app = FastAPI()
    checked = CheckedFiles(guard, max_bytes=5_000_000, max_files=4)

    @app.post("/")
    def view(files: Annotated[tuple[CheckedFile, ...], Depends(checked)]):
        views.note([each.file.data for each in files], [each.decision for each in files])

    return asgi_client(app)


def flask(guard, views):
    from flask import Flask, g, request

    app = Flask("platform")
    app.config["MAX_CONTENT_LENGTH"] = 5_000_000
    FlaskCheckUploads(app, guard)

    @app.post("/")
    def view():
        files = [each.read() for each in request.files.getlist("picture")]
        if not request.mimetype.startswith("multipart/"):
            files = [request.get_data()]
        views.note(files, g.hashmatch)
        return "taken"

    client = app.test_client()

    def post(body, kind):
        return client.post("/", data=body, content_type=kind).status_code

    yield post


def django(guard, views):
    """A project of one view. Django is set up once in a process; what it uses is found anew."""
    import django as package
    from django.conf import settings
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import clear_url_caches, path

    if not settings.configured:
        settings.configure(
            FILE_UPLOAD_HANDLERS=["hashmatch.pipeline.guards.django.CheckedUploadHandler"],
            HASHMATCH_GUARD="platform_project.guard",
            HASHMATCH_MAX_BYTES=5_000_000,
            ALLOWED_HOSTS=["*"],
            ROOT_URLCONF="platform_project",
        )
        package.setup()

    def view(request):
        files = request.FILES.getlist("picture")
        views.note([each.read() for each in files], [each.hashmatch for each in files])
        return HttpResponse("taken")

    project = type(sys)("platform_project")
    project.guard, project.urlpatterns = guard, [path("", view)]
    sys.modules["platform_project"] = project
    clear_url_caches()
    client = Client(raise_request_exception=False)

    def post(body, kind):
        return client.post("/", data=body, content_type=kind).status_code

    yield post


@pytest.fixture(params=[asgi, fastapi, flask, django], ids=lambda each: each.__name__)
def platform(request, guarded):
    """Makes an application of one framework, with a guard of these settings."""
    started = []

    def make(**settings):
        views = Views()
        application = request.param(guarded(**settings), views)
        started.append(application)
        return next(application), views

    yield make
    for application in started:
        next(application, None)


def form(*datas, kind="image/jpeg"):
    fields = [("note", "no file")]
    fields += [("picture", (f"{n}.jpg", data, kind)) for n, data in enumerate(datas)]
    return encode_multipart_formdata(fields)


REFUSED = {403, 422}


def test_a_refused_picture_never_reaches_the_view(platform):
    post, views = platform()
    assert post(*form(CLEAN, BLOCKED)) in REFUSED
    assert views.calls == []
    assert post(*form(CLEAN)) == 200
    assert views.calls == [([CLEAN], ["pass"])]


def test_what_goes_on_is_whole_and_has_its_decisions(platform):
    post, views = platform()
    assert post(*form(CLEAN, REVIEWED, LARGE)) == 200
    assert views.calls == [([CLEAN, REVIEWED, LARGE], ["pass", "hold", "pass"])]


@pytest.mark.parametrize("platform", [asgi, fastapi, flask], indirect=True)  # Django has forms only
def test_a_picture_as_the_body(platform):
    post, views = platform()
    assert post(BLOCKED, "image/jpeg") in REFUSED
    assert views.calls == []
    assert post(CLEAN, "image/jpeg") == 200
    assert views.calls == [([CLEAN], ["pass"])]


def test_other_files_go_on(platform):
    post, views = platform(undecodable="refuse")
    assert post(*form(TEXT, kind="text/plain")) == 200
    assert views.calls == [([TEXT], ["pass"])]


def test_fail_open_and_fail_closed(platform):
    post, views = platform(unavailable="refuse")
    assert post(*form(AWAY)) in {503, 403}
    assert views.calls == []
    post, views = platform(unavailable="pass")
    assert post(*form(AWAY)) == 200
    assert views.calls == [([AWAY], ["pass"])]


def test_a_shadow_refuses_nothing(platform):
    post, views = platform(shadow=True)
    assert post(*form(BLOCKED)) == 200
    assert views.calls == [([BLOCKED], ["pass"])]


def test_a_body_that_is_too_large(platform):
    post, views = platform()
    assert post(*form(CLEAN + bytes(6_000_000))) in {400, 413}
    assert views.calls == []


def test_no_temporary_file_holds_an_upload(platform, monkeypatch, tmp_path):
    """Up to where the guard's part ends: the middleware leaves the form to the application."""
    opened, watching = [], True
    sys.addaudithook(lambda event, args: event == "open" and watching and opened.append(args[0]))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with tempfile.TemporaryFile():
        pass
    assert [name for name in opened if str(name).startswith(str(tmp_path))]  # it would be seen
    opened.clear()
    post, _ = platform()
    assert post(*form(BLOCKED + bytes(3_000_000))) in REFUSED
    watching = False
    assert not [name for name in opened if str(name).startswith(str(tmp_path))]
    assert list(tmp_path.iterdir()) == []


def test_the_middleware_leaves_other_requests_alone(guarded, checker):
    views = Views()
    application = asgi(guarded(), views)
    post = next(application)
    assert post(b'{"a": 1}', "application/json") == 200
    assert views.calls == [([b'{"a": 1}'], [])]
    assert checker.seen == []
    next(application, None)


def test_the_storage_of_django_checks_what_is_saved(guarded, tmp_path):
    application = django(guarded(), Views())
    next(application)
    from django.core.files.base import ContentFile
    from django.core.files.storage import FileSystemStorage

    from hashmatch.pipeline.guards.django import CheckedStorage, UploadRefused

    storage = CheckedStorage(FileSystemStorage(tmp_path))
    assert storage.save("clean.jpg", ContentFile(CLEAN)) == "clean.jpg"
    with storage.open("clean.jpg") as file:
        assert file.read() == CLEAN
    assert storage.exists("clean.jpg")
    assert storage.size("clean.jpg") == len(CLEAN)
    with pytest.raises(UploadRefused) as refused:
        storage.save("blocked.jpg", ContentFile(BLOCKED))
    assert refused.value.decision.why == "checked"
    assert [path.name for path in tmp_path.iterdir()] == ["clean.jpg"]
    storage.delete("clean.jpg")
    assert not storage.exists("clean.jpg")


def test_flask_keeps_the_request_class_of_the_application(guarded):
    from flask import Flask, Request

    class Ours(Request):
        pass

    app = Flask("platform")
    app.request_class = Ours
    FlaskCheckUploads(app, guarded())
    assert issubclass(app.request_class, Ours)
    stream = app.request_class({"REQUEST_METHOD": "POST"})._get_file_stream(None, None)
    assert isinstance(stream, io.BytesIO)
