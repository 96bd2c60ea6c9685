"""Each example is started as it says itself, and given a listed picture and a harmless one."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from serving import until
from showing import lay_out, run
from storing import object_store

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SERVERS = {
    "platform_asgi": ("uvicorn", "platform_asgi:app", "--port", "{port}"),
    "platform_fastapi": ("uvicorn", "platform_fastapi:app", "--port", "{port}"),
    "platform_flask": ("flask", "--app", "platform_flask", "run", "--port", "{port}"),
    "platform_django": ("platform_django", "runserver", "--noreload", "127.0.0.1:{port}"),
}
SECRET = "5d" * 32


@pytest.fixture
def desk(tmp_path):
    """Photographs, and a list that has one of them."""
    folder = lay_out(tmp_path)
    run("hashmatch submit holiday.jpg", folder)
    return folder


@contextlib.contextmanager
def started(desk, *command, **environment):
    """A program of the examples in a process of its own, which ends with the block."""
    known = f"{EXAMPLES}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with (desk / "errors").open("w") as errors:
        process = subprocess.Popen(
            command,
            cwd=desk,
            env={**os.environ, "PYTHONPATH": known, "PATH": beside, **environment},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextlib.contextmanager
def listening(desk, *command, **environment):
    """The same for a server: its URL, when it answers there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [part.format(port=port) for part in command]
    with started(desk, sys.executable, "-m", *command, **environment) as process:

        def answers():
            assert process.poll() is None, (desk / "errors").read_text()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True

        until(answers, seconds=60)
        yield f"http://127.0.0.1:{port}", process


def stored(desk):
    folder = desk / "stored"
    return {path.read_bytes() for path in folder.iterdir()} if folder.exists() else set()


def test_every_example_is_run_here():
    told = {path.stem for path in EXAMPLES.iterdir() if path.suffix in {".py", ".sh"}}
    assert told == {*SERVERS, "webhook_sender", "webhook_receiver", "watch"}


@pytest.mark.parametrize("name", SERVERS)
def test_what_is_listed_is_never_stored(desk, name):
    listed, harmless = ((desk / each).read_bytes() for each in ("upload.jpg", "stranger.jpg"))
    with listening(desk, *SERVERS[name]) as (url, _), httpx.Client(base_url=url) as client:
        ways = [lambda data: client.post("/", files={"picture": ("a.jpg", data, "image/jpeg")})]
        if name == "platform_django":
            ways.append(lambda data: client.post("/body", content=data))
        for post in ways:
            answer = post(listed)
            assert answer.status_code in {403, 422}
            assert stored(desk) <= {harmless}
            assert post(harmless).status_code == 200
            assert stored(desk) == {harmless}


def test_a_receiver_believes_what_the_sender_signed(desk):
    with listening(desk, "webhook_receiver", "{port}", WEBHOOK_SECRET=SECRET) as (url, receiver):
        forged = httpx.post(url, content=b"{}", headers={"Hashmatch-Signature": "v1=00"})
        assert forged.status_code == 401
        command = [sys.executable, str(EXAMPLES / "webhook_sender.py"), url]
        with started(desk, *command, "stranger.jpg", "upload.jpg", WEBHOOK_SECRET=SECRET) as sender:
            told, _ = sender.communicate(timeout=120)
        assert told == "stranger.jpg pass\nupload.jpg refuse\n"
        assert receiver.stdout.readline() == "upload.jpg refuse\n"


@contextlib.contextmanager
def a_folder(desk):
    (desk / "incoming").mkdir()
    for name in ("upload.jpg", "stranger.jpg"):
        (desk / name).rename(desk / "incoming" / name)
        then = time.time() - 60
        os.utime(desk / "incoming" / name, (then, then))
    yield "incoming", "sorted", lambda: [path.name for path in (desk / "incoming").iterdir()]


@contextlib.contextmanager
def a_bucket(desk):
    with object_store() as store:
        for name in ("upload.jpg", "stranger.jpg"):
            store.put_file(str(desk / name), f"uploads/incoming/{name}")
        there = "s3://uploads"
        yield f"{there}/incoming", f"{there}/sorted", lambda: store.find("uploads/incoming")


@pytest.mark.parametrize("place", [a_folder, a_bucket], ids=lambda place: place.__name__)
def test_what_arrives_is_sorted(desk, place):
    with place(desk) as (incoming, target, left):
        command = ["sh", str(EXAMPLES / "watch.sh"), incoming, target]
        with started(desk, *command, EVERY="0.05") as process:
            told = [json.loads(process.stdout.readline()) for _ in range(2)]
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0, (desk / "errors").read_text()
        assert {each["path"]: each["moved_to"] for each in told} == {
            "upload.jpg": f"{target}/blocked/upload.jpg",
            "stranger.jpg": f"{target}/clean/stranger.jpg",
        }
        assert left() == []
