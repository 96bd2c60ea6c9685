import json
import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from hashmatch.cli.numbers import Numbers, flat

QUICK = ("--rounds", "1", "--patience", "0.01", "--queries", "20", "--batch", "50")


def bench(run, *arguments):
    return run("bench", "index", "--codes", "uniform", "-n", "300", *QUICK, *arguments)


def test_a_report_is_printed_and_written(run, here):
    ran = bench(run, "--recipe", "flat", "-n", "500", "--threads", "1,2", "--out", "report")
    assert ran.code == 0
    for word in ("Machine: ", "One query, one thread", "Batches", "faiss-flat", "1, same sets"):
        assert word in ran.out, word
    written = ran.err.splitlines()
    assert written[0] == "report/report.html"
    assert all((here / path).stat().st_size for path in written)
    told = json.loads((here / "report/results.json").read_text())
    assert [row["codes"] for row in told["results"]] == [300, 300, 500, 500]


def test_no_table_is_cut_off_in_a_narrow_window(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert "…" not in bench(run, "--recipe", "flat").out


def test_json_is_one_line_that_holds_all(run):
    ran = bench(run, "--recipe", "ring", "--peer", "none", "--json")
    (told,) = ran.lines
    assert told["peer"] is None
    assert told["results"][0]["same"] is True
    assert told["workload"]["codes"] == "uniform"
    assert told["machine"]["cores"] >= 1


def test_all_codes_of_a_file_are_taken_where_no_number_is_given(run, here):
    lines = (f"{number * 7919**9:064x}" for number in range(1, 101))
    (here / "codes.hex").write_text("\n".join(lines))
    ran = run("bench", "index", "--codes", "codes.hex", "--recipe", "flat", *QUICK, "--json")
    assert {row["codes"] for row in ran.lines[0]["results"]} == {90}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--recipe", "rung"], "no recipe 'rung'. Known are faiss-flat"),
        (["--radius", "-1"], "radius lies between 0 and the 256 bits"),
        (["--radius", "1000"], "radius lies between 0 and the 256 bits"),
        (["-n", "1e15"], "this machine has"),
        (["-n", "1e30"], "whole number from 1"),
        (["-n", "0"], "whole number from 1"),
        (["-n", "-5"], "whole number from 1"),
        (["-n", "1.5"], "whole number from 1"),
        (["-n", "nan"], "not a number such as"),
        (["-n", "many"], "not a number such as"),
        (["--batch", "0"], "whole number from 1"),
        (["--threads", "0"], "whole number from 1"),
        (["--codes", "gone.npy"], "gone.npy cannot be read"),
        (["--codes", "list.csv"], "does not tell what file of codes it is"),
        (["--photos", "."], "photographs are for --codes natural"),
        (["--codes", "natural", "--photos", "."], "no files in it"),
    ],
)
def test_wrong_arguments_are_told_with_a_remedy(run, arguments, message):
    ran = bench(run, *arguments)
    assert ran.code == 2
    assert message in " ".join(ran.err.split())
    assert not ran.out


def test_matplotlib_is_asked_for_before_anything_is_measured(run, monkeypatch):
    import sys

    from hashmatch import bench as room

    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr(room, "measure", lambda *_, **__: pytest.fail("too late"), raising=False)
    ran = bench(run, "--out", "report")
    assert ran.code == 2
    assert "pip install 'hashmatch[bench]'" in ran.err


def test_a_place_that_cannot_be_written_is_told_before_anything_is_measured(run, here, monkeypatch):
    from hashmatch import bench as room

    (here / "file").touch()
    monkeypatch.setattr(room, "measure", lambda *_, **__: pytest.fail("too late"), raising=False)
    ran = bench(run, "--out", "file/report")
    assert ran.code == 2
    assert "could not be written to file/report: Not a directory" in ran.err


@pytest.mark.parametrize(
    ("signalled", "code"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, 130)]
)
def test_what_is_ended_early_leaves_no_process_and_no_file(signalled, code, tmp_path):
    """Its processes hold the pipes as well, so that these end with the last of them."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hashmatch", "bench", "index", "--codes", "uniform", "-n", "2000",
         "--rounds", "100000", "--recipe", "flat", "--peer", "none"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    while not list(tmp_path.glob("hashmatch-bench-*/queries.npy")):
        assert process.poll() is None
    process.send_signal(signalled)
    out, _ = process.communicate(timeout=300)
    assert (process.returncode, out) == (code, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("signalled", "code"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, 130)]
)
def test_an_end_that_was_lost_comes_with_the_next_step(signalled, code, run, monkeypatch):
    """Python ignores errors in some callbacks, of signals that come just then as well."""
    from hashmatch import bench as room

    def measure(*_, told, **__):
        with suppress(KeyboardInterrupt, SystemExit):
            signal.raise_signal(signalled)
        told("the next step")
        pytest.fail("it went on")

    monkeypatch.setattr(room, "measure", measure, raising=False)
    before = signal.getsignal(signalled)
    assert bench(run).code == code
    assert signal.getsignal(signalled) is before


def test_hashers_are_measured(run, holiday):
    del holiday
    ran = run("bench", "hash", "holiday.jpg", "album", "--rounds", "1")
    assert ran.code == 0
    assert "3 pictures" in ran.out
    assert "pdq for a check" in ran.out
    told = run("bench", "hash", "holiday.jpg", "--rounds", "1", "--json").lines[0]
    assert told["results"][0]["bits_most"] == 0


def test_files_that_are_no_pictures_end_it(run, holiday):
    del holiday
    ran = run("bench", "hash", "notes.jpg", "--rounds", "1")
    assert ran.code == 2
    assert "hashmatch: " in ran.err


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("1e6", (10**6,)), ("1_000", (1000,)), ("1e4, 2e4,5", (10_000, 20_000, 5))],
)
def test_numbers_are_read_as_people_write_them(text, numbers):
    assert Numbers().convert(text, None, None) == numbers


def test_repeated_options_make_one_rising_list():
    assert flat(((5, 1), (3, 5))) == (1, 3, 5)
    assert flat(()) == ()
