"""The console as operators use it, in real browsers, against a service as it is run."""

import json
import re
import secrets
from datetime import timedelta
from unittest import mock

import numpy as np
import pytest
from serving import Started
from web.browsers import WEB
from web.traffic import by_the_page, is_of_the_browser

from hashmatch.registry import Fingerprint, Registry, Sighting, clock
from hashmatch.types import Hash

BROWSERS = {
    "chrome": ["signing_in", "trouble", "views", "gallery", "decisions"],
    "firefox": ["signing_in", "views", "decisions"],
}
EACH = 3  # entries that one browser decides on


class Seeded:
    """A registry in which there is something to be seen in every view."""

    def __init__(self, place):
        self.place = place
        self._random = np.random.default_rng(5)
        with Registry.open(place) as registry:
            self.token = registry.issue_credential("anna", {"operate"}).token
            self.other_token = registry.issue_credential("photo site", {"check"}).token
            registry.issue_credential("forum", {"check"})
            registry.create_list("harmless", allow_list=True)
            registry.create_list("partner-feed", threshold=20, action="review", flood_matches=0)
            self._fill(registry)
            self._exchange(registry)
            with registry._database.writing() as connection:  # all have been here for longer
                connection.exec_driver_sql("UPDATE credentials SET created_at = created_at - 4e6")

    def codes(self, count):
        return [each.tobytes() for each in self._random.integers(0, 256, (count, 32), np.uint8)]

    def _fill(self, registry):
        now = clock.now()
        hashes = [Hash("pdq", code, 90) for code in self.codes(40)]
        added = registry.add("default", hashes, source="test").entries
        registry.add("partner-feed", hashes[:7], source="partner")
        self.listed = hashes[-1]
        for hours in range(24):
            with mock.patch.object(clock, "now", lambda at=now - timedelta(hours=hours): at):
                count = int(self._random.integers(0, 9))
                registry.report("photo site", 0, [Sighting(added[-1], count, 0, 8)])
        self.held = {
            browser: added[EACH * at : EACH * at + EACH] for at, browser in enumerate(BROWSERS)
        }
        for one, two, three in self.held.values():
            registry.report("photo site", 0, [Sighting(one, 1234, 5, 0), Sighting(two, 60, 1, 30)])
            registry.decide(three, "demote", "a logo")
        for days in (25, 12, 12, 3, 3, 0):
            hour = clock.this_hour() - timedelta(days=days)
            with mock.patch.object(clock, "this_hour", lambda at=hour: at):
                picture = [Fingerprint(Hash("pdq", self.codes(1)[0], 80))]
                self.case = registry.submit([picture])
        registry.report("forum", registry.sequence() - 2)

    @staticmethod
    def _exchange(registry):
        registry.add_exchange("partner", "csv", "partner-feed", {"path": "/secret/place"})
        registry.note_exchange_failure("partner", "exchange_unavailable")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory, built):
    if not (built / "console.en.html").is_file():
        pytest.skip("the console is not built here: python native/build_web.py")
    return Seeded(tmp_path_factory.mktemp("console") / "registry")


@pytest.fixture(scope="module")
def watched(seeded, tmp_path_factory):
    """`hashmatch serve` with that registry, which has been asked for matches."""
    with Started(seeded.place, tmp_path_factory.mktemp("logs") / "log") as started:
        codes = {"codes": [seeded.listed.hex, seeded.codes(1)[0].hex()]}
        bearer = {"Authorization": f"Bearer {seeded.other_token}"}
        started.client.post("/v1/matches", json=codes, headers=bearer).raise_for_status()
        yield started


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request):
    return request.param


@pytest.fixture(scope="module")
def outcomes(browser, visit, watched, seeded, screenshots):
    entries = seeded.held[browser]
    return visit(
        browser, "console", BROWSERS[browser], url=watched.url, token=seeded.token,
        wrong_token=f"hm_{secrets.token_hex(6)}_{secrets.token_urlsafe(32)}",
        other_token=seeded.other_token, entries=entries, subject=f"entry {entries[2]}",
        screenshots=screenshots,
    )  # fmt: skip


@pytest.fixture
def facts(outcomes):
    """`facts(name)`: what a scenario saw."""

    def of(name):
        if name not in outcomes:
            pytest.skip("this is looked at in another browser")
        assert outcomes[name]["ok"], outcomes[name]["error"]
        return outcomes[name]["facts"]

    return of


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("nothing", "Enter the token"),
        ("password", "Nothing was sent"),
        ("wrong", "expired, been revoked"),
        ("other", "scope operate"),
        ("away", "cannot be reached"),
    ],
)
def test_a_token_that_does_not_do_is_refused_in_words(facts, what, words):
    assert words in facts("signing_in")["said"][what]


def test_what_is_no_token_is_not_sent(facts):
    assert by_the_page(facts("signing_in")["sent"]) == []


