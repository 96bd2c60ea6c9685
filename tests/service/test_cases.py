from dataclasses import replace

import pytest

KEY = {"Idempotency-Key": "0f8fad5b-d9cb-469f-a165-70867728950e"}
HASHES = {"hashes": [{"hash": "0f" * 32, "quality": 90}, {"hasher": "md5", "hash": "ab" * 16}]}


def test_a_case_from_beginning_to_end(client, registry):
    opened = client.post("/v1/cases", json=HASHES)
    assert opened.status_code == 201
    receipt = opened.json()
    assert opened.headers["location"] == f"/v1/cases/{receipt['case']}"
    assert receipt["entries"] == registry.count_entries("default") == 2
    shown = client.get(f"/v1/cases/{receipt['case']}")
    assert (shown.json()["state"], shown.json()["active"]) == ("open", 2)
    assert "0f0f" not in shown.text
    withdrawn = client.post(
        f"/v1/cases/{receipt['case']}/withdrawal",
        headers={"Secret-Phrase": receipt["secret_phrase"]},
    )
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")
    assert registry.count_entries("default") == 0


def test_a_retry_makes_no_second_case(client, registry):
    first = client.post("/v1/cases", json=HASHES, headers=KEY)
    assert client.post("/v1/cases", json=HASHES, headers=KEY).json() == first.json()
    other = client.post("/v1/cases", json={"hashes": [{"hash": "00" * 32}]}, headers=KEY)
    assert (other.status_code, other.json()["reason"]) == (422, "invalid_retry_key")
    assert registry.count_entries("default") == 2


@pytest.mark.parametrize(
    ("phrase", "status", "reason"),
    [
        ({"Secret-Phrase": "one two three four five six"}, 404, "case_not_found"),
        ({"Secret-Phrase": ""}, 400, "bad_request"),
        ({}, 400, "bad_request"),
    ],
)
def test_a_case_is_withdrawn_by_its_phrase_only(client, phrase, status, reason):
    number = client.post("/v1/cases", json=HASHES).json()["case"]
    answer = client.post(f"/v1/cases/{number}/withdrawal", headers=phrase)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert client.get(f"/v1/cases/{number}").json()["state"] == "open"


@pytest.mark.parametrize("number", ["4821-0937-5523", "x", "0" * 500, "%00", "%FF"])
def test_cases_that_are_not_there(client, number):
    answer = client.get(f"/v1/cases/{number}")
    assert (answer.status_code, answer.json()["reason"]) == (404, "case_not_found")


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"hashes": []}, 422, "invalid_hash"),
        ({}, 400, "bad_request"),
        ([], 400, "bad_request"),
        ({"hashes": "0f"}, 400, "bad_request"),
        ({"hashes": ["0f" * 32]}, 400, "bad_request"),
        ({"hashes": [{"hash": 5}]}, 400, "bad_request"),
        ({"hashes": [{"hash": "0f" * 32, "qualty": 5}]}, 400, "bad_request"),
        ({"hashes": [{"hash": "0f" * 32, "quality": True}]}, 400, "bad_request"),
        ({"hashes": [{"hash": "0f" * 32, "quality": 10**30}]}, 400, "bad_request"),
        ({"hashes": [{"hash": "0f" * 32, "quality": 101}]}, 422, "invalid_hash"),
        ({"hashes": [{"hash": "0f" * 31}]}, 422, "invalid_hash"),
        ({"hashes": [{"hash": "zz" * 32}]}, 422, "invalid_hash"),
        ({"hashes": [{"hash": "0f" * 32, "hasher": "none"}]}, 422, "unknown_hasher"),
        ({"hashes": [{"hash": "0f" * 32}] * 1001}, 400, "bad_request"),
        ({"hashes": [{"hash": "0f" * 32}], "list": "none"}, 404, "list_not_found"),
        ({"hashes": [{"hash": "0f" * 32}], "list": "a\0b"}, 404, "list_not_found"),
    ],
)
def test_cases_that_are_refused(client, registry, body, status, reason):
    answer = client.post("/v1/cases", json=body)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "0f0f" not in answer.text
    assert registry.count_entries("default") == 0


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"hashes": NaN}', b"1"])
def test_bodies_that_are_no_json_object(client, body):
    answer = client.post("/v1/cases", content=body)
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_request")


def test_a_body_that_is_too_long_or_packed(client):
    answer = client.post("/v1/cases", content=bytes(5_000_000))
    assert (answer.status_code, answer.json()["reason"]) == (413, "body_too_large")
    answer = client.post("/v1/cases", content=b"x", headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_request")


class TestTokenIntake:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, open_intake=False)

    def test_takes_a_token(self, client, tokens):
        assert client.post("/v1/cases", json=HASHES).status_code == 401
        assert client.post("/v1/cases", json=HASHES, headers=tokens["check"]).status_code == 403
        assert client.post("/v1/cases", json=HASHES, headers=tokens["submit"]).status_code == 201
