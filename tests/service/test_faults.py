"""What happens to the service when what it stands on fails."""

import contextlib
import os
import re
import subprocess
from datetime import timedelta

import pytest
from loading import Load
from serving import Started, until
from submitting import picture_json

from hashmatch.registry import Registry, clock
from hashmatch.types import Hash

CODE = bytes.fromhex("8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376")
ASKED = {"codes": [CODE.hex()]}


def action_of(client, headers):
    answer = client.post("/v1/matches", json=ASKED, headers=headers)
    return answer.json()["results"][0]["action"] if answer.status_code == 200 else None


def metric(client, name):
    return float(re.search(rf"^{name} (\S+)$", client.get("/metrics").text, re.MULTILINE)[1])


def credential(place):
    with Registry.open(place) as registry:
        registry.add("default", [Hash("pdq", CODE, 90)], source="test")
        issued = registry.issue_credential("check", {"check"})
    return {"Authorization": f"Bearer {issued.token}"}


def test_postgresql_is_killed_under_load(postgres, tmp_path):
    """Checks are refused, as was chosen here; what was acknowledged is there afterwards."""
    place = postgres.new_registry()
    headers, load = credential(place), Load()
    options = ("--when-stale", "refuse")
    with Started(place, tmp_path / "logs", *options) as service, load.on(service.url):
        client = service.client
        until(lambda: len(load.opened) >= 4 and load.withdrawn)
        postgres.kill()
        try:
            until(lambda: client.get("/readyz").json()["state"] == "stale", seconds=60)
            told = client.get("/readyz")
            assert (told.status_code, told.json()["when_stale"]) == (503, "refuse")
            assert metric(client, "hashmatch_stale") == 1
            assert metric(client, "hashmatch_refuses_when_stale") == 1
            assert action_of(client, headers) is None
            until(lambda: load.refused)
        finally:
            postgres.start()
        before = len(load.opened)
        until(service.is_ready, seconds=120)
        until(lambda: len(load.opened) > before, seconds=60)
        assert action_of(client, headers) == "block"
    with Registry.open(place) as registry:
        load.check(registry)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own, which can really be full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "none", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no disk can be mounted here: that takes root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder):
    """Leave not a byte."""
    with (folder / "filler").open("wb", buffering=0) as file:
        for size in (1 << 16, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))


def test_a_full_disk(small_disk, tmp_path):
    """Cases are refused in words, checks go on, and with room again all is as before."""
    place = small_disk / "registry"
    headers, load = credential(place), Load()
    with Started(place, tmp_path / "logs") as service, load.on(service.url):
        until(lambda: len(load.opened) >= 4 and load.withdrawn)
        fill(small_disk)
        until(lambda: load.refused >= 3)
        assert action_of(service.client, headers) == "block"
        assert service.client.get("/livez").status_code == 200
        (small_disk / "filler").unlink()
        before = len(load.opened)
        until(lambda: len(load.opened) > before, seconds=60)
        until(service.is_ready)
    with Registry.open(place) as registry:
        load.check(registry)


@pytest.mark.skipif(os.name == "nt", reason="signals end processes here")
def test_a_clock_that_is_set_back(client, tokens, registry, caught_up, monkeypatch):
    """Order is kept by numbers, and ages by a clock that nobody sets."""
    now = clock.now()
    registry.add("default", [Hash("pdq", CODE, 90)], source="test")
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(days=400))
    body = {"pictures": [picture_json({"hash": CODE[::-1].hex(), "quality": 90})]}
    receipt = client.post("/v1/cases", json=body)
    assert receipt.status_code == 201, receipt.text
    caught_up()
    until(lambda: action_of(client, tokens["check"]) == "block")
    told = client.get("/readyz").json()
    assert told["state"] == "ready"
    assert 0 <= told["age_seconds"] < 10
    newest = registry.sequence()
    assert [c.sequence for c in registry.follow(0, 100)] == list(range(1, newest + 1))
    phrase = {"Secret-Phrase": receipt.json()["secret_phrase"]}
    answer = client.post(f"/v1/cases/{receipt.json()['case']}/withdrawal", headers=phrase)
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
