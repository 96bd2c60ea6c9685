"""`hashmatch serve` as it is run: a process, its output, its end."""

import json
import os
import re
import signal
import sys

import httpx
import psutil
import pytest
from loading import Load
from serving import Started, until
from submitting import picture_json

from hashmatch import hash_image
from hashmatch.registry import Registry

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals end processes here")


ENDED = {0, -signal.SIGTERM}  # a server that has shut down dies of the signal that told it to


def token_in(printed):
    return {
        "Authorization": f"Bearer {re.search(r'hm_[0-9a-f]{12}_[A-Za-z0-9_-]{43}', printed)[0]}"
    }


def test_from_the_first_start_to_the_end(place, tmp_path, picture):
    logs = tmp_path / "logs"
    with Started(place, logs) as first:
        code, printed = first.end()
    assert code in ENDED
    assert "Application shutdown complete." in logs.read_text()
    operator = token_in(printed)
    listed = hash_image(picture)
    with Started(place, logs) as second:
        receipt = use(second, picture, listed, operator)
        check_limits(second)
        code, printed = second.end()
    assert code in ENDED
    assert "hm_" not in printed

    written = logs.read_text()
    lines = [json.loads(line) for line in written.splitlines()]
    assert {line.get("route") for line in lines} >= {"/v1/checks", "/v1/cases/{number}"}
    for secret in (
        listed.hex[:24],
        operator["Authorization"][-43:],
        receipt["secret_phrase"],
        receipt["case"],
        "127.0.0.1",
    ):
        assert secret not in written.replace(second.url, "").replace(first.url, "")


def use(service, picture, listed, operator):
    """A little of everything; returns what a case was answered with."""
    client = service.client
    body = {"pictures": [picture_json({"hash": listed.hex, "quality": listed.quality})]}
    receipt = client.post("/v1/cases", json=body).json()
    until(lambda: client.get("/readyz").json()["sequence"] >= receipt["sequence"])
    answer = client.post("/v1/checks", content=picture, headers=operator)
    assert answer.json()["action"] == "block"
    codes = {"codes": [listed.hex]}
    assert client.post("/v1/matches", json=codes, headers=operator).status_code == 200
    client.get(f"/v1/cases/{receipt['case']}")
    client.post("/v1/cases", json={"pictures": [picture_json({"hash": listed.hex[:-2]})]})
    client.post("/v1/checks", content=picture[:5000], headers=operator)
    phrase = {"Secret-Phrase": receipt["secret_phrase"]}
    client.post(f"/v1/cases/{receipt['case']}/withdrawal", headers=phrase)
    return receipt


def check_limits(service):
    """No core files, of any of its processes."""
    process = psutil.Process(service.process.pid)
    processes = [process, *process.children()]
    assert len(processes) >= 2
    for each in processes:
        with open(f"/proc/{each.pid}/limits") as limits:  # noqa: PTH123 - no real file
            assert re.search(r"Max core file size +0 +0 ", limits.read())


def test_kill_9_under_load_loses_no_acknowledged_case(place, tmp_path):
    """And every withdrawal that was acknowledged stays one."""
    with Registry.open(place) as registry:
        registry.hash_list("default")
    load = Load()
    for turn in range(2):
        with Started(place, tmp_path / "logs") as service, load.on(service.url):
            until(
                lambda turn=turn: len(load.opened) >= 8 * (turn + 1) and len(load.withdrawn) > turn
            )
            service.kill()
    with Registry.open(place) as registry:
        load.check(registry)
    with Started(place, tmp_path / "logs") as service:
        numbers = set()
        for key, body in load.sent:  # whether or not the answer arrived: no second case
            for _ in range(2):
                header = {"Idempotency-Key": key}
                answer = service.client.post("/v1/cases", json=body, headers=header).json()
                numbers.add(answer["case"])
    assert len(numbers) == len(load.sent)
    assert {*load.opened} <= numbers


@pytest.fixture
def check(place):
    with Registry.open(place) as registry:
        issued = registry.issue_credential("check", {"check"})
    return {"Authorization": f"Bearer {issued.token}"}


def test_two_workers_are_ready_together_and_share_what_they_count(place, tmp_path, check):
    """No request after a good probe is refused, whichever process it reaches."""
    with Started(place, tmp_path / "logs", "--workers", "2", "--decoders", "1") as service:
        processes = psutil.Process(service.process.pid).children(recursive=True)
        for _ in range(20):
            with httpx.Client(base_url=service.url, headers=check) as client:  # a new connection
                assert client.post("/v1/matches", json={"codes": []}).status_code == 200
        for _ in range(5):
            with httpx.Client(base_url=service.url) as client:
                assert client.get("/readyz").json()["processes"] == 2
                text = client.get("/metrics").text
            told = re.search(
                r'requests_total{method="POST",route="/v1/matches",status="200"} (\S+)', text
            )
            assert float(told[1]) == 20
        assert service.end()[0] in ENDED
    assert len(processes) >= 2 + 2
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


def test_a_worker_that_is_killed_is_replaced_and_counted_again(place, tmp_path, check):
    logs = tmp_path / "logs"
    with Started(place, logs, "--workers", "2", "--decoders", "1") as service:
        children = psutil.Process(service.process.pid).children()
        workers = [each for each in children if "spawn_main" in " ".join(each.cmdline())]
        assert len(workers) == 2
        workers[0].kill()
        until(lambda: logs.read_text().count('"loaded"') == 3, seconds=60)
        until(service.is_ready)
        for _ in range(20):
            with httpx.Client(base_url=service.url, headers=check) as client:
                assert client.get("/readyz").json()["processes"] == 2
                assert client.post("/v1/matches", json={"codes": []}).status_code == 200


@pytest.mark.skipif(sys.platform != "linux", reason="who lost its parent is told on Linux only")
def test_no_worker_outlives_a_server_that_is_killed(place, tmp_path):
    with Started(place, tmp_path / "logs", "--workers", "2", "--decoders", "1") as service:
        server = psutil.Process(service.process.pid)
        others = server.children(recursive=True)
        assert len(others) >= 4
        server.kill()
        _, alive = psutil.wait_procs(others, timeout=30)
        for process in alive:
            process.kill()
    assert not alive
