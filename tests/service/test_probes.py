import threading
import time
from dataclasses import replace

import pytest
from serving import served, until

from hashmatch.errors import RegistryUnavailableError
from hashmatch.matching import Matcher
from hashmatch.registry import Registry


def test_the_probes_tell_not_yet_loaded_from_ready(app, tokens, monkeypatch):
    go = threading.Event()
    load = Matcher.__init__
    monkeypatch.setattr(Matcher, "__init__", lambda self, *a: (go.wait(30), load(self, *a))[1])
    with served(app) as client:
        assert client.get("/livez").status_code == 200
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["state"]) == (503, "not_loaded")
        until(lambda: client.get("/v1/lists", headers=tokens["check"]).status_code == 200)
        answer = client.post("/v1/matches", json={"codes": []}, headers=tokens["check"])
        assert (answer.status_code, answer.json()["reason"]) == (503, "not_ready")
        assert answer.headers["retry-after"] == "1"
        go.set()
        until(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/readyz").json()["state"] == "ready"


class TestStale:
    @pytest.fixture(params=["serve", "refuse"])
    def settings(self, settings, request):
        return replace(settings, stale_seconds=0.5, when_stale=request.param)

    def test_lists_that_cannot_be_refreshed(self, client, tokens, settings, monkeypatch):
        def fail(_):
            raise RegistryUnavailableError("postgresql://the-place is gone")

        monkeypatch.setattr(Registry, "sequence", fail)
        until(lambda: client.get("/readyz").status_code == 503)
        answer = client.get("/readyz").json()
        assert (answer["state"], answer["when_stale"]) == ("stale", settings.when_stale)
        assert answer["age_seconds"] > 0.5
        metrics = client.get("/metrics").text
        assert "hashmatch_stale 1.0" in metrics
        refuses = settings.when_stale == "refuse"
        assert f"hashmatch_refuses_when_stale {float(refuses)}" in metrics
        answer = client.post("/v1/matches", json={"codes": []}, headers=tokens["check"])
        assert answer.status_code == (503 if refuses else 200)
        monkeypatch.undo()
        until(lambda: client.get("/readyz").status_code == 200)


def test_a_registry_that_cannot_answer_is_not_named(client, tokens, monkeypatch):
    def fail(_):
        raise RegistryUnavailableError("postgresql://the-place is gone")

    monkeypatch.setattr(Registry, "lists", fail)
    answer = client.get("/v1/lists", headers=tokens["check"])
    assert (answer.status_code, answer.json()["reason"]) == (503, "registry_unavailable")
    assert "the-place" not in answer.text


def test_an_error_that_nobody_foresaw(client, tokens, monkeypatch, caplog):
    def fail(_):
        raise RuntimeError("with a secret in it")

    monkeypatch.setattr(Registry, "lists", fail)
    answer = client.get("/v1/lists", headers={**tokens["check"], "X-Request-Id": "abc-1"})
    assert (answer.status_code, answer.json()["reason"]) == (500, "internal")
    assert answer.headers["x-request-id"] == "abc-1"
    assert "secret" not in answer.text
    assert any(record.message == "failed" for record in caplog.records)


def test_a_change_is_matched_within_a_second(client, tokens, registry):
    """Made through another connection, as another process would make it."""
    from hashmatch.types import Hash

    registry.add("default", [Hash("pdq", b"\x0f" * 32, 90)], source="test")
    began = time.monotonic()
    body = {"codes": ["0f" * 32]}

    def action():
        answer = client.post("/v1/matches", json=body, headers=tokens["check"])
        return answer.json()["results"][0]["action"]

    until(lambda: action() == "block", seconds=20)
    print(f"matched after {time.monotonic() - began:.2f} s")  # noqa: T201 - told, not asserted
    registry.withdraw([1])
    until(lambda: action() == "pass", seconds=20)


def test_metrics(client, tokens, picture):
    client.post("/v1/checks", content=picture, headers=tokens["check"])
    client.post("/v1/checks", content=b"garbage", headers=tokens["check"])
    client.request("PROPFIND", "/coffee/" + "0f" * 32)
    text = client.get("/metrics").text
    assert 'hashmatch_checks_total{action="pass",status="ok"} 1.0' in text
    assert 'hashmatch_refusals_total{reason="not_a_picture"} 1.0' in text
    assert 'hashmatch_request_seconds_count{route="/v1/checks"} 2.0' in text
    assert 'route="other",status="404"' in text
    assert "coffee" not in text
    assert "PROPFIND" not in text
    assert "hashmatch_feed_lag_changes 0.0" in text


def test_routes_that_are_not_there(client):
    answer = client.get("/v1/nothing")
    assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")
    answer = client.delete("/v1/cases")
    assert (answer.status_code, answer.json()["reason"]) == (405, "method_not_allowed")
    assert answer.headers["content-type"] == "application/problem+json"


def test_ids_of_requests(client):
    assert client.get("/livez", headers={"X-Request-Id": "r-1"}).headers["x-request-id"] == "r-1"
    for given in ("", "a b", "x" * 65, "<script>"):
        made = client.get("/livez", headers={"X-Request-Id": given}).headers["x-request-id"]
        assert made != given
        assert len(made) == 16


PAGES = {"/", "/case", "/console", "/signposts.json", "/assets/{name}", "/client/{version}/{name}"}


def test_the_description_names_every_route(client, app):
    paths = client.get("/openapi.json").json()["paths"]
    described = {(method.upper(), path) for path, found in paths.items() for method in found}
    there = {
        (method, route.path.replace(":path}", "}"))
        for route in app.routes
        for method in route.methods - {"HEAD"}
    }
    assert described == {each for each in there if each[1] not in PAGES}
    for found in paths.values():
        for operation in found.values():
            for body in (operation.get("requestBody") or {}).get("content", {}).items():
                assert body[0] != "application/json" or "example" in body[1]
