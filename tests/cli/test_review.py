import pytest

from hashmatch.registry import Registry, Sighting
from hashmatch.types import Hash


@pytest.fixture
def entry(here):
    with Registry.open(here / "var/hashmatch") as registry:
        value = Hash("pdq", b"0123456789abcdef" * 2, 90)
        (added,) = registry.add("default", [value], source="test").entries
        registry.report("site", 1, [Sighting(added, 60, 1, 3)])
    return added


def test_what_is_held_back_is_listed_and_confirmed(run, entry):
    (row,) = run("review", "list", "--json").lines
    assert (row["entry"], row["held"], row["blocked"], row["nearest"]) == (entry, "flood", 60, 3)
    shown = run("review", "list").out
    assert "flood" in shown
    assert "61626364" not in shown  # no hash anywhere
    assert run("review", "confirm", entry).out == f"Entry {entry} is live.\n"
    assert run("review", "list", "--json").lines == []
    assert run("review", "demote", entry, "--reason", "a logo").code == 0
    assert run("review", "list", "--json").lines[0]["held"] == "operator"


@pytest.mark.parametrize("entry", ["-1", str(1 << 63), "one"])
def test_numbers_that_no_entry_has_are_told(run, entry):
    ran = run("review", "confirm", "--", entry)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert entry in ran.err


def test_a_withdrawal_asks_first(run, entry):
    assert run("review", "withdraw", entry, given="n\n").code == 130
    assert run("review", "withdraw", entry, "--yes").code == 0
    gone = run("review", "confirm", entry)
    assert gone.code == 2
    assert "no entry" in gone.err
