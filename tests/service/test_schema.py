"""Requests made from the description of the interface, good and bad: none is answered by a 5xx."""

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from serving import served, until

from hashmatch.service.openapi import DOCUMENT

EXAMPLES = 8  # of each operation, good and bad
SLOW = {"/v1/cases": 4, "/v1/cases/{number}/withdrawal": 4}  # each hashes a secret phrase


@pytest.fixture
def address(app):
    with served(app) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield str(client.base_url)


def call(operation, mode, headers, seen):
    few = SLOW.get(operation.path, EXAMPLES)

    @settings(
        max_examples=few,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case):
        answer = case.call(headers=headers, timeout=30)
        seen.setdefault(answer.status_code, []).append((operation.method, operation.path))
        assert answer.status_code < 500, (operation.label, answer.text)

    run()


@pytest.fixture
def headers(registry):
    issued = registry.issue_credential("all", {"check", "submit", "operate"})
    return {"Authorization": f"Bearer {issued.token}"}


def test_no_request_is_answered_by_an_error_of_the_service(address, headers):
    until(lambda: httpx.get(f"{address}/v1/lists", headers=headers).status_code == 200)
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    seen = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                call(operation, mode, headers, seen)
            except Unsatisfiable:  # what takes nothing, or anything, cannot be asked for wrongly
                assert mode is GenerationMode.NEGATIVE
    assert {200, 400, 404, 422} <= seen.keys()
    assert httpx.get(f"{address}/readyz").status_code == 200


def test_what_takes_a_token_tells_how_that_may_be_refused():
    operations = [each for path in DOCUMENT["paths"].values() for each in path.values()]
    guarded = [each for each in operations if each.get("security")]
    assert len(guarded) > 10
    for each in guarded:
        assert {"401", "403", "429", "503"} <= each["responses"].keys(), each["summary"]
