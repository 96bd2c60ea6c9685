"""What pages show, run as their readers would: commands with their output, and Python."""

import doctest
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

# What differs from run to run: case numbers and secret phrases.
DRAWN = [
    (re.compile(r"\b\d{4}-\d{4}-\d{4}\b"), "NUMBER"),
    (re.compile(r"(Secret phrase  |Its secret phrase: )[a-z]+( [a-z]+){5}"), r"\1PHRASE"),
]


def blocks(text):
    """The blocks of code of a page, each with its language."""
    return re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def parts(block):
    """The commands of a console block, each with the output that is shown below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def steady(text):
    for pattern, name in DRAWN:
        text = pattern.sub(name, text)
    return text


def same(shown, found):
    """Whether a command printed what a page shows; ``...`` stands for anything."""
    return doctest.OutputChecker().check_output(steady(shown), steady(found), doctest.ELLIPSIS)


def lay_out(folder):
    """Put a photograph there, a smaller copy of it, and a stranger."""
    import skimage

    photographs = Path(skimage.__file__).parent / "data"
    holiday = (photographs / "rocket.jpg").read_bytes()
    (folder / "holiday.jpg").write_bytes(holiday)
    with Image.open(BytesIO(holiday)) as picture:
        picture.resize((400, 267)).save(folder / "upload.jpg", quality=70)
    with Image.open(photographs / "coffee.png") as picture:
        picture.save(folder / "stranger.jpg")
    return folder


def run(command, folder, **environment):
    """Run a command as a shell would, with `hashmatch` on its PATH; what it printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {
        name: os.environ[name] for name in ("NUMBA_CACHE_DIR", "PYTHONPATH") if name in os.environ
    }
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**kept, "PATH": path, "HOME": str(folder), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout
