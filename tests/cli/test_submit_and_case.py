import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

NUMBER = re.compile(r"Case number    (\d{4}-\d{4}-\d{4})")
PHRASE = re.compile(r"Secret phrase  (.+)")


@pytest.mark.usefixtures("holiday")
def test_submitting_gives_a_case_that_can_be_shown_and_taken_back(run):
    ran = run("submit", "holiday.jpg", "album")
    assert ran.code == 0
    assert "The fingerprints of 3 pictures are on the list 'default'." in ran.out
    number, phrase = NUMBER.search(ran.out)[1], PHRASE.search(ran.out)[1]

    shown = run("case", "show", number, "--json").lines[0]
    assert (shown["case"], shown["state"], shown["active"]) == (number, "open", 6)

    wrong = run("case", "withdraw", number, given="not my words\n")
    assert wrong.code == 2
    assert run("case", "show", number, "--json").lines[0]["active"] == 6

    taken = run("case", "withdraw", number, "--json", given=phrase.upper() + "\n")
    assert taken.lines[0]["state"] == "withdrawn"
    assert taken.lines[0]["active"] == 0
    assert run("list", "show", "--json").lines[0]["entries"] == 0


@pytest.mark.usefixtures("holiday")
def test_json_gives_the_receipt(run):
    ran = run("submit", "--json", "holiday.jpg")
    receipt = ran.lines[0]
    assert receipt["list"] == "default"
    words = "This picture is being looked for."
    assert receipt["pictures"] == [
        {"path": "holiday.jpg", "state": "live", "reason": None, "words": words}
    ]
    assert len(receipt["secret_phrase"].split()) == 6
    assert run("case", "show", receipt["case"]).code == 0


def test_no_picture_and_no_path_is_kept(run, holiday):
    run("submit", "holiday.jpg")
    kept = b"".join(p.read_bytes() for p in (holiday / "var").rglob("*") if p.is_file())
    picture = (holiday / "holiday.jpg").read_bytes()
    assert b"holiday" not in kept
    assert not any(picture[at : at + 24] in kept for at in range(0, len(picture) - 24, 997))


def test_a_picture_with_little_in_it_is_submitted_with_a_word_about_it(run, here):
    Image.new("RGB", (300, 200), "white").save(here / "blank.png")
    ran = run("submit", "blank.png")
    assert ran.code == 0
    assert "nearly flat" in ran.err
    assert NUMBER.search(ran.out)
    assert "parts" not in ran.out  # of which it has none


@pytest.mark.usefixtures("holiday")
def test_what_cannot_be_submitted_is_told(run):
    some = run("submit", "holiday.jpg", "notes.jpg")
    assert some.code == 2
    assert "The fingerprints of 1 picture are on the list" in some.out
    assert some.err.startswith("notes.jpg: This is not a picture")
    none = run("submit", "notes.jpg")
    assert none.code == 2
    assert none.out == ""
    assert "Nothing was submitted" in none.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["words", "json"])
def test_a_case_whose_phrase_nobody_could_read_is_taken_back(run, holiday, form):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hashmatch", "submit", "holiday.jpg", *form],
            cwd=holiday, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "taken back" in done.stderr
    assert "Traceback" not in done.stderr
    assert run("list", "show", "--json").lines[0]["entries"] == 0


@pytest.mark.usefixtures("holiday")
def test_a_number_that_is_none_is_told_before_the_phrase_is_asked_for(run):
    ran = run("case", "withdraw", "12345", given="")
    assert ran.code == 2
    assert "Secret phrase" not in ran.err
    assert "not a case number" in ran.err


@pytest.mark.usefixtures("holiday")
def test_a_case_taken_back_tells_that_others_have_the_same(run):
    first = run("submit", "holiday.jpg", "--json").lines[0]
    run("submit", "holiday.jpg")
    ran = run("case", "withdraw", first["case"], given=first["secret_phrase"] + "\n")
    assert "looked for now: 2 of 2 (somebody else has them looked for, too)" in ran.out


@pytest.mark.usefixtures("holiday")
def test_an_unknown_list_or_case_is_told(run):
    assert "There is no hash list 'nosuch'" in run("submit", "holiday.jpg", "--list", "nosuch").err
    assert "not a case number" in run("case", "show", "12345").err


def test_the_registry_may_be_named_by_the_environment(run, holiday, monkeypatch):
    monkeypatch.setenv("HASHMATCH_REGISTRY", str(holiday / "elsewhere"))
    assert run("submit", "holiday.jpg").code == 0
    assert (holiday / "elsewhere").is_dir()
    assert not (holiday / "var").exists()
