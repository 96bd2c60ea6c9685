"""Every command and every block of code in the README does what the README shows."""

import doctest
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
MAKES = {"demo": "hashmatch demo", "test": "pytest"}
"""What the README's make targets run; tests run the first by itself, and are the second."""

# What differs from run to run: case numbers and secret phrases.
DRAWN = [
    (re.compile(r"\b\d{4}-\d{4}-\d{4}\b"), "NUMBER"),
    (re.compile(r"(Secret phrase  |Its secret phrase: )[a-z]+( [a-z]+){5}"), r"\1PHRASE"),
]


def steady(text):
    for pattern, name in DRAWN:
        text = pattern.sub(name, text)
    return text


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with a photograph, a smaller copy of it, and a stranger; and a home of its own."""
    import skimage

    photographs = Path(skimage.__file__).parent / "data"
    folder = tmp_path_factory.mktemp("desk")
    holiday = (photographs / "rocket.jpg").read_bytes()
    (folder / "holiday.jpg").write_bytes(holiday)
    with Image.open(BytesIO(holiday)) as picture:
        picture.resize((400, 267)).save(folder / "upload.jpg", quality=70)
    with Image.open(photographs / "coffee.png") as picture:
        picture.save(folder / "stranger.jpg")
    return folder


def run(command, folder):
    """Run a command of the README as a shell would, with `hashmatch` on its PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout


def dry_run(target):
    """What make would run for a target; these tests may be running under a make themselves."""
    command = ["make", "--dry-run", "--no-print-directory", target]
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return done.stdout


def of_make(command, folder):
    """The command that a make target ends in, once it has installed what it needs."""
    target = command.removeprefix("make ")
    told = dry_run(target)
    last = told.splitlines()[-1]
    assert MAKES[target] in last
    return run(MAKES[target], folder) if target == "demo" else ""


def parts(block):
    """The commands of a console block, each with the output that is shown below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def test_there_is_something_to_test():
    languages = [language for language, _ in BLOCKS]
    assert languages.count("console") >= 3
    assert "python" in languages
    assert set(languages) <= {"console", "python"}


def test_blocks_do_what_they_show(desk):
    check = doctest.OutputChecker()
    for language, block in BLOCKS:
        if language == "python":
            compile(block, "README.md", "exec")
            found = run(f"python - <<'EOF'\n{block}EOF", desk)
            assert "Traceback" not in found, found
            assert found
            continue
        for command, shown in parts(block):
            found = (of_make if command.startswith("make ") else run)(command, desk)
            if not shown and command == "make test":
                continue
            same = check.check_output(steady(shown), steady(found), doctest.ELLIPSIS)
            assert same, f"$ {command}\n{found}"


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)`", README))
def test_make_knows_the_targets_it_is_said_to(target):
    assert dry_run(target)


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_lead_somewhere(link):
    assert link.startswith("https://") or (ROOT / link).exists()
