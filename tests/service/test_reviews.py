from dataclasses import replace

import pytest
from serving import until

from hashmatch import hash_image
from hashmatch.registry import Sighting
from hashmatch.service.reporter import Reporter
from hashmatch.types import Hash


@pytest.fixture
def settings(settings):
    return replace(settings, report_seconds=0.05)


@pytest.fixture
def entry(registry, caught_up, picture):
    registry.update_list("default", flood_matches=5)
    (added,) = registry.add("default", [hash_image(picture)], source="test").entries
    caught_up()
    return added


def test_uploads_that_match_too_often_go_to_review(client, tokens, picture, entry, registry):
    def check():
        return client.post("/v1/checks", content=picture, headers=tokens["check"]).json()

    assert [check()["action"] for _ in range(3)] == ["block"] * 3
    codes = {"codes": [hash_image(picture).hex] * 3}
    client.post("/v1/matches", json=codes, headers=tokens["check"])
    until(lambda: check()["action"] == "review")
    assert "held back" in check()["reason"]
    until(lambda: registry.reviews()[0].reviewed >= 2)  # what is held back is counted still
    (review,) = client.get("/v1/reviews", headers=tokens["operate"]).json()["reviews"]
    assert (review["entry"], review["held"], review["nearest"]) == (entry, "flood", 0)
    assert review["blocked"] >= 6
    assert review["platforms"] == 1
    opinion = {"entry": entry, "match": True, "reason": "as it should"}
    given = client.post("/v1/opinions", json=opinion, headers=tokens["check"])
    assert given.status_code == 201
    assert (given.json()["platform"], given.json()["match"]) == ("check", True)
    until(lambda: check()["action"] == "block")
    assert client.get("/v1/reviews", headers=tokens["operate"]).json()["reviews"] == []


def test_a_node_elsewhere_reports_over_http(client, tokens, entry, registry):
    body = {"sequence": 3, "entries": [{"entry": entry, "blocked": 4, "reviewed": 2}]}
    answer = client.post("/v1/reports", json=body, headers=tokens["check"])
    assert answer.json() == {"held": [entry]}
    assert registry.held() == {entry: "flood"}


def test_decisions(client, tokens, entry, registry):
    def decide(**body):
        return client.post(f"/v1/reviews/{entry}", json=body, headers=tokens["operate"])

    assert decide(decision="demote", reason="a logo").status_code == 200
    assert registry.held() == {entry: "operator"}
    assert decide(decision="confirm").status_code == 200
    assert registry.held() == {}
    assert (decide(decision="burn").status_code, decide().status_code) == (422, 400)
    assert decide(decision="withdraw").status_code == 200
    assert decide(decision="confirm").json()["reason"] == "entry_not_found"


def test_an_operator_s_opinion_holds_an_entry_back(client, tokens, entry, registry):
    body = {"entry": entry, "match": False}
    assert client.post("/v1/opinions", json=body, headers=tokens["check"]).status_code == 201
    assert registry.held() == {}
    assert client.post("/v1/opinions", json=body, headers=tokens["operate"]).status_code == 201
    assert registry.held() == {entry: "operator"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/opinions", {"entry": 99, "match": True}, 404),
        ("POST", "/v1/opinions", {"entry": 1, "match": 1}, 400),
        ("POST", "/v1/opinions", {"entry": "1", "match": True}, 400),
        ("POST", "/v1/opinions", {"entry": 1, "match": True, "reason": "x" * 501}, 422),
        ("POST", "/v1/opinions", {"entry": 1, "match": True, "platform": "other"}, 400),
        ("POST", "/v1/opinions", {"entry": (1 << 63) - 1, "match": True}, 404),
        ("POST", "/v1/reports", {"entries": [{"entry": 1, "blocked": -1}]}, 422),
        ("POST", "/v1/reports", {"entries": [{"entry": 1, "picture": "x"}]}, 400),
        ("POST", "/v1/reports", {"sequence": 10**18, "entries": []}, 200),
        ("POST", "/v1/reviews/x", {"decision": "confirm"}, 400),
        ("GET", "/v1/reviews?after=-1", None, 400),
    ],
)
def test_what_is_refused(client, tokens, entry, method, path, body, status):
    del entry
    answer = client.request(method, path, json=body, headers=tokens["operate"])
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "/v1/opinions", "check"),
        ("POST", "/v1/reports", "check"),
        ("GET", "/v1/reviews", "operate"),
        ("POST", "/v1/reviews/1", "operate"),
    ],
)
def test_who_may(client, tokens, method, path, scope):
    assert client.request(method, path, json={}).status_code == 401
    wrong = tokens["submit" if scope == "check" else "check"]
    assert client.request(method, path, json={}, headers=wrong).status_code == 403


class TestReporter:
    class Registry:
        def __init__(self):
            self.fails = False
            self.reported = []

        def report(self, platform, sequence, sightings):
            if self.fails:
                raise OSError
            self.reported.append((platform, sequence, sightings))

    def test_counts_are_sent_once_and_kept_while_they_cannot_be(self):
        registry, reporter = self.Registry(), Reporter()
        reporter._add("one", [(7, True, False, 12), (7, False, True, 9)])
        reporter.note_served("one", 5)
        registry.fails = True
        with pytest.raises(OSError):
            reporter.send(registry)
        reporter._add("one", [(7, True, False, 20)])
        registry.fails = False
        reporter.send(registry)
        reporter.send(registry)
        assert registry.reported == [("one", 5, [Sighting(7, 2, 1, 9)])]
        reporter.note_served("one", 4)
        reporter.send(registry)
        reporter.note_served("one", 6)
        reporter.send(registry)
        assert registry.reported[1:] == [("one", 6, [])]


def test_matches_of_allow_lists_are_not_counted(client, tokens, registry, caught_up, picture):
    registry.create_list("harmless", allow_list=True)
    registry.add("harmless", [Hash("pdq", hash_image(picture).code, 90)], source="test")
    caught_up()
    client.post("/v1/checks", content=picture, headers=tokens["check"])
    client.post("/v1/reports", json={"entries": []}, headers=tokens["check"])
    with registry._database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sightings").scalar() == 0
