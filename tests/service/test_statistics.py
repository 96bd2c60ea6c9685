import pytest
from submitting import picture_json

from hashmatch.registry import Sighting

A_HASH = "8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376"


def test_a_registry_in_numbers(client, tokens, registry):
    body = {"pictures": [picture_json({"hash": A_HASH, "quality": 90})]}
    assert client.post("/v1/cases", json=body).status_code == 201
    registry.report("check", 0, [Sighting(1, 60, 2)])
    answer = client.get("/v1/statistics", headers=tokens["operate"])
    told = answer.json()
    assert told["lists"] == [
        {"name": "default", "entries": 1, "held": 1, "blocked": 60, "reviewed": 2}
    ]
    assert told["held"] == {"flood": 1}
    assert told["cases"] == {"open": 1, "withdrawn": 0, "overdue": 0}
    assert sum(each["matches"] for each in told["matches_by_hour"]) == 62
    assert sum(each["opened"] for each in told["cases_by_day"]) == 1
    assert (len(told["matches_by_hour"]), len(told["cases_by_day"])) == (24, 30)
    assert A_HASH[:12] not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_exchanges_are_told_without_where_they_are(client, tokens, registry):
    registry.add_exchange("partner", "csv", "default", {"path": "/secret/place"})
    registry.note_exchange_failure("partner", "exchange_unavailable")
    answer = client.get("/v1/exchanges", headers=tokens["operate"])
    (told,) = answer.json()["exchanges"]
    assert (told["name"], told["kind"], told["list"]) == ("partner", "csv", "default")
    assert (told["entries"], told["failure"]) == (0, "exchange_unavailable")
    assert told["failed"] is not None
    assert told["completed"] is None
    assert "secret" not in answer.text


def test_the_audit_is_searched(client, tokens):
    client.post("/v1/lists", json={"name": "other"}, headers=tokens["operate"])

    def search(**wanted):
        answer = client.get("/v1/audit/search", params=wanted, headers=tokens["operate"])
        return [line["action"] for line in answer.json()["lines"]], answer.json()["more"]

    assert search(actor="operate") == (["list.create"], False)
    assert search(subject="list other", limit=1) == (["list.create"], True)
    assert search(action="list.", limit=5)[0][0] == "list.create"
    assert search(subject="list nothing") == ([], False)
    assert search(before=1) == ([], False)


@pytest.mark.parametrize("query", ["before=-1", "limit=x", "actor=%00", "subject=" + "x" * 81])
def test_what_cannot_be_searched_for(client, tokens, query):
    answer = client.get(f"/v1/audit/search?{query}", headers=tokens["operate"])
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("path", ["/v1/statistics", "/v1/exchanges", "/v1/audit/search"])
def test_who_may(client, tokens, path):
    assert client.get(path).status_code == 401
    assert client.get(path, headers=tokens["check"]).status_code == 403
