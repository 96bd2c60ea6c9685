from dataclasses import replace
from datetime import timedelta

import pytest
from serving import until

from hashmatch.registry import clock

ROUTES = [
    ("POST", "/v1/checks", "check"),
    ("POST", "/v1/matches", "check"),
    ("GET", "/v1/changes", "check"),
    ("GET", "/v1/lists", "check"),
    ("GET", "/v1/lists/default", "check"),
    ("POST", "/v1/lists", "operate"),
    ("PATCH", "/v1/lists/default", "operate"),
    ("DELETE", "/v1/lists/default", "operate"),
    ("POST", "/v1/lists/default/entries", "operate"),
    ("POST", "/v1/entries/withdrawal", "operate"),
]


def test_every_route_asks_for_its_scope(client, tokens, registry):
    for method, path, scope in ROUTES:
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()["reason"]) == (401, "unauthenticated"), path
        assert answer.headers["www-authenticate"].startswith("Bearer")
        other = tokens["submit"] if scope == "check" else tokens["check"]
        answer = client.request(method, path, headers=other)
        assert (answer.status_code, answer.json()["reason"]) == (403, "forbidden"), path
    assert [each.name for each in registry.lists()] == ["default"]


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Basic aG1fOg==", "Bearer hm_" + "0" * 12 + "_" + "a" * 43],
)
def test_headers_that_open_nothing(client, header):
    answer = client.get("/v1/lists", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_good_key_id_with_another_secret(client, tokens):
    mine, other = (tokens[scope]["Authorization"] for scope in ("check", "submit"))
    mixed = mine[: len("Bearer hm_") + 12] + other[len("Bearer hm_") + 12 :]
    assert client.get("/v1/lists", headers={"Authorization": mixed}).status_code == 401


def test_a_token_works_soon_after_it_is_made_and_not_after_it_is_revoked(client, registry):
    issued = registry.issue_credential("late", {"check"})
    headers = {"Authorization": f"bearer {issued.token}"}
    until(lambda: client.get("/v1/lists", headers=headers).status_code == 200)
    registry.revoke_credential(issued.credential.key_id)
    until(lambda: client.get("/v1/lists", headers=headers).status_code == 401)


def test_a_token_expires_by_itself(client, registry, monkeypatch):
    issued = registry.issue_credential("short", {"check"}, timedelta(minutes=5))
    headers = {"Authorization": f"Bearer {issued.token}"}
    until(lambda: client.get("/v1/lists", headers=headers).status_code == 200)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=6))
    assert client.get("/v1/lists", headers=headers).status_code == 401


class TestRate:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, token_rate=2.0)

    def test_a_token_that_comes_too_often_is_told_when_to_come_again(self, client, tokens):
        """And others are not: four at once, then two a second."""
        for _ in range(20):
            answer = client.get("/v1/lists", headers=tokens["check"])
            if answer.status_code == 429:
                break
        assert (answer.status_code, answer.json()["reason"]) == (429, "too_many")
        assert answer.headers["retry-after"] == "1"
        assert client.get("/v1/lists", headers=tokens["operate"]).status_code != 429
        refused = 'hashmatch_refusals_total{reason="too_many"}'
        assert refused in client.get("/metrics").text


class TestNotReady:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, token_rate=0.001, when_stale="refuse")

    def test_a_refusal_that_is_our_fault_costs_nothing(self, client, node, tokens, monkeypatch):
        """At this rate a token has one request at once, and no other for a quarter of an hour."""
        asked = {"json": {"codes": []}, "headers": tokens["check"]}
        with monkeypatch.context() as patched:
            patched.setattr(type(node), "state", "stale")
            for _ in range(3):
                assert client.post("/v1/matches", **asked).status_code == 503
        assert [client.post("/v1/matches", **asked).status_code for _ in range(2)] == [200, 429]


def test_one_that_guesses_tokens_spends_nobodys(client, tokens, app):
    gate = app.state.node.gate
    before = len(gate._buckets)
    for _ in range(5):
        client.get("/v1/lists", headers={"Authorization": "Bearer hm_" + "0" * 12 + "_" + "a" * 43})
    assert len(gate._buckets) == before
    assert client.get("/v1/lists", headers=tokens["check"]).status_code == 200
