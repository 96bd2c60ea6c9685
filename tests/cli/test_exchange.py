"""`hashmatch exchange`, against files and a stand-in of StopNCII."""

import hashlib

import pytest
from standin import Fault

from hashmatch.cli import exchange as command
from hashmatch.exchanges import KINDS
from hashmatch.registry import Fingerprint, Registry
from hashmatch.types import Hash

KEYS = """
subscription_key = "subscription"
fetch_key = "key of FetchHashes"
feedback_key = "key of SubmitFeedback"
submit_key = "key of SubmitHashes"
"""
PLACE = ("--registry", "registry")


def digits(number):
    return hashlib.sha256(str(number).encode()).hexdigest()


@pytest.fixture
def one():
    return Hash.from_hex("pdq", digits(1))


@pytest.fixture
def file(here, run):
    """A file of three hashes and a bad line, as the exchange ``partner``."""
    path = here / "pdq.txt"
    path.write_text("".join(f"pdq {digits(number)}\n" for number in (1, 2, 3)))
    assert run("exchange", "add", "partner", "hma", "--path", path, *PLACE).code == 0
    return path


@pytest.fixture
def server(here, run):
    from standin_stopncii import StopNCIIStandin

    made = StopNCIIStandin()
    keys = here / "keys.toml"
    keys.touch(0o600)
    keys.write_text(KEYS)
    added = run(
        "exchange", "add", "stopncii", "stopncii", "--url", made.url + "/v1",
        "--credentials", keys, *PLACE, "--json",
    )  # fmt: skip
    assert added.code == 0
    assert added.lines[0]["entries"] == 0
    yield made
    made.close()


def test_a_file_is_fetched_from_any_folder(here, run, monkeypatch):
    (here / "pdq.txt").write_text(f"pdq {digits(1)}\n")
    at = ("--registry", here / "registry")
    assert run("exchange", "add", "partner", "hma", "--path", "pdq.txt", *at).code == 0
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    assert run("exchange", "fetch", "--json", *at).lines[0]["added"] == 1


def test_the_help_names_every_kind_and_credential():
    assert tuple(KINDS) == command.KINDS
    for name, kind in KINDS.items():
        assert name in command.EPILOG
        assert all(each.strip("[]") in command.EPILOG for each in kind.credentials)


def test_a_file_from_adding_to_removing(run, file):
    fetched = run("exchange", "fetch", *PLACE)
    assert fetched.code == 0
    assert "3 added, 0 withdrawn" in fetched.out
    file.write_text(f"pdq {digits(1)}\npdq zz\nurl example.org\n")
    (row,) = (again := run("exchange", "fetch", "partner", *PLACE, "--json")).lines
    assert again.code == 2
    assert (row["withdrawn"], row["rejected"], row["skipped"]) == (2, 1, 1)
    assert row["rejections"][0]["where"] == "line 2"
    (shown,) = run("exchange", "list", *PLACE, "--json").lines
    assert (shown["exchange"], shown["entries"], shown["failure"]) == ("partner", 1, None)
    assert "partner" in run("exchange", "list", *PLACE).out
    assert run("exchange", "remove", "partner", *PLACE, given="n\n").code == 130
    removed = run("exchange", "remove", "partner", "--yes", *PLACE)
    assert "1 entries were withdrawn" in removed.out


def test_a_failing_exchange_does_not_stop_the_others(run, file, server, one):
    file.unlink()
    server.list(one)
    ran = run("exchange", "fetch", *PLACE)
    assert ran.code == 2
    assert "pdq.txt" in ran.err
    assert "stopncii: 1 records; 1 added" in ran.out
    rows = {row["exchange"]: row for row in run("exchange", "list", *PLACE, "--json").lines}
    assert rows["partner"]["failure"] == "feed_unreadable"
    assert run("exchange", "fetch", "partner", *PLACE, "--json").lines[0]["error"] == (
        "feed_unreadable"
    )


def test_following(run, server, one, monkeypatch):
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt
        server.list(one, age=1)

    monkeypatch.setattr(command.time, "sleep", pause)
    ran = run("exchange", "fetch", "--follow", "5", *PLACE)
    assert ran.code == 130
    assert pauses == [5, 5]
    assert "1 added" in ran.out.splitlines()[1]


def test_feedback(run, server, one):
    server.list(one)
    run("exchange", "fetch", *PLACE)
    told = ("exchange", "report", "stopncii", "--judgement", "confirmed", "--tag", "Nude", *PLACE)
    assert run(*told, "1").out == "1 sent.\n"
    ((_, body),) = server.told
    assert body["hashFeedbacks"] == [
        {"hashValue": one.hex, "feedbackValue": "Blocked", "tags": ["Nude"]}
    ]
    missing = run(*told, "1", "99", "--json")
    assert missing.code == 2
    assert missing.lines == [{"sent": 1, "rejected": []}]
    assert "99" in missing.err


def test_opinions_are_told_with_each_fetch(run, server, one):
    server.list(one)
    fetch = ("exchange", "fetch", "stopncii", *PLACE)
    assert "told of" not in run(*fetch).out
    with Registry.open("registry") as registry:
        registry.give_opinion(1, "platform", is_match=False)
    ran = run(*fetch, "--json")
    assert ran.lines[1] == {"exchange": "stopncii", "told": 1, "refused": 0, "refusals": []}
    ((_, body),) = server.told
    assert body["hashFeedbacks"] == [
        {"hashValue": one.hex, "feedbackValue": "NotBlocked", "tags": []}
    ]
    assert "told of" not in run(*fetch).out
    with Registry.open("registry") as registry:
        registry.give_opinion(1, "platform", is_match=True)
    server.faults = [None, Fault(400)]
    ran = run(*fetch)
    assert (ran.code, ran.err.splitlines()[-1][:10]) == (2, "stopncii: ")
    assert "told of 1 entries" in run(*fetch).out


def test_a_case_is_submitted_when_one_says_so(run, server, here, one):
    with Registry.open(here / "registry") as registry:
        case = registry.submit([[Fingerprint(one)]])
    told = ("exchange", "submit", "stopncii", "--case", case.number, *PLACE)
    assert run(*told, given="n\n").code == 130
    assert server.told == []
    assert run(*told, given="y\n").out == "1 sent.\n"
    assert server.told[0][1]["hashRecords"][0]["hashValue"] == one.hex
    with Registry.open(here / "registry") as registry:
        registry.withdraw_case(case.number, case.secret_phrase)
    assert "withdrawn" in run(*told, "--yes").err
    assert run("exchange", "submit", "stopncii", "--case", "1", "--yes", *PLACE).code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "x", "other"), "stopncii"),
        (("add", "x", "csv"), "path"),
        (("add", "x", "csv", "--path", "x", "--url", "https://x"), "url"),
        (("add", "x", "ncmec", "--url", "http://example.org"), "https"),
        (("add", "No", "ncmec"), "a-z"),
        (("add", "x", "ncmec", "--list", "none"), "none"),
        (("fetch", "none"), "exchange list"),
        (("report", "partner", "1", "--judgement", "confirmed"), "no feedback"),
        (("remove", "none", "--yes"), "exchange list"),
    ],
)
def test_mistakes(run, file, arguments, words):
    del file
    ran = run("exchange", *arguments, *PLACE)
    assert ran.code == 2
    assert words in ran.err


def test_missing_credentials_are_named(run, here):
    del here
    run("exchange", "add", "ncmec", "ncmec", *PLACE)
    ran = run("exchange", "fetch", *PLACE)
    assert ran.code == 2
    assert "HASHMATCH_EXCHANGE_NCMEC_USER" in ran.err
