"""A scan finds what a matcher finds, once, and goes on after whatever stopped it."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hashmatch.errors import ArchiveError
from hashmatch.matching import ACTIONS, Matcher
from hashmatch.matching.archives import RESULTS
from hashmatch.pipeline.scan import journal, parts, run, scan
from hashmatch.registry import Registry
from hashmatch.types import Hash

GENERATOR = np.random.default_rng(3)


def near(code, distance):
    bits = np.unpackbits(code)
    bits[GENERATOR.choice(256, distance, replace=False)] ^= 1
    return np.packbits(bits)


BASE = GENERATOR.integers(0, 256, (15, 32), np.uint8)


def some(count):
    of = GENERATOR.integers(15, size=count)
    return np.array([near(BASE[k], int(GENERATOR.integers(30))) for k in of])


def add(registry, count):
    registry.add("default", [Hash("pdq", code.tobytes(), 90) for code in some(count)], source="t")


@pytest.fixture
def archive(tmp_path):
    """Two files of two row groups each: codes as bytes, and as text."""
    (tmp_path / "archive").mkdir()
    for number, kind in enumerate((pa.binary(32), pa.string())):
        codes = some(60)
        values = [code.tobytes().hex() if number else code.tobytes() for code in codes]
        table = pa.table(
            {
                "path": [f"{number}-{row}.jpg" for row in range(60)],
                "hash": pa.array(values, kind),
                "quality": pa.array(GENERATOR.choice([40, 60, 90], 60).astype(np.int32)),
                "more": ["not looked at"] * 60,
            }
        )
        pq.write_table(table, tmp_path / f"archive/{number}.parquet", row_group_size=35)
    return tmp_path / "archive"


@pytest.fixture
def scanned(tmp_path, archive):
    """`scanned(**arguments)`: the summary, and all rows that were ever found."""

    def go(**arguments):
        summary = scan(archive, tmp_path / "out", tmp_path / "registry", **arguments)
        return summary, rows_in(summary.matches)

    return go


def rows_in(folder):
    parts = sorted(Path(folder).glob("*.parquet"))
    tables = [pq.read_table(part) for part in parts]
    assert all(table.schema == RESULTS for table in tables)
    return [row for table in tables for row in table.to_pylist()]


def keys(rows):
    names = ("path", "entry", "list", "distance", "action", "verdict")
    found = [tuple(row[name] for name in names) for row in rows]
    assert len({*found}) == len(found), "a match was told twice"
    return {*found}


def expected(registry, archive, after=0):
    found = set()
    with Matcher(registry) as matcher:
        for file in sorted(archive.iterdir()):
            table = pq.read_table(file)
            values = table.column("hash").to_pylist()
            raw = b"".join(bytes.fromhex(v) if isinstance(v, str) else v for v in values)
            codes = np.frombuffer(raw, np.uint8).reshape(-1, 32)
            qualities = table.column("quality").to_numpy().astype(np.int16)
            judged = matcher.match_lists(codes, qualities)
            rows = np.repeat(np.arange(len(codes)), np.diff(judged.matches.offsets))
            for place, row in enumerate(rows):
                entry = int(judged.matches.ids[place])
                if entry > after:
                    found.add(
                        (
                            table.column("path")[int(row)].as_py(),
                            entry,
                            judged.lists[judged.list_of[place]].name,
                            int(judged.matches.distances[place]),
                            ACTIONS[judged.actions[place]],
                            ACTIONS[judged.verdicts[row]],
                        )
                    )
    return found


@pytest.mark.parametrize("threads", [1, 2, 9])
def test_a_scan_finds_what_a_matcher_finds(registry, archive, scanned, threads, monkeypatch):
    """Whether each piece has a thread to itself, or all share in each."""
    monkeypatch.setattr(run, "threads", lambda: threads)
    add(registry, 40)
    summary, rows = scanned()
    assert keys(rows) == expected(registry, archive)
    assert summary.codes == 120
    assert summary.block + summary.review == len(rows) > 100
    assert summary.sequence == registry.sequence()
    assert {Path(row["file"]).name for row in rows} == {"0.parquet", "1.parquet"}
    for row in rows:
        assert row["path"].endswith(f"-{row['row']}.jpg")
        assert (row["hasher"], row["sequence"]) == ("pdq", summary.sequence)


def test_a_second_scan_looks_at_what_is_new_only(registry, archive, scanned):
    add(registry, 20)
    first, before = scanned()
    again, same = scanned()
    assert (again.codes, again.pieces, same) == (0, 0, before)
    add(registry, 20)
    second, rows = scanned()
    assert second.codes == first.codes
    # a verdict is of its time: what was only to be looked at then may be blocked now
    assert {key[:5] for key in keys(rows)} == {key[:5] for key in expected(registry, archive)}
    newer = [row for row in rows if row["entry"] > 20]
    assert keys(newer) == expected(registry, archive, after=20)
    assert second.block + second.review == len(rows) - len(before) > 0
    pq.write_table(
        pa.table({"hash": pa.array([BASE[0].tobytes()], pa.binary()), "path": ["new.jpg"]}),
        archive / "2.parquet",
    )
    third, more = scanned()
    assert third.codes == 1
    assert {row["path"] for row in more} - {row["path"] for row in rows} == {"new.jpg"}


def test_a_scan_since_a_change_looks_for_later_entries(registry, archive, scanned):
    add(registry, 20)
    sequence = registry.sequence()
    add(registry, 20)
    _, rows = scanned(since=sequence)
    assert keys(rows) == expected(registry, archive, after=20)
    summary, rows = scanned()
    assert summary.codes == 0  # it goes on where that one ended
    _, rows = scanned(since=0)
    assert {key[1] for key in {*keys_of_all(rows)}} > {*range(21, 41)}
    with pytest.raises(ArchiveError, match=f"the registry is at change {registry.sequence()}"):
        scanned(since=registry.sequence() + 1)


def keys_of_all(rows):
    return [(row["path"], row["entry"]) for row in rows]


def test_a_torn_line_and_unfinished_files_are_as_if_they_were_not_there(
    registry, tmp_path, archive, scanned
):
    add(registry, 30)
    scanned()
    out = tmp_path / "out"
    whole = (out / journal.NAME).read_bytes()
    lines = whole.splitlines(keepends=True)
    (out / journal.NAME).write_bytes(b"".join(lines[:2]) + lines[2][:25])
    (out / "matches/unfinished-1.parquet").write_bytes(b"PAR1")
    summary, rows = scanned()
    assert summary.pieces == 2
    assert keys(rows) == expected(registry, archive)
    assert sorted((out / journal.NAME).read_bytes().splitlines(keepends=True)) == sorted(lines)


KILLED = """
    import os, sys
    from hashmatch.pipeline.scan import journal, parts, run
    step, *places = sys.argv[1:]
    home, name = {"written": (parts, "put"), "noted": (journal.Journal, "done")}[step]
    inner = getattr(home, name)
    def told(*arguments):
        inner(*arguments)
        os.write(1, b"here\\n")  # at once, whatever other threads write
        sys.stdin.readline()
    setattr(home, name, told)
    run.scan(*places)
