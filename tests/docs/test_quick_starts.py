"""Every command and every block of Python in the pages that people begin with does what it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from serving import Started
from showing import blocks, lay_out, parts, run, same

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [
    "start-person.md", "start-platform.md", "start-measure.md",
    "migrating.md", "exchanges.md", "privacy.md",
]  # fmt: skip
ELSEWHERE = "https://registry.example"
"""What stands in the pages for a service; here one is started."""

DRIVERS = {
    "platform_asgi.py": """
import httpx
from platform_asgi import app, guard
async def post(name):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://p") as client:
        return (await client.post("/", files={"f": (name, open(name, "rb"), "image/jpeg")}))
import asyncio
for name in ("upload.jpg", "stranger.jpg"):
    print(name, asyncio.run(post(name)).status_code)
""",
    "platform_fastapi.py": """
from starlette.testclient import TestClient
from platform_fastapi import app
for name in ("upload.jpg", "stranger.jpg"):
    answer = TestClient(app).post("/", files={"f": (name, open(name, "rb"), "image/jpeg")})
    print(name, answer.status_code)
""",
    "platform_flask.py": """
from platform_flask import app
for name in ("upload.jpg", "stranger.jpg"):
    print(name, app.test_client().post("/", data={"f": (open(name, "rb"), name)}).status_code)
""",
    "platform_django/settings.py": """
import os, sys, types
urls = types.ModuleType("urls")
sys.modules["urls"] = urls
from django.conf import settings
from platform_django import settings as shown
settings.configure(ROOT_URLCONF="urls", SECRET_KEY="x", ALLOWED_HOSTS=["*"], MEDIA_ROOT="media",
                   **{name: value for name, value in vars(shown).items() if name.isupper()})
import django; django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from hashmatch.pipeline.guards.django import UploadRefused
def view(request):
    return HttpResponse(", ".join(each.hashmatch.action for each in request.FILES.values()))
urls.urlpatterns = [path("", view)]
for name in ("upload.jpg", "stranger.jpg"):
    status = Client().post("/", {"f": open(name, "rb")}).status_code
    print(name, {403: 422}.get(status, status))
    try:
        default_storage.save(name, ContentFile(open(name, "rb").read()))
    except UploadRefused:
        assert name == "upload.jpg"
    else:
        assert name == "stranger.jpg"
""",
}
"""What sends a refused and a harmless picture to the programs that the pages show."""


def blocks_of(page):
    return blocks((DOCS / page).read_text())


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Photographs, a list that has one of them, and a home."""
    folder = lay_out(tmp_path_factory.mktemp("desk"))
    with Image.open(folder / "holiday.jpg") as picture:
        wide, high = picture.size
        cut = picture.crop((wide // 10, high // 10, wide - wide // 20, high - high // 20))
        cut.save(folder / "cropped.jpg", quality=90)
    run("hashmatch submit holiday.jpg", folder)
    return folder


@pytest.fixture(scope="module")
def service(desk, tmp_path_factory):
    """A service over that list, and a token for it."""
    logs = tmp_path_factory.mktemp("service") / "log"
    made = run("hashmatch token create tester --scope check", desk)
    token = made.split("Token", 1)[1].split()[0]
    with Started(desk / "var" / "hashmatch", logs, "--decoders", "1") as started:
        yield started.url, token


def python_blocks():
    for page in PAGES:
        shown = [block for language, block in blocks_of(page) if language == "python"]
        for number, block in enumerate(shown, 1):
            if not block.startswith("# platform_"):
                yield pytest.param(block, id=f"{page}-{number}")


def named_blocks():
    """The blocks that name the file they are, by that name."""
    shown = [block for page in PAGES for language, block in blocks_of(page) if language == "python"]
    return {
        block.partition("\n")[0].removeprefix("# "): block
        for block in shown
        if block.startswith("# platform_")
    }


def test_pages_show_what_this_runs():
    for page in PAGES:
        assert {language for language, _ in blocks_of(page)} <= {"console", "python", "text"}
    assert len(list(python_blocks())) >= 7
    assert set(DRIVERS) <= set(named_blocks())
    told = {name.partition("/")[0].removesuffix(".py") for name in named_blocks()}
    assert told == {name.partition("/")[0].removesuffix(".py") for name in DRIVERS}


@pytest.mark.parametrize("block", list(python_blocks()))
def test_python_runs(block, desk, service, monkeypatch, capsys):
    url, token = service
    monkeypatch.chdir(desk)
    monkeypatch.setenv("HASHMATCH_TOKEN", token)
    exec(compile(block.replace(ELSEWHERE, url), "page", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own pages
    printed = capsys.readouterr().out
    assert printed.strip()
    if "check(" in block and "var/migrated" not in block:
        assert "block" in printed


def test_guards_refuse_what_is_listed_and_let_others_pass(desk):
    for path, block in named_blocks().items():
        (desk / path).parent.mkdir(exist_ok=True)
        (desk / path).write_text(block)
    # in a process of its own, because Django is set up once and for all
    done = subprocess.run(
        [sys.executable, "-"],
        input="\n".join(["import sys; sys.path.insert(0, '')", *DRIVERS.values()]),
        cwd=desk,
        env={**os.environ, "HOME": str(desk)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = [line for line in done.stdout.splitlines() if ".jpg" in line]
    assert answers == ["upload.jpg 422", "stranger.jpg 200"] * len(DRIVERS)


@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_is_shown(page, tmp_path):
    folder = lay_out(tmp_path)
    number = "0435-7935-0576"  # as the pages have it
    if page != "start-person.md":
        run("hashmatch submit holiday.jpg", folder)
    for language, block in blocks_of(page):
        if language != "console":
            continue
        for command, shown in parts(block):
            found = run(command.replace("0435-7935-0576", number), folder)
            assert same(shown, found), f"$ {command}\n{found}"
            assert "Traceback" not in found
            assert "Usage:" not in found, found
            if "Case number" in found:
                number = found.split("Case number")[1].split()[0]
