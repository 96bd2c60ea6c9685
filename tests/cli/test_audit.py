import json
import sqlite3

import pytest

from hashmatch.registry import Fingerprint, Registry, Sighting
from hashmatch.types import Hash


@pytest.fixture
def number(here):
    """A case that a platform has seen something of."""
    code = bytes.fromhex("8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376")
    with Registry.open(here / "var/hashmatch") as registry:
        receipt = registry.submit([[Fingerprint(Hash("pdq", code, 90))]])
        registry.report("site", receipt.sequence, [Sighting(receipt.entries[0], 1, 1)])
    return receipt.number


def cut(here, after):
    with sqlite3.connect(here / "var/hashmatch/registry.sqlite3") as connection:
        connection.execute("DELETE FROM audit WHERE number > ?", [after])
        connection.execute("UPDATE counters SET value = ? WHERE name = 'audit'", [after])
    connection.close()


def test_a_head_finds_what_was_cut_off(run, here, number):
    run("list", "create", "one")
    head = run("audit", "head")
    (here / "head.json").write_text(head.out)
    public = head.lines[0]["public_key"]
    run("list", "create", "two")
    good = run("audit", "verify", "--head", "head.json", "--public-key", public, "--json")
    assert good.lines[0]["lines"] == 3
    cut(here, 1)
    assert run("audit", "verify").code == 0
    bad = run("audit", "verify", "--head", "head.json")
    assert bad.code == 2
    assert "had 2 lines before" in bad.err
    wrong = run("audit", "verify", "--head", "head.json", "--public-key", "00" * 32)
    assert "another key" in wrong.err
    altered = json.loads(head.out) | {"lines": 1}
    (here / "head.json").write_text(json.dumps(altered))
    assert "altered" in run("audit", "verify", "--head", "head.json").err
    assert number in run("audit", "show").out


def test_evidence_of_a_case(run, here, number):
    made = run("audit", "export", number, "--to", "evidence")
    assert made.code == 0
    assert run("audit", "verify", "--bundle", "evidence", "--json").lines[0]["case"] == number
    report = json.loads((here / "evidence/evidence.json").read_text())
    assert report["platforms"][0]["state"] == "to_review"
    kept = "".join(path.read_text() for path in (here / "evidence").iterdir())
    assert "8792786c" not in kept
    assert run("audit", "export", number, "--to", "evidence").code == 2
    with (here / "evidence/timeline.csv").open("a") as file:
        file.write("2026-01-01,nobody,nothing\n")
    altered = run("audit", "verify", "--bundle", "evidence")
    assert altered.code == 2
    assert "timeline.csv" in altered.err


def test_evidence_that_was_not_finished_is_not_left(run, here, number, fill_disk):
    run("audit", "head")  # makes the key
    fill_disk()
    ran = run("audit", "export", number, "--to", "evidence")
    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert not (here / "evidence").exists()


def test_what_was_done_is_shown(run, number):
    (line,) = run("audit", "show", "--subject", f"case {number}", "--json").lines
    assert (line["action"], line["actor"]) == ("case.open", "person")


def test_a_case_tells_its_platforms_and_deadlines(run, here, number):
    shown = run("case", "show", number)
    assert "site: has it since" in shown.out
    assert "1 blocked, 1 to review" in shown.out
    told = run("case", "show", number, "--json").lines[0]
    assert told["platforms"][0]["state"] == "to_review"
    assert run("case", "overdue").code == 0
    with sqlite3.connect(here / "var/hashmatch/registry.sqlite3") as connection:
        for table, column in (("cases", "created_at"), ("sightings", "first_at")):
            connection.execute(f"UPDATE {table} SET {column} = {column} - 200000")  # noqa: S608
    connection.close()
    late = run("case", "overdue", "--json")
    assert late.code == 1
    assert [(each["case"], each["platform"]) for each in late.lines] == [(number, "site")]
    assert number in run("case", "overdue").out
