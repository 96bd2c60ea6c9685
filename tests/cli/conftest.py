"""The command line as its users meet it: arguments in; output, errors and an exit code out."""

import errno
import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from hashmatch.cli import main


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        """The output as JSON, a value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder that commands run in, with a home of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("HASHMATCH_REGISTRY", raising=False)
    return tmp_path


@pytest.fixture
def run(here, capsys, monkeypatch):
    """Run a command; what it reads from standard input may be given."""
    del here

    def run(*arguments, given=b""):
        given = given.encode() if isinstance(given, str) else given
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(ended.value.code, captured.out, captured.err)

    return run


@pytest.fixture
def fill_disk(monkeypatch):
    """Called, it lets files that are written at once get half of it, and then the disk is full."""

    def half(path, text, **_):
        data = text.encode() if isinstance(text, str) else text
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fill():
        monkeypatch.setattr(Path, "write_bytes", half)
        monkeypatch.setattr(Path, "write_text", half)

    return fill


@pytest.fixture
def holiday(here):
    """Two photographs, a stranger, and files that are no pictures."""
    import skimage

    data = Path(skimage.__file__).parent / "data"
    for name, file in (("rocket.jpg", "holiday.jpg"), ("coffee.png", "coffee.png")):
        shutil.copy(data / name, here / file)
    (here / "album").mkdir()
    shutil.copy(data / "chelsea.png", here / "album/cat.png")
    shutil.copy(data / "moon.png", here / "album/moon.PNG")
    (here / "album/notes.txt").write_text("not looked at")
    (here / "notes.jpg").write_text("not a picture")
    (here / "cut.jpg").write_bytes((here / "holiday.jpg").read_bytes()[:5000])
    return here
