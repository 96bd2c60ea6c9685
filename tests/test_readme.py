"""Every command and every block of code in the README does what the README shows."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from showing import blocks, lay_out, parts, run, same

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = blocks(README)
MAKES = {"demo": "hashmatch demo", "test": "pytest"}
"""What the README's make targets run; tests run the first by itself, and are the second."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with a photograph, a smaller copy of it, and a stranger; and a home of its own."""
    return lay_out(tmp_path_factory.mktemp("desk"))


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


def test_there_is_something_to_test():
    languages = [language for language, _ in BLOCKS]
    assert languages.count("console") >= 3
    assert "python" in languages
    assert set(languages) <= {"console", "python"}


def test_blocks_do_what_they_show(desk):
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
            assert same(shown, found), f"$ {command}\n{found}"


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)`", README))
def test_make_knows_the_targets_it_is_said_to(target):
    assert dry_run(target)


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_lead_somewhere(link):
    assert link.startswith("https://") or (ROOT / link).exists()
