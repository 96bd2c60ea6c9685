import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from oracle import pdqhash
from PIL import Image

FORBIDDEN = ("numba", "faiss", "sqlalchemy", "alembic", "pyarrow", "cv2", "rich")


def pdq_of(path):
    import numpy as np

    with Image.open(path) as picture:
        bits, quality = pdqhash.compute(np.asarray(picture.convert("RGB")))
    return np.packbits(bits.astype(np.uint8)).tobytes().hex(), quality


def test_a_line_holds_hash_quality_and_file(run, holiday):
    ran = run("hash", "holiday.jpg", "coffee.png")
    assert ran.code == 0
    assert ran.err == ""
    expected = []
    for file in ("holiday.jpg", "coffee.png"):
        code, quality = pdq_of(holiday / file)
        expected.append(f"{code}  {quality}  {file}")
    assert ran.out.splitlines() == expected


def test_json_has_an_object_a_line(run, holiday):
    ran = run("hash", "--json", "holiday.jpg")
    code, quality = pdq_of(holiday / "holiday.jpg")
    assert ran.lines == [{"path": "holiday.jpg", "hasher": "pdq", "hash": code, "quality": quality}]


@pytest.mark.usefixtures("holiday")
def test_a_folder_is_searched_for_pictures(run):
    ran = run("hash", "--json", "album")
    assert [line["path"] for line in ran.lines] == ["album/cat.png", "album/moon.PNG"]


def test_standard_input_is_a_picture(run, holiday):
    ran = run("hash", "--json", "-", given=(holiday / "holiday.jpg").read_bytes())
    assert ran.lines[0]["hash"] == pdq_of(holiday / "holiday.jpg")[0]


@pytest.mark.usefixtures("holiday")
def test_a_refused_picture_does_not_stop_the_others(run):
    ran = run("hash", "notes.jpg", "cut.jpg", "coffee.png")
    assert ran.code == 2
    assert ran.out.endswith("coffee.png\n")
    assert len(ran.out.splitlines()) == 1
    notes, cut = ran.err.splitlines()
    assert notes.startswith("notes.jpg: This is not a picture")
    assert cut.startswith("cut.jpg: The data of this JPEG is cut short")


@pytest.mark.usefixtures("holiday")
def test_json_tells_refusals_by_a_word_for_machines(run):
    ran = run("hash", "--json", "notes.jpg", "cut.jpg")
    assert [(line["path"], line["error"]) for line in ran.lines] == [
        ("notes.jpg", "not_a_picture"),
        ("cut.jpg", "truncated"),
    ]
    assert ran.code == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("hash", "nowhere.jpg"), "there is no file 'nowhere.jpg'"),
        (("hash",), "Missing argument"),
        (("hash", "--hasher", "nosuch", "holiday.jpg"), "nosuch"),
        (("frobnicate",), "No such command 'frobnicate'; there are: hash, submit"),
        (("hash", "--frobnicate", "holiday.jpg"), "No such option"),
    ],
)
@pytest.mark.usefixtures("holiday")
def test_wrong_words_are_told_and_end_with_2(run, arguments, told):
    ran = run(*arguments)
    assert ran.code == 2
    assert told in ran.err
    assert ran.out == ""


def test_a_folder_without_pictures_is_told(run, here):
    (here / "empty").mkdir()
    ran = run("hash", "empty")
    assert ran.code == 2
    assert "has no pictures in it" in ran.err


def test_a_folder_that_cannot_be_searched_is_told_with_the_rest(run, holiday, monkeypatch):
    scan = os.scandir

    def refusing(folder):
        if os.fspath(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return scan(folder)

    (holiday / "album/closed").mkdir()
    monkeypatch.setattr("os.scandir", refusing)
    ran = run("hash", "album")
    assert ran.code == 2
    assert len(ran.out.splitlines()) == 2
    assert ran.err.startswith("album/closed cannot be read: ")


def test_what_is_neither_file_nor_folder_is_told(run, here):
    os.mkfifo(here / "pipe.jpg")
    ran = run("hash", "pipe.jpg")
    assert ran.code == 2
    assert "'pipe.jpg' is neither a file nor a folder" in ran.err


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero here")
def test_standard_input_is_read_up_to_the_limit(holiday):
    import resource

    bound = 8 << 30  # what reads on has no more than this
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [sys.executable, "-m", "hashmatch", "hash", "-"],
            cwd=holiday, stdin=endless, capture_output=True, text=True, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (bound, bound)),
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("-: The file has 50,000,001 bytes")


@pytest.mark.parametrize("hasher", ["md5", "sha256", "phash", "dhash", "ahash", "whash"])
@pytest.mark.usefixtures("holiday")
def test_other_hashers_go_by_name(run, hasher):
    ran = run("hash", "--hasher", hasher, "--json", "holiday.jpg")
    assert ran.code == 0
    assert ran.lines[0]["hasher"] == hasher
    assert bytes.fromhex(ran.lines[0]["hash"])


def test_hashing_loads_nothing_heavy(holiday):
    """The start-up of `hashmatch hash` is what a person waits for."""
    program = (
        "import sys\n"
        "from hashmatch.cli import main\n"
        "try: main(['hash', 'holiday.jpg'])\n"
        "except SystemExit: pass\n"
        f"import json; print(json.dumps([m for m in {FORBIDDEN!r} if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=holiday, check=True, capture_output=True, text=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_the_installed_command_runs(holiday):
    command = Path(sys.executable).with_name("hashmatch")
    done = subprocess.run(
        [command, "hash", "holiday.jpg"], cwd=holiday, check=True, capture_output=True, text=True
    )
    assert done.stdout.endswith("holiday.jpg\n")
