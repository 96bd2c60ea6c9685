from datetime import timedelta

import pytest
from serving import until
from submitting import picture_json

from hashmatch.registry import Sighting, clock

A_HASH = "8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376"
PICTURES = {"pictures": [picture_json({"hash": A_HASH, "quality": 90})]}


def test_who_did_what(client, tokens, registry):
    client.post("/v1/lists", json={"name": "other"}, headers=tokens["operate"])
    client.post("/v1/cases", json=PICTURES)
    answer = client.get("/v1/audit", headers=tokens["operate"])
    lines = answer.json()["lines"]
    assert [(line["actor"], line["action"]) for line in lines[-2:]] == [
        ("operate", "list.create"), ("person", "case.open"),
    ]  # fmt: skip
    assert A_HASH[:12] not in answer.text
    assert "127.0.0.1" not in answer.text
    page = client.get("/v1/audit?after=1&limit=1", headers=tokens["operate"]).json()
    assert [line["number"] for line in page["lines"]] == [2]
    assert page["more"]
    assert client.get("/v1/audit", headers=tokens["check"]).status_code == 403
    assert registry.verify_audit()[0] == len(lines)


def test_a_case_tells_where_it_is_and_what_was_blocked(client, tokens, registry, caught_up):
    number = client.post("/v1/cases", json=PICTURES).json()["case"]
    (before,) = client.get(f"/v1/cases/{number}").json()["platforms"]
    assert (before["platform"], before["state"]) == ("check", "not_served")
    caught_up()
    client.get(f"/v1/changes?after={registry.sequence()}", headers=tokens["check"])

    def platform():
        return client.get(f"/v1/cases/{number}").json()["platforms"][0]

    until(lambda: platform()["state"] == "served")
    codes = {"codes": [A_HASH, A_HASH]}
    client.post("/v1/matches", json=codes, headers=tokens["check"])
    until(lambda: platform()["state"] == "blocked")
    assert platform()["blocked"] == 2
    assert platform()["served"].endswith(":00:00+00:00")


@pytest.fixture
def old_case(registry, tokens, monkeypatch):
    """A case of three days ago, which nobody has fetched."""
    del tokens  # they are there before
    hour = clock.this_hour
    monkeypatch.setattr(clock, "this_hour", lambda: hour() - timedelta(days=3))
    from hashmatch.registry import Fingerprint
    from hashmatch.types import Hash

    receipt = registry.submit([[Fingerprint(Hash.from_hex("pdq", A_HASH, 90))]])
    monkeypatch.setattr(clock, "this_hour", hour)
    with registry._database.writing() as connection:  # the platforms have been here for longer
        connection.exec_driver_sql("UPDATE credentials SET created_at = created_at - 400000")
    return receipt


def test_what_is_overdue_is_listed_and_counted(registry, tokens, old_case, client):
    listed = client.get("/v1/cases/overdue", headers=tokens["operate"]).json()["cases"]
    assert [each["case"] for each in listed] == [old_case.number]
    assert listed[0]["platforms"][0]["overdue"]
    until(lambda: "hashmatch_cases_overdue 1.0" in client.get("/metrics").text)
    registry.report("check", registry.sequence(), [Sighting(old_case.entries[0], 1)])
    assert client.get("/v1/cases/overdue", headers=tokens["operate"]).json() == {"cases": []}
    assert client.get("/v1/cases/overdue", headers=tokens["check"]).status_code == 403
    assert client.get("/v1/cases/overdue").status_code == 401