"""


@pytest.mark.parametrize("step", ["written", "noted"])
def test_a_scan_that_is_killed_goes_on_and_loses_nothing(
    registry, tmp_path, archive, scanned, step
):
    add(registry, 30)
    places = [str(archive), str(tmp_path / "out"), str(tmp_path / "registry")]
    for wait in (1, 2):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED), step, *places],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            for line in range(wait):
                if line:
                    process.stdin.write("\n")
                    process.stdin.flush()
                assert process.stdout.readline() == "here\n"
            process.send_signal(signal.SIGKILL)
        finally:
            process.kill()
            process.communicate()
    summary, rows = scanned()
    assert summary.pieces == 1 or step == "written"  # of four; each noted is done for good
    assert keys(rows) == expected(registry, archive)


def test_what_was_done_before_a_disk_was_full_is_kept(registry, archive, scanned, monkeypatch):
    add(registry, 30)
    put, written = parts.put, []

    def full(place, table):
        if len(written) == 2:
            raise ArchiveError("no space left")
        written.append(place)
        put(place, table)

    monkeypatch.setattr(run, "threads", lambda: 1)
    monkeypatch.setattr(parts, "put", full)
    with pytest.raises(ArchiveError, match="no space left"):
        scanned()
    monkeypatch.setattr(parts, "put", put)
    summary, rows = scanned()
    assert summary.pieces in {2, 3}  # the other one at work may be done, and not be noted
    assert keys(rows) == expected(registry, archive)


def test_codes_of_other_registries_are_not_gone_on_with(registry, tmp_path, archive, scanned):
    add(registry, 5)
    scanned()
    with Registry.open(tmp_path / "other") as other:
        other.create_list("another")
        add(other, 9)
    with pytest.raises(ArchiveError, match="against another registry"):
        scan(archive, tmp_path / "out", tmp_path / "other")


def test_two_scans_do_not_work_in_one_folder(tmp_path, scanned, registry):
    add(registry, 1)
    program = (
        "import sys, pathlib\nfrom hashmatch.matching import turn\n"
        "with turn(pathlib.Path(sys.argv[1]) / 'lock', wait=True): print(1, flush=True); input()"
    )
    (tmp_path / "out").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "out")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout.readline() == b"1\n"
        with pytest.raises(ArchiveError, match="Another scan is at work"):
            scanned()
    finally:
        process.kill()
        process.communicate()
    assert scanned()[0].codes == 120


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"code": [b"1"]}, "has no column 'hash'; it has 'code'"),
        ({"hash": [1]}, "'hash' of .* must be bytes, or hexadecimal text, not int64"),
        ({"hash": [b"1"], "quality": ["good"]}, "'quality' of .* must be whole numbers"),
    ],
)
def test_what_is_no_archive_is_refused_in_words(tmp_path, table, words):
    pq.write_table(pa.table(table), tmp_path / "archive.parquet")
    with pytest.raises(ArchiveError, match=words):
        scan(tmp_path / "archive.parquet", tmp_path / "out", tmp_path / "registry")


def test_what_a_view_supposes_says_how_near_its_code_has_to_be(tmp_path, registry):
    registry.add("default", [Hash("pdq", BASE[0].tobytes(), 90)], source="t")
    most = {None: 45, "original": 45, "flip-x": 40, "rectangle-1/wider": 40, "trimmed/flip-x": 31}
    views = [view for view in most for _ in range(2)]
    codes = [near(BASE[0], bits + more).tobytes() for bits in most.values() for more in (0, 1)]
    table = {"path": map(str, range(10)), "hash": codes, "quality": [90] * 10, "view": views}
    (tmp_path / "seen").mkdir()
    pq.write_table(pa.table({name: [*each] for name, each in table.items()}),
                   tmp_path / "seen/0.parquet")  # fmt: skip
    summary = scan(tmp_path / "seen", tmp_path / "out", tmp_path / "registry")
    found = {(row["view"], row["distance"]) for row in rows_in(summary.matches)}
    assert found == {(view or "original", bits) for view, bits in most.items()}


@pytest.mark.usefixtures("registry")
def test_files_that_are_none_are_refused(tmp_path):
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and no more")
    for name, words in (("torn.parquet", "is damaged"), ("none.parquet", "no Parquet file at")):
        with pytest.raises(ArchiveError, match=words):
            scan(tmp_path / name, tmp_path / "out", tmp_path / "registry")


def test_a_service_is_scanned_against_as_a_folder_is(
    registry, archive, scanned, url, token, tmp_path
):
    add(registry, 30)
    _, rows = scanned()
    summary = scan(archive, tmp_path / "far", url, token=token)
    assert keys(rows_in(summary.matches)) == keys(rows)
