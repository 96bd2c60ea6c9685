import shutil

import pytest
from PIL import Image

from hashmatch.cli.leftovers import leftovers


def test_copies_are_found_strangers_are_not_and_nothing_is_left(run, here):
    ran = run("demo", "--json")
    assert ran.code == 0
    rows = [line for line in ran.lines if "expected" in line]
    files = [line for line in ran.lines if "kind" in line]
    assert len(rows) == 7 * 6 + 3
    assert all(row["action"] == row["expected"] for row in rows)
    assert [file["kind"] for file in files] == ["SQLite database"]
    assert not any(file["finding"] for file in files)
    assert {path.name for path in here.rglob("*") if path.is_file()} == {"registry.sqlite3"}


def test_pictures_of_ones_own(run, holiday):
    shutil.copy(holiday / "holiday.jpg", holiday / "album")
    ran = run("demo", "album", "--registry", "kept")
    assert ran.code == 0
    assert "Submitted the fingerprints of 2 photographs as case" in ran.out
    assert "cat.png" in ran.out
    assert "0 of 1 strangers were flagged" in ran.out
    assert "in kept:" in ran.out
    again = run("demo", "album", "--registry", "kept")
    assert again.code == 0


@pytest.mark.usefixtures("holiday")
def test_a_picture_that_cannot_be_decoded_is_named(run):
    ran = run("demo", "holiday.jpg", "cut.jpg", "coffee.png")
    assert ran.code == 2
    assert ran.err.startswith("hashmatch: cut.jpg: ")


@pytest.mark.usefixtures("holiday")
def test_one_picture_is_too_few(run):
    ran = run("demo", "holiday.jpg")
    assert ran.code == 2
    assert "two pictures at least" in ran.err


@pytest.mark.parametrize(
    ("kept", "finding"),
    [
        (lambda picture: picture, "a picture"),
        (lambda picture: b"SQLite format 3\0" + picture, "a picture"),
        (lambda picture: b"x" * 99 + picture[3000:9000], "a piece of a submitted picture"),
        (lambda _picture: b"SQLite format 3\0" + bytes(range(256)) * 40, ""),
    ],
)
def test_the_proof_would_find_a_picture(holiday, kept, finding):
    (holiday / "kept").mkdir()
    (holiday / "kept/file").write_bytes(kept((holiday / "holiday.jpg").read_bytes()))
    (found,) = leftovers(holiday / "kept", [holiday / "holiday.jpg"])
    assert found.finding == finding


def test_the_proof_would_find_pixels(holiday):
    (holiday / "kept").mkdir()
    with Image.open(holiday / "holiday.jpg") as picture:
        (holiday / "kept/raw").write_bytes(picture.convert("RGB").tobytes())
    (found,) = leftovers(holiday / "kept", [holiday / "holiday.jpg"])
    assert found.finding == "a piece of a submitted picture"
