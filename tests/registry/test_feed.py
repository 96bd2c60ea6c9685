import contextlib
import threading

from hashmatch.registry import Registry


def test_changes_tell_what_an_index_needs(registry, hashes):
    one, two = hashes(2)
    registry.add("default", [one, two], source="test")
    registry.withdraw([1])
    feed = registry.follow()
    assert [change.sequence for change in feed] == [1, 2, 3, 4]
    assert [change.kind for change in feed] == ["set_list", "add", "add", "withdraw"]
    assert [change.entry for change in feed] == [None, 1, 2, 1]
    added = feed[2]
    assert (added.list_id, added.hasher, added.code, added.quality) == (1, "pdq", two.code, 80)


def test_what_was_withdrawn_since_has_no_code_any_more(registry, hashes):
    registry.add("default", hashes(1), source="test")
    registry.withdraw([1])
    added = registry.follow(after=1)[0]
    assert added.kind == "add"
    assert added.code is None
    assert added.hasher is None


def test_the_feed_is_read_in_pages(registry, hashes, all_changes):
    registry.add("default", hashes(25), source="test")
    assert all_changes(registry, limit=7) == list(registry.follow())
    assert registry.follow(after=26) == ()
    assert registry.follow(after=10**12) == ()


def test_a_failed_transaction_leaves_no_gap(registry, hashes):
    registry.add("default", hashes(1), source="test")

    def break_off():
        yield from hashes(1500)
        raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        registry.add("default", break_off(), source="test")
    registry.add("default", hashes(1), source="test")
    assert [change.sequence for change in registry.follow()] == [1, 2, 3]
    assert [change.entry for change in registry.follow(1)] == [1, 2]


def test_writers_in_threads_leave_no_gap_and_a_follower_misses_nothing(place, hashes):
    with Registry.open(place) as registry:
        lots = [[hashes(3) for _ in range(8)] for _ in range(4)]
        failures = []

        def write(mine):
            try:
                for some in mine:
                    added = registry.add("default", some, source="test")
                    registry.withdraw(added.new[:1])
            except Exception as error:  # noqa: BLE001 - told to the main thread
                failures.append(error)

        threads = [threading.Thread(target=write, args=(mine,)) for mine in lots]
        for thread in threads:
            thread.start()
        seen = []
        while any(thread.is_alive() for thread in threads):
            seen.extend(registry.follow(seen[-1].sequence if seen else 0, limit=5))
        for thread in threads:
            thread.join()
        while page := registry.follow(seen[-1].sequence):
            seen.extend(page)
    assert failures == []
    assert [change.sequence for change in seen] == list(range(1, 1 + 1 + 4 * 8 * 4))
