from dataclasses import replace

import numpy as np
import pytest
from submitting import picture_json

from hashmatch import packed
from hashmatch.hashers import listed_parts

KEY = {"Idempotency-Key": "0f8fad5b-d9cb-469f-a165-70867728950e"}
A_HASH = "8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376"
DIGEST = {"hasher": "md5", "hash": "0123456789abcdef" * 2}
PICTURES = {"pictures": [picture_json({"hash": A_HASH, "quality": 90}, DIGEST)]}


def one(*hashes, count=1, **more):
    return {"pictures": [picture_json(*hashes * count)], **more}


def test_a_case_from_beginning_to_end(client, registry):
    opened = client.post("/v1/cases", json=PICTURES)
    assert opened.status_code == 201
    receipt = opened.json()
    assert opened.headers["location"] == f"/v1/cases/{receipt['case']}"
    assert receipt["entries"] == registry.count_entries("default") == 2
    shown = client.get(f"/v1/cases/{receipt['case']}")
    assert (shown.json()["state"], shown.json()["active"]) == ("open", 2)
    assert "8792786c" not in shown.text
    withdrawn = client.post(
        f"/v1/cases/{receipt['case']}/withdrawal",
        headers={"Secret-Phrase": receipt["secret_phrase"]},
    )
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")
    assert registry.count_entries("default") == 0


def test_each_picture_is_told_what_became_of_it(client):
    blank = {"hash": A_HASH, "quality": 20}
    pictures = [
        picture_json({"hash": A_HASH, "quality": 90}),
        picture_json(blank),
        picture_json(blank, DIGEST),
    ]
    answer = client.post("/v1/cases", json={"pictures": pictures}, headers=KEY)
    assert answer.status_code == 201
    told = answer.json()["pictures"]
    assert [(each["state"], each["reason"]) for each in told] == [
        ("live", None), ("refused", "low_quality"), ("live", "low_quality"),
    ]  # fmt: skip
    assert all(each["words"].endswith(".") for each in told)
    again = client.post("/v1/cases", json={"pictures": pictures}, headers=KEY)
    assert again.json() == answer.json()


def test_a_case_of_refused_pictures_only_is_none(client, registry):
    blank = picture_json({"hash": A_HASH, "quality": 20})
    answer = client.post("/v1/cases", json={"pictures": [blank, blank]}, headers=KEY)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["reason"] == "submission_refused"
    assert [each["reason"] for each in problem["pictures"]] == ["low_quality"] * 2
    assert "8792786c" not in answer.text
    assert registry.sequence() == 1
    assert client.post("/v1/cases", json=PICTURES, headers=KEY).status_code == 201


def test_views_of_a_picture(client, registry):
    view = {"kind": "view", "view": "flip-y", "hash": A_HASH[::-1], "quality": 90}
    picture = {"fingerprints": [{"kind": "whole", "hash": A_HASH, "quality": 90}, view]}
    answer = client.post("/v1/cases", json={"pictures": [picture]}).json()
    assert answer["entries"] == registry.count_entries("default") == 2


def test_a_retry_makes_no_second_case(client, registry):
    first = client.post("/v1/cases", json=PICTURES, headers=KEY)
    assert client.post("/v1/cases", json=PICTURES, headers=KEY).json() == first.json()
    other = client.post("/v1/cases", json={"pictures": [picture_json(DIGEST)]}, headers=KEY)
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
    number = client.post("/v1/cases", json=PICTURES).json()["case"]
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
        ({"pictures": []}, 422, "invalid_hash"),
        ({"pictures": [picture_json()]}, 422, "invalid_hash"),
        ({"pictures": [picture_json({"hash": A_HASH}), picture_json()]}, 422, "invalid_hash"),
        ({}, 400, "bad_request"),
        ([], 400, "bad_request"),
        ({"hashes": [{"hash": A_HASH}]}, 400, "bad_request"),
        ({"pictures": "0f"}, 400, "bad_request"),
        ({"pictures": [A_HASH]}, 400, "bad_request"),
        ({"pictures": [{"fingerprints": [A_HASH]}]}, 400, "bad_request"),
        ({"pictures": [{"fingerprints": [{"hash": A_HASH}]}]}, 400, "bad_request"),
        (one({"hash": A_HASH, "kind": "tile", "place": [0, 0]}), 422, "invalid_hash"),
        (one({"hash": A_HASH, "kind": "view"}), 422, "invalid_hash"),
        (one({"hash": A_HASH, "kind": "view", "view": "A view"}), 422, "invalid_hash"),
        (one({"hash": A_HASH, "kind": "view", "view": 5}), 400, "bad_request"),
        (one({"hash": A_HASH, "view": "flip-y"}), 422, "invalid_hash"),
        (one({"hash": A_HASH, "place": [0, 0]}), 400, "bad_request"),
        (one({"hash": 5}), 400, "bad_request"),
        (one({"hash": A_HASH, "qualty": 5}), 400, "bad_request"),
        (one({"hash": A_HASH, "quality": True}), 400, "bad_request"),
        (one({"hash": A_HASH, "quality": 10**30}), 400, "bad_request"),
        (one({"hash": A_HASH, "quality": 101}), 422, "invalid_hash"),
        (one({"hash": A_HASH[:-2]}), 422, "invalid_hash"),
        (one({"hash": "zz" * 32}), 422, "invalid_hash"),
        (one({"hash": A_HASH, "hasher": "none"}), 422, "unknown_hasher"),
        (one({"hash": A_HASH}, count=1001), 400, "bad_request"),
        (one({"hash": A_HASH}, list="none"), 404, "list_not_found"),
        (one({"hash": A_HASH}, list="a\0b"), 404, "list_not_found"),
    ],
)
def test_cases_that_are_refused(client, registry, body, status, reason):
    answer = client.post("/v1/cases", json=body)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "8792786c" not in answer.text
    assert registry.count_entries("default") == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"pictures": NaN}', b"1"]
)
def test_bodies_that_are_no_json_object(client, body):
    answer = client.post("/v1/cases", content=body)
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_request")


def test_the_500_pictures_of_the_page_fit_into_a_case_with_their_parts(client, photographs):
    rng = np.random.default_rng(5)
    parts = {"kind": "parts", "hasher": packed.HASHER, "quality": None}
    parts["hash"] = listed_parts(photographs["astronaut"]).hex()
    told = [
        {"fingerprints": [{"kind": "whole", "hash": rng.bytes(32).hex(), "quality": 99}, parts]}
        for _ in range(500)
    ]
    answer = client.post("/v1/cases", json={"pictures": told})
    assert (answer.status_code, len(answer.json()["pictures"])) == (201, 500)
    assert int(answer.request.headers["content-length"]) > 4_000_000


def test_a_body_that_is_too_long_or_packed(client):
    answer = client.post("/v1/cases", content=bytes(11_000_000))
    assert (answer.status_code, answer.json()["reason"]) == (413, "body_too_large")
    answer = client.post("/v1/cases", content=b"x", headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_request")


class TestTokenIntake:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, open_intake=False)

    def test_takes_a_token(self, client, tokens):
        assert client.post("/v1/cases", json=PICTURES).status_code == 401
        assert client.post("/v1/cases", json=PICTURES, headers=tokens["check"]).status_code == 403
        assert client.post("/v1/cases", json=PICTURES, headers=tokens["submit"]).status_code == 201
