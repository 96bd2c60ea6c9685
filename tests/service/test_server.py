"""`hashmatch serve` as it is run: a process, its output, its end."""

import contextlib
import json
import os
import re
import signal
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
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
    first = Started(place, logs)
    code, printed = first.end()
    assert code in ENDED
    assert "Application shutdown complete." in logs.read_text()
    operator = token_in(printed)
    second = Started(place, logs)
    listed = hash_image(picture)
    body = {"pictures": [picture_json({"hash": listed.hex, "quality": listed.quality})]}
    receipt = second.client.post("/v1/cases", json=body).json()
    until(lambda: second.client.get("/readyz").json()["sequence"] >= receipt["sequence"])
    answer = second.client.post("/v1/checks", content=picture, headers=operator)
    assert answer.json()["action"] == "block"
    codes = {"codes": [listed.hex]}
    assert second.client.post("/v1/matches", json=codes, headers=operator).status_code == 200
    second.client.get(f"/v1/cases/{receipt['case']}")
    second.client.post("/v1/cases", json={"pictures": [picture_json({"hash": listed.hex[:-2]})]})
    second.client.post("/v1/checks", content=picture[:5000], headers=operator)
    phrase = {"Secret-Phrase": receipt["secret_phrase"]}
    second.client.post(f"/v1/cases/{receipt['case']}/withdrawal", headers=phrase)
    processes = [
        second.process.pid,
        *(p.pid for p in psutil.Process(second.process.pid).children()),
    ]
    assert len(processes) >= 2
    for process in processes:
        with open(f"/proc/{process}/limits") as limits:  # noqa: PTH123 - no real file
            assert re.search(r"Max core file size +0 +0 ", limits.read())
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
        assert secret not in written.replace(f"http://127.0.0.1:{second.port}", "").replace(
            f"http://127.0.0.1:{first.port}", ""
        )


def test_kill_9_under_load_loses_no_acknowledged_case(place, tmp_path):
    """And every withdrawal that was acknowledged stays one."""
    with Registry.open(place) as registry:
        registry.hash_list("default")
    opened, withdrawn, unsure = {}, set(), []
    for turn in range(2):
        service = Started(place, tmp_path / "logs")
        stop = threading.Event()

        def submit(turn=turn, stop=stop, url=str(service.client.base_url)):
            with httpx.Client(base_url=url, timeout=30) as client:
                while not stop.is_set():
                    key = str(uuid.uuid4())
                    some = {"hash": os.urandom(32).hex(), "quality": 90}
                    body = {"pictures": [picture_json(some)]}
                    unsure.append((key, body))
                    receipt = client.post("/v1/cases", json=body, headers={"Idempotency-Key": key})
                    number, phrase = receipt.json()["case"], receipt.json()["secret_phrase"]
                    opened[number] = phrase
                    if len(opened) % 3 == turn:
                        header = {"Secret-Phrase": phrase}
                        answer = client.post(f"/v1/cases/{number}/withdrawal", headers=header)
                        assert answer.status_code == 200
                        withdrawn.add(number)

        def load(submit=submit):
            with contextlib.suppress(httpx.TransportError):
                submit()

        with ThreadPoolExecutor(4) as threads:
            working = [threads.submit(load) for _ in range(4)]
            until(lambda turn=turn: len(opened) >= 10 * (turn + 1) and len(withdrawn) > turn)
            service.kill()
            stop.set()
            for each in working:
                each.result()
    with Registry.open(place) as registry:
        for number in opened:
            state = registry.case(number).state
            assert number not in withdrawn or state == "withdrawn"
        before = registry.sequence()
        assert [c.sequence for c in registry.follow(0, 10**6)] == list(range(1, before + 1))
    service = Started(place, tmp_path / "logs")
    numbers = set()
    for key, body in unsure:  # whether or not the answer arrived: a retry makes no second case
        for _ in range(2):
            answer = service.client.post(
                "/v1/cases", json=body, headers={"Idempotency-Key": key}
            ).json()
            numbers.add(answer["case"])
    assert len(numbers) == len(unsure)
    assert {*opened} <= numbers
    service.kill()


def test_workers_share_what_they_count(place, tmp_path):
    with Registry.open(place) as registry:
        issued = registry.issue_credential("check", {"check"})
    headers = {"Authorization": f"Bearer {issued.token}"}
    service = Started(place, tmp_path / "logs", "--workers", "2", "--decoders", "1")
    processes = psutil.Process(service.process.pid).children(recursive=True)
    url = str(service.client.base_url)
    served = []

    def ask():
        with httpx.Client(base_url=url, headers=headers) as client:  # a new connection each time
            status = client.post("/v1/matches", json={"codes": []}).status_code
        assert status in {200, 503}  # each worker refuses until it has loaded its lists
        served.extend([status] if status == 200 else [])
        return len(served) == 20

    until(ask)
    for _ in range(5):
        with httpx.Client(base_url=url) as client:
            text = client.get("/metrics").text
        told = re.search(
            r'requests_total{method="POST",route="/v1/matches",status="200"} (\S+)', text
        )
        assert float(told[1]) == len(served)
    assert service.end()[0] in ENDED
    assert len(processes) >= 2 + 2
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert all(process.status() == psutil.STATUS_ZOMBIE for process in alive)
