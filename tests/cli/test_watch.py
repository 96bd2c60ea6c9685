"""`hashmatch watch` as its users meet it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from storing import object_store


def settle(folder):
    then = time.time() - 60
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def test_files_are_told_and_moved(run, holiday):
    assert run("submit", "album/cat.png").code == 0
    settle(holiday / "album")
    ran = run("watch", "album", "--once", "--json")
    told = {line["path"]: line for line in ran.lines}
    assert {path: line["action"] for path, line in told.items()} == {
        "cat.png": "refuse",
        "moon.PNG": "pass",
        "notes.txt": "pass",
    }
    assert {match["hasher"] for match in told["cat.png"]["matches"]} == {"pdq", "sha256"}
    assert "hash" not in told["cat.png"]
    ran = run("watch", "album", "--once", "--refused-to", "blocked", "--shadow")
    assert "blocks it" in ran.out
    assert not (holiday / "blocked").exists()
    ran = run("watch", "album", "--once", "--refused-to", "blocked")
    assert f"It is now {Path('blocked/cat.png')}." in ran.out
    assert (holiday / "blocked/cat.png").exists()
    assert not (holiday / "album/cat.png").exists()


def test_a_file_that_cannot_be_moved_ends_with_its_own_code(run, holiday):
    settle(holiday / "album")
    (holiday / "file").touch()
    ran = run("watch", "album", "--once", "--passed-to", "file/clean")
    assert ran.code == 2
    assert "cannot be moved" in ran.out
    assert (holiday / "album/cat.png").exists()
    ran = run("watch", "album", "--every", "0")
    assert (ran.code, "0.0 is not in the range" in ran.err) == (2, True)


def test_objects_are_told_and_moved(run, holiday):
    run("submit", "album/cat.png")
    with object_store("platform") as store:
        store.put(str(holiday / "album"), "platform/incoming", recursive=True)
        ran = run(
            "watch", "s3://platform/incoming", "--once", "--json",
            "--passed-to", "s3://platform/clean", "--refused-to", "s3://platform/blocked",
        )  # fmt: skip
        assert {line["path"]: line["moved_to"] for line in ran.lines} == {
            "cat.png": "s3://platform/blocked/cat.png",
            "moon.PNG": "s3://platform/clean/moon.PNG",
            "notes.txt": "s3://platform/clean/notes.txt",
        }
        assert store.find("platform/incoming") == []
        ran = run("scan", "s3://platform/clean", "--json")
        assert (ran.code, ran.lines[0]["hashed"], ran.lines[0]["block"]) == (0, 1, 0)
    ran = run("watch", "s3://platform/incoming", "--once")
    assert ran.code == 2
    assert "s3://platform/incoming cannot be listed" in ran.err


def test_it_ends_in_order_when_it_is_asked_to(run, holiday):
    run("submit", "album/cat.png")
    settle(holiday / "album")
    command = [sys.executable, "-m", "hashmatch", "watch", "album", "--every", "0.05", "--json"]
    process = subprocess.Popen(command, cwd=holiday, stdout=subprocess.PIPE, text=True)
    try:
        for _ in range(3):
            assert process.stdout.readline().startswith("{")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()
