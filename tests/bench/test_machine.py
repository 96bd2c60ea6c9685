import json

from hashmatch.bench import describe, machine


def test_the_description_is_plain_and_whole():
    told = json.loads(json.dumps(describe()))
    assert told["cpu"]
    assert told["cores"] >= 1
    assert told["packages"].keys() == set(machine.PACKAGES)
    assert told["packages"]["numpy"]
    assert set(told["flags"]) <= set(machine.FLAGS)


def test_what_a_system_does_not_tell_is_left_out(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "Path", lambda _: tmp_path / "nowhere")
    monkeypatch.delattr(machine.os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(machine.os, "getloadavg", raising=False)
    monkeypatch.setattr(machine, "memory", lambda: 1 << 62)
    told = describe()
    assert told["cpu"]
    assert told["cores"] >= 1
    assert (told["flags"], told["l3_cache"], told["load"], told["memory"]) == ([], None, None, None)


def test_a_package_that_is_not_installed_has_no_version():
    assert machine._version("no-such-package-at-all") is None
