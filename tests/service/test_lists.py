from dataclasses import replace

import pytest
from serving import until
from submitting import picture_json


@pytest.fixture
def settings(settings):
    return replace(settings, report_seconds=0.05)


def test_a_list_from_beginning_to_end(client, tokens, registry):
    operator = tokens["operate"]
    made = client.post("/v1/lists", json={"name": "mine", "threshold": 20}, headers=operator)
    assert (made.status_code, made.json()["threshold"]) == (201, 20)
    changed = client.patch("/v1/lists/mine", json={"action": "review"}, headers=operator)
    assert (changed.json()["action"], changed.json()["threshold"]) == ("review", 20)
    body = {"hashes": [{"hash": "0f" * 32}, {"hash": "0e" * 32}], "source": "a partner"}
    added = client.post("/v1/lists/mine/entries", json=body, headers=operator)
    assert (added.status_code, added.json()["new"]) == (201, 2)
    assert client.get("/v1/lists/mine", headers=tokens["check"]).json()["entries"] == 2
    ids = added.json()["entries"]
    gone = client.post("/v1/entries/withdrawal", json={"entries": ids[:1]}, headers=operator)
    assert gone.json() == {"withdrawn": ids[:1]}
    assert client.delete("/v1/lists/mine", headers=operator).json() == {"withdrawn": 1}
    listed = client.get("/v1/lists", headers=tokens["check"]).json()["lists"]
    assert [each["name"] for each in listed] == ["default"]
    assert [each.name for each in registry.lists()] == ["default"]


def test_the_feed_in_pages(client, tokens):
    body = {"hashes": [{"hash": f"{k:02x}" * 32, "quality": 80} for k in range(5)]}
    client.post("/v1/lists/default/entries", json=body, headers=tokens["operate"])
    seen, after = [], 0
    while True:
        page = client.get(f"/v1/changes?after={after}&limit=2", headers=tokens["check"]).json()
        seen += page["changes"]
        after = page["sequence"]
        if not page["more"]:
            break
    assert [change["sequence"] for change in seen] == [1, 2, 3, 4, 5, 6]
    assert seen[1]["hash"] == "00" * 32
    assert (seen[1]["hasher"], seen[1]["quality"], seen[1]["kind"]) == ("pdq", 80, "add")


def test_one_that_claims_what_is_to_come_is_believed_what_is_there(client, tokens):
    """Else nothing that it takes later would be newer, and its clock would stand still."""
    ahead = f"/v1/changes?after={(1 << 63) - 1}"
    assert client.get(ahead, headers=tokens["check"]).json()["changes"] == []
    body = {"pictures": [picture_json({"hasher": "md5", "hash": "0123456789abcdef" * 2})]}
    receipt = client.post("/v1/cases", json=body).json()
    place = f"/v1/cases/{receipt['case']}"

    def served():
        return [each["served"] is not None for each in client.get(place).json()["platforms"]]

    assert served() == [False]
    after = receipt["sequence"]
    client.get(f"/v1/changes?after={after}", headers=tokens["check"])
    until(lambda: served() == [True])


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=1e3",
        "after=99999999999999999999",
        "limit=10001",
        "limit=",
        "after=²",
    ],
)
def test_places_in_the_feed_that_are_none(client, tokens, query):
    answer = client.get(f"/v1/changes?{query}", headers=tokens["check"])
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "reason"),
    [
        ("POST", "/v1/lists", {"name": "default"}, 409, "list_exists"),
        ("POST", "/v1/lists", {"name": "A list"}, 422, "invalid_list"),
        ("POST", "/v1/lists", {}, 400, "bad_request"),
        ("POST", "/v1/lists", {"name": "x", "threshold": "near"}, 422, "invalid_list"),
        ("POST", "/v1/lists", {"name": "x", "colour": 1}, 422, "invalid_list"),
        ("POST", "/v1/lists", {"name": "x", "self": 1}, 422, "invalid_list"),
        ("PATCH", "/v1/lists/none", {}, 404, "list_not_found"),
        ("PATCH", "/v1/lists/default", {"name": "x"}, 400, "bad_request"),
        ("PATCH", "/v1/lists/default", {"threshold": 300}, 422, "invalid_list"),
        ("POST", "/v1/lists/none/entries", {"hashes": []}, 404, "list_not_found"),
        ("POST", "/v1/entries/withdrawal", {"entries": ["1"]}, 400, "bad_request"),
        ("POST", "/v1/entries/withdrawal", {"entries": [2**70]}, 400, "bad_request"),
    ],
)
def test_what_is_refused(client, tokens, method, path, body, status, reason):
    answer = client.request(method, path, json=body, headers=tokens["operate"])
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer.headers["content-type"] == "application/problem+json"
