"""Following a registry over HTTP: first the snapshot, then changes, whatever becomes of it."""

import httpx
import numpy as np
import pytest
from following import fingerprint, found
from serving import until

from hashmatch import hash_image
from hashmatch.errors import (
    MissingExtraError,
    RegistryUnavailableError,
    UnauthenticatedError,
)
from hashmatch.matching import Matcher
from hashmatch.matching import follower as follower_module
from hashmatch.pipeline import remote
from hashmatch.pipeline.client import links
from hashmatch.types import Hash


def test_a_snapshot_then_changes(published, opened, registry, codes, picture, photo):
    matcher = opened(published)
    assert matcher.generation == 1
    assert found(matcher, codes) == list(range(1, 1501))
    assert (matcher.state, matcher.age < 60) == ("ready", True)
    assert matcher.check(picture).action == "pass"
    receipt = registry.submit([[fingerprint(photo)]])
    until(lambda: matcher.check(picture).action == "block")
    registry.withdraw_case(receipt.number, receipt.secret_phrase)
    until(lambda: matcher.check(picture).action == "pass")
    registry.withdraw([2])
    registry.update_list("default", threshold=7)
    until(lambda: found(matcher, codes[:3]) == [1, 3])
    until(lambda: [each.threshold for each in matcher._kept.generation.lists.values()] == [7])


def test_a_registry_of_few_changes_has_no_snapshot(url, opened, registry, photo, picture):
    registry.create_list("other")
    registry.add("other", [hash_image(photo)], source="test")
    matcher = opened(url)
    assert matcher.generation == 0
    assert matcher.check(picture).matches[0].list_name == "other"


class TestRestarts:
    def test_with_the_registry_away(self, start, opened, filled, codes):
        with start() as url:
            first = opened(url)
            filled.create_list("later")
            filled.add("later", [Hash("pdq", bytes(32), 90)], source="test")
            filled.withdraw([1])
            until(lambda: first.sequence == filled.sequence())
            held = first._kept.generation.lists
            first.close()
        again = opened(url)
        assert found(again, codes[:3]) == [2, 3]
        assert found(again, np.zeros((1, 32), np.uint8)) == [1501]
        assert again._kept.generation.lists == held
        assert 0 < again.age < 60
        with pytest.raises(RegistryUnavailableError, match="did not answer"):
            again.refresh()

    def test_of_the_service_under_a_running_matcher(
        self, start, opened, filled, codes, monkeypatch
    ):
        monkeypatch.setattr("hashmatch.matching.matcher.STALE_SECONDS", 0.3)
        with start() as url:
            matcher = opened(url)
            until(lambda: matcher.state == "ready")
        until(lambda: matcher.state == "stale")
        assert found(matcher, codes[:3]) == [1, 2, 3]
        assert matcher._kept.thread.is_alive()
        filled.withdraw([2])

    def test_cold_with_the_registry_away(self, opened):
        with pytest.raises(RegistryUnavailableError, match="did not answer"):
            opened("http://127.0.0.1:9")

    def test_nothing_is_fetched_twice(self, published, opened, codes, monkeypatch):
        opened(published).close()
        monkeypatch.setattr(remote, "download", None)
        assert found(opened(published), codes[:2]) == [1, 2]

    def test_a_follower_that_was_off_for_long(self, start, opened, filled, codes, monkeypatch):
        monkeypatch.setattr(follower_module, "RELOAD_AFTER", 100)
        monkeypatch.setattr(follower_module, "PAGE", 50)
        monkeypatch.setattr(remote, "PAGE", 50)
        with start() as url:
            matcher = opened(url)
            until(lambda: matcher.sequence == filled.sequence())
            matcher.close()
            more = np.random.default_rng(4).integers(0, 256, (3000, 32), np.uint8)
            filled.add("default", [Hash("pdq", code.tobytes()) for code in more], source="test")
            headers = {"Authorization": matcher._kept.source._feed._asking.headers["authorization"]}
            with httpx.Client(base_url=url, headers=headers) as client:
                until(lambda: client.get("/v1/snapshot").json()["sequence"] > 4000)
            loaded = []
            load = remote.Remote.load
            monkeypatch.setattr(
                remote.Remote, "load", lambda self, at: loaded.append(1) or load(self, at)
            )
            again = opened(url)
            assert loaded == [1]
            assert found(again, more) == list(range(1501, 4501))
            assert found(again, codes) == list(range(1, 1501))


def test_a_token_that_is_not_good(url, opened):
    with pytest.raises(UnauthenticatedError):
        opened(url, token="hm_000000000000_" + "0" * 43)


def test_without_httpx(url, opened, monkeypatch):
    def missing():
        raise MissingExtraError("pip install 'hashmatch[client]'")

    monkeypatch.setattr(links, "_httpx", missing)
    with pytest.raises(MissingExtraError):
        opened(url)


def test_an_installation_that_has_no_such_source(monkeypatch):
    monkeypatch.setattr("hashmatch.matching.places.entry_points", lambda **_: [])
    with pytest.raises(RegistryUnavailableError):
        Matcher.open("https://registry.example")
