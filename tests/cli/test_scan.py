"""`hashmatch scan` as its users meet it."""

import io

import pyarrow.parquet as pq
import pytest

from hashmatch.cli import progress


def test_a_folder_is_scanned_and_scanned_again(run, holiday):
    assert run("submit", "holiday.jpg").code == 0
    ran = run("scan", "album", "--json")
    assert (ran.code, ran.lines[0]["hashed"], ran.lines[0]["block"]) == (0, 2, 0)
    assert run("submit", "album/cat.png").code == 0
    ran = run("scan", "album")
    assert ran.code == 1
    assert "hashed" not in ran.out
    assert "block           2" in ran.out  # by its looks, and as the very same file
    ran = run("scan", "album", "--json")
    assert (ran.code, ran.lines[0]["codes"]) == (0, 0)
    (part,) = (holiday / "album.scan/matches").iterdir()
    rows = pq.read_table(part).to_pylist()
    assert {(row["path"], row["hasher"], row["distance"]) for row in rows} == {
        ("cat.png", "pdq", 0),
        ("cat.png", "sha256", 0),
    }


@pytest.mark.usefixtures("holiday")
def test_codes_in_parquet_are_scanned_since_a_change(run):
    run("submit", "holiday.jpg")
    run("scan", "album")
    ran = run("scan", "album.scan/hashes", "--out", "again", "--since", "3", "--json")
    assert (ran.code, ran.lines[0]["hashed"], ran.lines[0]["pieces"]) == (0, 0, 0)
    ran = run("scan", "album.scan/hashes", "--since", "9999")
    assert ran.code == 2
    assert "There is no change 9999" in ran.err


def test_a_place_without_an_archive_is_told(run):
    ran = run("scan", "nothing.parquet")
    assert ran.code == 2
    assert ran.err == "hashmatch: There is no Parquet file at nothing.parquet.\n"


def test_a_person_sees_rate_and_time_left(monkeypatch):
    class Screen(io.StringIO):
        def isatty(self):
            return True

    screen = Screen()
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", screen)
    with progress.stages() as told:
        for done in (0, 10, 20):
            told("Scanning", done, 40)
    assert "Scanning" in screen.getvalue()
    assert "20/40" in screen.getvalue()
