"""How a matcher keeps up with what changes in the registry."""

import threading

import numpy as np
import pytest
from submitting import one_picture

from hashmatch import hash_image
from hashmatch.errors import (
    RegistryUnavailableError,
)
from hashmatch.matching import Matcher
from hashmatch.matching import follower as follower_module
from hashmatch.types import Hash


def test_additions_withdrawals_and_lists_become_effective(registry, matcher, photo):
    value = hash_image(photo)
    assert matcher.check(photo).action == "pass"
    receipt = registry.submit(one_picture([value]))
    assert matcher.check(photo).action == "pass"  # not yet
    assert matcher.refresh() == matcher.sequence == registry.sequence()
    assert matcher.check(photo).action == "block"
    registry.update_list("default", action="review")
    matcher.refresh()
    assert matcher.check(photo).action == "review"
    registry.withdraw_case(receipt.number, receipt.secret_phrase)
    matcher.refresh()
    assert matcher.check(photo).action == "pass"
    registry.create_list("other")
    registry.add("other", [value], source="test")
    matcher.refresh()
    assert matcher.check(photo).action == "block"
    registry.remove_list("other")
    matcher.refresh()
    assert matcher.check(photo).action == "pass"


def test_following_and_loading_anew_come_to_the_same(registry, matcher, monkeypatch):
    generator = np.random.default_rng(3)
    for turn in range(30):
        seeds = generator.integers(0, 256, 4)
        some = [Hash("pdq", bytes([seed]) * 32) for seed in seeds]
        some += [Hash("md5", bytes([seed]) * 16) for seed in seeds[:2]]
        name = ("default", "other")[turn % 2]
        if name not in {known.name for known in registry.lists()}:
            registry.create_list(name)
        added = registry.add(name, some, source="test")
        if turn % 3 == 0:
            registry.withdraw(added.entries[::2])
        if turn % 11 == 10:
            registry.remove_list("other")
        if turn % 4 == 0:
            matcher.refresh()
    with monkeypatch.context() as patch:
        patch.setattr(follower_module, "RELOAD_AFTER", 10**9)
        matcher.refresh()
    fresh = Matcher(registry)
    assert matcher.sequence == fresh.sequence == registry.sequence()
    for hasher, width in (("pdq", 32), ("md5", 16)):
        every = np.repeat(np.arange(256, dtype=np.uint8)[:, None], width, axis=1)
        radius = 64 if hasher == "pdq" else 0
        followed = matcher.match(every, radius, hasher)
        loaded = fresh.match(every, radius, hasher)
        assert (followed.ids == loaded.ids).all()
        assert (followed.offsets == loaded.offsets).all()
        assert set(loaded.ids) == {
            int(entry) for batch in registry.entries(hasher) for entry in batch.ids
        }


def test_far_behind_it_loads_anew(registry, matcher, photo, monkeypatch):
    monkeypatch.setattr(follower_module, "RELOAD_AFTER", 3)
    monkeypatch.setattr(follower_module, "PAGE", 2)
    registry.add("default", [Hash("pdq", bytes([n]) * 32) for n in range(5)], source="test")
    registry.add("default", [hash_image(photo)], source="test")
    follow, asked = registry.follow, []

    def two(after, limit=2):
        asked.append((after, limit))
        return follow(after, limit)

    monkeypatch.setattr(registry, "follow", two)
    assert matcher.refresh() == registry.sequence()
    assert len(asked) == 4  # a page; for the anchor of what was loaded; the end; the proof
    assert matcher.check(photo).action == "block"


def test_many_pages_of_changes(registry, matcher):
    codes = np.random.default_rng(1).integers(0, 256, (25_000, 32), np.uint8)
    registry.add("default", [Hash("pdq", code.tobytes()) for code in codes], source="test")
    registry.withdraw(range(1, 25_001, 2))
    matcher.refresh()
    matches = matcher.match(codes[:1000], 0)
    assert matches.ids.tolist() == list(range(2, 1001, 2))


def test_a_failure_half_way_loses_nothing(registry, matcher, photo, monkeypatch):
    registry.add("default", [hash_image(photo)], source="test")
    follow, calls = registry.follow, []

    def fail_on_the_second_page(after):
        calls.append(after)
        if len(calls) == 2:
            raise RegistryUnavailableError("the disk gave an error")
        return follow(after)

    with monkeypatch.context() as patch:
        patch.setattr(registry, "follow", fail_on_the_second_page)
        with pytest.raises(RegistryUnavailableError):
            matcher.refresh()
    assert matcher.check(photo).action == "pass"
    matcher.refresh()
    assert matcher.check(photo).action == "block"


def test_what_is_added_while_it_loads_is_not_lost(registry, photo, stranger, monkeypatch):
    registry.add("default", [hash_image(photo)], source="test")
    entries = registry.entries

    def add_meanwhile(hasher):
        yield from entries(hasher)
        if hasher == "pdq":
            registry.add("default", [hash_image(stranger)], source="test")
            registry.withdraw([1])

    with monkeypatch.context() as patch:
        patch.setattr(registry, "entries", add_meanwhile)
        matcher = Matcher(registry)
    matcher.refresh()
    assert matcher.check(photo).action == "pass"
    assert matcher.check(stranger).action == "block"


def test_checks_in_threads_see_one_state_while_another_refreshes(registry, matcher, photo):
    """The picture is always in exactly one of two lists: each check must find it once."""
    value = hash_image(photo)
    registry.create_list("other")
    entry = registry.add("default", [value], source="test").entries[0]
    matcher.refresh()
    done, wrong = threading.Event(), []

    def check():
        while not done.is_set():
            verdict = matcher.check(photo)
            if verdict.action != "block" or not 1 <= len(verdict.matches) <= 2:
                wrong.append(verdict)

    threads = [threading.Thread(target=check) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(15):
        added = registry.add(("other", "default")[turn % 2], [value], source="test")
        registry.withdraw([entry])
        (entry,) = added.entries
        matcher.refresh()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
