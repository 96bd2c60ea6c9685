"""`hashmatch watch` as its users meet it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path


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
