import hashlib
from dataclasses import replace

import pytest
from serving import until

from hashmatch import hash_image
from hashmatch.types import Hash


def test_a_picture_that_nobody_listed(client, tokens, picture):
    answer = client.post("/v1/checks", content=picture, headers=tokens["check"])
    assert answer.status_code == 200
    verdict = answer.json()
    assert (verdict["action"], verdict["status"], verdict["matches"]) == ("pass", "ok", [])
    assert verdict["quality"] == 100


def test_a_listed_picture_is_blocked_and_no_hash_is_told(
    client, tokens, picture, registry, caught_up
):
    listed = hash_image(picture)
    (entry,) = registry.add("default", [listed], source="test").entries
    caught_up()
    answer = client.post("/v1/checks", content=picture, headers=tokens["check"])
    verdict = answer.json()
    assert verdict["action"] == "block"
    (match,) = verdict["matches"]
    assert (match["entry"], match["list"], match["hasher"]) == (entry, "default", "pdq")
    assert match["distance"] <= 6
    assert listed.hex not in answer.text


def test_no_change_is_told_of_that_a_verdict_did_not_see(
    client, tokens, node, picture, registry, caught_up, monkeypatch
):
    """One that comes while a picture is judged is not counted as served."""
    caught_up()
    before, judge = registry.sequence(), node.matcher.judge

    def judge_and_change(upload):
        verdict = judge(upload)
        registry.add("default", [hash_image(picture)], source="test")
        until(lambda: node.matcher.sequence > before)
        return verdict

    monkeypatch.setattr(node.matcher, "judge", judge_and_change)
    verdict = client.post("/v1/checks", content=picture, headers=tokens["check"]).json()
    assert (verdict["action"], verdict["sequence"]) == ("pass", before)
    assert node.reporter._reached["check"] == before


def test_bytes_that_are_no_picture_may_still_be_listed(client, tokens, registry, caught_up):
    data = b"no picture at all"
    registry.add("default", [Hash("sha256", hashlib.sha256(data).digest())], source="test")
    caught_up()
    verdict = client.post("/v1/checks", content=data, headers=tokens["check"]).json()
    assert (verdict["action"], verdict["status"]) == ("block", "not_decoded")


@pytest.mark.parametrize(
    ("cut", "status", "reason"),
    [
        (lambda picture: picture[:2000], 422, "truncated"),
        (lambda _: b"garbage", 422, "not_a_picture"),
        (lambda _: b"", 422, "not_a_picture"),
        (lambda _: bytes(100_000), 422, "not_a_picture"),
    ],
)
def test_pictures_that_are_refused(client, tokens, picture, cut, status, reason):
    answer = client.post("/v1/checks", content=cut(picture), headers=tokens["check"])
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)


def test_a_form_is_not_taken(client, tokens, picture):
    answer = client.post("/v1/checks", files={"file": picture}, headers=tokens["check"])
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_request")
    assert "not a form" in answer.json()["detail"]


class TestTooLarge:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, limits=replace(settings.limits, max_bytes=10_000))

    def test_by_its_header(self, client, tokens, picture):
        answer = client.post("/v1/checks", content=picture, headers=tokens["check"])
        assert (answer.status_code, answer.json()["reason"]) == (413, "body_too_large")

    def test_by_what_arrives(self, client, tokens, picture):
        answer = client.post(
            "/v1/checks",
            content=(picture[k : k + 1000] for k in range(0, len(picture), 1000)),
            headers=tokens["check"],
        )
        assert (answer.status_code, answer.json()["reason"]) == (413, "body_too_large")
