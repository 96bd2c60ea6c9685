"""Every command and every block of Python in the pages that people begin with does what it says."""

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
            yield pytest.param(block, id=f"{page}-{number}")


def test_pages_show_what_this_runs():
    for page in PAGES:
        assert {language for language, _ in blocks_of(page)} <= {"console", "python", "text"}
    assert len(list(python_blocks())) >= 6


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