def test_the_token_is_in_the_memory_of_the_tab_only(facts, seeded, watched):
    seen = facts("signing_in")
    kept = seen["kept"]
    assert (kept["field"], kept["stores"]) == ("", ["", 0, 0])
    assert kept["address"] == f"{watched.url}/console"
    assert seeded.token not in kept["page"]
    assert seen["out"] == [0, True, "sign-in-title"]


def test_the_token_goes_to_its_own_service_in_one_header(facts, seeded, watched):
    traffic = [each for each in facts("signing_in")["traffic"] if watched.url in each["url"]]
    carrying = [each for each in traffic if seeded.token in json.dumps(each)]
    assert carrying
    for each in carrying:
        assert each["headers"].pop("authorization") == f"Bearer {seeded.token}"
        assert seeded.token not in json.dumps(each)
        assert each["url"].startswith(f"{watched.url}/v1/")
    assert not {"cookie", "referer"} & {name for each in traffic for name in each["headers"]}


def test_nobody_else_is_asked(facts, watched):
    traffic = [each for each in facts("signing_in")["traffic"] if not is_of_the_browser(each)]
    assert {each["url"].removeprefix(watched.url)[0] for each in traffic} == {"/"}
    allowed = re.compile(r"/(console|assets/.+|v1/statistics)$")
    assert [each["url"] for each in traffic if not allowed.search(each["url"])] == []


@pytest.mark.parametrize(
    ("view", "patterns"),
    [
        ("overview", [r"Entries in all lists", r"Matches in 24 hours", r"Quarantine: too many"]),
        ("reviews", [r"1,234", r"30 bits", r"An operator's decision"]),
        ("cases", [r"Case \d{4}-\d{4}-\d{4}", r"hours late", r"has not fetched it"]),
        ("lists", [r"partner-feed", r"20 / 45 bits", r"50 in 60 min", r"allows", r"never"]),
        ("health", [r"Ready", r"exchange unavailable", r"Changes to be taken"]),
        ("audit", [r"exchange\.add", r"review\.demote", r"anna|local"]),
    ],
)
def test_every_view_shows_what_is_there(facts, view, patterns):
    text = facts("views")["texts"][view]
    for pattern in patterns:
        assert re.search(pattern, text), text
    assert "secret" not in text


def test_plots_are_drawn_from_the_metrics(facts):
    assert "0: 1 Matches" in facts("views")["bars"]


def test_the_audit_is_searched(facts, seeded, browser):
    found = facts("views")["found"]
    subjects = {line[4] for line in found}
    assert subjects == {f"entry {seeded.held[browser][2]}"}
    assert "review.demote" in {line[3] for line in found}


def test_decisions_are_effective(facts, seeded, browser):
    seen = facts("decisions")
    confirmed, demoted, withdrawn = seeded.held[browser]
    assert {confirmed, demoted, withdrawn} <= {*seen["before"]}
    assert {confirmed, demoted} <= {*seen["flooded"]}
    assert withdrawn not in seen["flooded"]
    assert [each.split(" ", 2)[2] for each in seen["said"]] == [
        "is live.", "stays held back.", "is withdrawn.",
    ]  # fmt: skip
    assert {*seen["before"]} - {*seen["after"]} == {confirmed, withdrawn}
    with Registry.open(seeded.place) as registry:
        assert confirmed not in registry.held()
        assert demoted in registry.held()
        assert withdrawn not in registry.held()
        acts = [
            (line.actor, line.action)
            for line in registry.audit(subject=f"entry {withdrawn}")
            if line.action.startswith("review.")
        ]
    assert acts[-1] == ("anna", "review.withdraw")


def test_trouble_is_told_and_a_token_that_ended_signs_out(facts):
    assert facts("trouble")["left"] == 0


def test_axe_finds_nothing_by_day_and_by_night(facts):
    assert facts("gallery")["violations"] == []


def test_nothing_is_wider_than_the_screen(facts):
    assert facts("gallery")["overflows"] == []


def test_every_message_is_used():
    sections = json.loads((WEB / "page/console.json").read_text("utf-8"))
    sources = "".join(
        path.read_text("utf-8")
        for folder in (WEB / "page/src", WEB / "page")
        for path in (folder.rglob("*.ts") if folder.name == "src" else folder.glob("*.html"))
    )
    # put together from the names of views, reasons, states, decisions, fields
    made = re.compile(
        r"\w+\.title|held\..+|platform\..+|decide\.\w+_(title|lead|done)|trouble\.(away|busy)"
        r"|reviews\.(confirm|demote|withdraw)|health\.(ready|not_loaded|stale|distance|quality)"
        r"|audit\.(actor|action|subject)(_hint)?"
    )
    keys = [f"{section}.{name}" for section, names in sections.items() for name in names]
    assert [key for key in keys if key not in sources and not made.fullmatch(key)] == []
