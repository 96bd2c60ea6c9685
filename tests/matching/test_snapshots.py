"""Snapshots that processes share: published once, refused when damaged, never the truth."""

import errno
import multiprocessing
import os
import shutil
import signal
import time

import numpy as np
import pytest
from other_processes import open_and_report, publish_for_ever
from serving import until

from hashmatch import hash_image, hashers
from hashmatch.errors import HasherMismatchError, RegistryUnavailableError
from hashmatch.indexes import snapshot
from hashmatch.matching import Folder, Matcher, publisher, stored
from hashmatch.matching import snapshots as module
from hashmatch.matching.shelf import Shelf
from hashmatch.registry import Registry
from hashmatch.types import Hash

ENTRIES = 1500


@pytest.fixture
def codes():
    return np.random.default_rng(5).integers(0, 256, (ENTRIES, 32), np.uint8)


@pytest.fixture
def filled(registry, codes):
    """A registry that is worth a snapshot; entries 1 to 1500."""
    some = [Hash("pdq", code.tobytes(), 70) for code in codes]
    registry.add("default", some, source="test")
    registry.add("default", [Hash("md5", bytes([n]) * 16) for n in range(3)], source="test")
    return registry


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "snapshots")


@pytest.fixture
def opened(filled, folder):
    """`opened()`: another matcher, as another process would have it."""
    matchers = []

    def another(registry=filled):
        matchers.append(Matcher(registry, snapshots=folder))
        return matchers[-1]

    yield another
    for matcher in matchers:
        matcher.close()


def places(folder):
    return [place.name for place in module.published(folder.folder)]


def found(matcher, codes, hasher="pdq"):
    return matcher.match(codes, 0, hasher).ids.tolist()


def test_the_first_process_publishes_and_others_open(opened, folder, filled, codes, monkeypatch):
    first = opened()
    assert places(folder) == ["generation-0000000001"]
    monkeypatch.setattr(Registry, "entries", None)  # nobody reads them again
    second = opened()
    assert (second.generation, second.sequence) == (1, filled.sequence())
    for matcher in (first, second):
        assert found(matcher, codes) == list(range(1, ENTRIES + 1))
        assert found(matcher, np.full((1, 16), 2, np.uint8), "md5") == [ENTRIES + 3]
        shelf = matcher._kept.generation.shelves["pdq"]
        for array in (shelf.index.base.index.codes, shelf.base.list_ids, shelf.base.qualities):
            assert not array.flags.owndata
            assert not array.flags.writeable
        assert set(shelf.base.qualities.tolist()) == {70}


def test_few_entries_are_not_published(registry, folder, photo):
    registry.add("default", [hash_image(photo)], source="test")
    with Matcher(registry, snapshots=folder) as matcher:
        assert matcher.check(photo).action == "block"
    assert not folder.folder.exists()


def test_what_changes_is_published_once_and_taken_by_all(opened, folder, filled, codes):
    matchers = [opened() for _ in range(3)]
    filled.create_list("other", threshold=5, review_threshold=7)
    more = np.random.default_rng(6).integers(0, 256, (1100, 32), np.uint8)
    filled.add("other", [Hash("pdq", code.tobytes()) for code in more], source="test")
    filled.withdraw([7, ENTRIES + 1])
    for _ in range(2):
        for matcher in matchers:
            matcher.refresh()
            matcher._kept.follower.close()
            assert found(matcher, codes[5:8]) == [6, 8]
            assert len(found(matcher, more)) == 1100
    assert places(folder) == ["generation-0000000002", "generation-0000000001"]
    assert {matcher.generation for matcher in matchers} == {2}
    late = opened()
    assert found(late, codes[5:8]) == [6, 8]
    assert found(late, np.zeros((1, 16), np.uint8), "md5") == []
    assert late._kept.generation.lists == {each.id: each for each in filled.lists()}


def test_a_withdrawn_code_leaves_the_files_in_bounded_time(
    opened, folder, filled, codes, monkeypatch
):
    matcher = opened()
    secret = codes[10].tobytes()
    assert any(secret in path.read_bytes() for path in folder.folder.rglob("codes.faiss"))
    filled.withdraw([11])
    matcher.refresh()
    assert found(matcher, codes[10:11]) == []  # at once
    assert places(folder) == ["generation-0000000001"]
    monkeypatch.setattr(publisher, "FORGET_SECONDS", 0)
    monkeypatch.setattr(module, "SPARED_SECONDS", -1)
    matcher.refresh()
    matcher.close()
    assert places(folder) == ["generation-0000000002"]
    assert not any(secret in path.read_bytes() for path in folder.folder.rglob("*.*"))


def test_what_was_replaced_is_tidied_up_later(opened, folder, filled, monkeypatch):
    matcher = opened()
    place = folder.put(matcher._kept.generation)
    assert (place.number, len(places(folder))) == (2, 2)
    (folder.folder / f"{snapshot.UNFINISHED}x").mkdir()
    monkeypatch.setattr(module, "SPARED_SECONDS", -1)
    monkeypatch.setattr(publisher, "_TIDY_SECONDS", -1)
    matcher.refresh()
    matcher._kept.follower.close()
    assert {path.name for path in folder.folder.iterdir()} == {"lock", "generation-0000000002"}
    assert len(filled.lists()) == 1


def test_many_in_a_row_are_not_all_kept(opened, folder):
    matcher = opened()
    for _ in range(4):
        folder.put(matcher._kept.generation)
    assert places(folder) == [f"generation-000000000{n}" for n in (5, 4, 3)]


FILES = [
    "manifest.json", "pdq/codes.faiss", "pdq/ids.arrow", "pdq/list_ids.npy", "pdq/qualities.npy",
    "md5/ids.arrow",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["gone", "cut", "other", "empty"])
def test_a_damaged_snapshot_is_refused_and_the_last_good_one_stays(
    name, damage, opened, folder, filled, codes
):
    before = opened()
    folder.put(before._kept.generation)
    filled.withdraw([3])
    path = folder.folder / "generation-0000000002" / name
    content = path.read_bytes()
    path.unlink()
    if damage != "gone":
        half = len(content) // 2
        path.write_bytes(
            {
                "cut": content[:half],
                "other": content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :],
                "empty": b"",
            }[damage]
        )
    fresh = opened()
    assert fresh.generation == 1
    assert found(fresh, codes[1:4]) == [2, 4]
    before.refresh()
    assert before.generation == 1


def test_if_none_is_good_all_is_read_from_the_registry(opened, folder, codes):
    opened()
    (folder.folder / "generation-0000000001" / "manifest.json").write_text("{}")
    fresh = opened()
    assert fresh.generation == 2
    assert found(fresh, codes[1:4]) == [2, 3, 4]


def test_a_folder_that_is_deleted_costs_a_rebuild_only(opened, folder, filled, codes):
    matcher = opened()
    shutil.rmtree(folder.folder)
    filled.withdraw([2])
    matcher.refresh()
    assert found(matcher, codes[:3]) == [1, 3]
    assert found(opened(), codes[:3]) == [1, 3]
    assert places(folder) == ["generation-0000000001"]


def test_a_full_disk_leaves_the_lists_in_memory(opened, folder, filled, codes, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "_write_json", full)
        matcher = opened()
        assert matcher.generation == 0
        assert found(matcher, codes[:3]) == [1, 2, 3]
        until(lambda: [path.name for path in folder.folder.iterdir()] == ["lock"])  # it tries again
        filled.withdraw([2])
        matcher.refresh()
        matcher._kept.follower.close()
        assert found(matcher, codes[:3]) == [1, 3]
    matcher._kept.follower._publisher._not_before = 0
    matcher.refresh()
    matcher._kept.follower.close()
    matcher.refresh()
    assert (matcher.generation, found(matcher, codes[:3])) == (1, [1, 3])


def test_a_folder_that_cannot_be_made(filled, codes, tmp_path):
    (tmp_path / "file").write_text("")
    with Matcher(filled, snapshots=Folder(tmp_path / "file" / "snapshots")) as matcher:
        assert found(matcher, codes[:3]) == [1, 2, 3]


def test_snapshots_of_another_registry_are_not_believed(opened, tmp_path, empty_place, codes):
    """As after a backup was restored: shorter, or as long and different."""
    opened()
    for count in (5, ENTRIES + 3, ENTRIES + 50):
        place = tmp_path / f"registry-{count}"
        shutil.copytree(empty_place, place)
        with Registry.open(place) as other:
            other.create_list("odd")
            strange = np.random.default_rng(9).integers(0, 256, (count, 32), np.uint8)
            other.add("odd", [Hash("pdq", code.tobytes()) for code in strange], source="test")
            matcher = opened(other)
            assert found(matcher, codes) == []
            assert found(matcher, strange) == list(range(1, count + 1))
            assert {each.name for each in matcher._kept.generation.lists.values()} == {
                "default",
                "odd",
            }


def test_a_registry_that_is_exchanged_while_it_is_followed(registry, photo, monkeypatch):
    monkeypatch.setattr("hashmatch.matching.follower.PROVE_SECONDS", 0)
    entry = registry.add("default", [hash_image(photo)], source="test").entries[0]
    with Matcher(registry) as matcher:
        follow = registry.follow
        monkeypatch.setattr(registry, "sequence", lambda: 1)
        monkeypatch.setattr(registry, "entries", lambda _: iter(()))
        monkeypatch.setattr(
            registry, "follow", lambda after, n=9: follow(after, n) if not after else ()
        )
        assert entry
        matcher.refresh()
        assert matcher.check(photo).action == "pass"
        assert matcher.sequence == 1


def test_the_lists_are_held_while_the_registry_is_away(opened, codes, monkeypatch):
    opened()

    def away(*_):
        raise RegistryUnavailableError("It is away.")

    monkeypatch.setattr(Registry, "follow", away)
    matcher = opened()
    assert found(matcher, codes[:3]) == [1, 2, 3]
    assert (matcher.state, matcher.age) == ("stale", float("inf"))
    with pytest.raises(RegistryUnavailableError):
        matcher.refresh()
    monkeypatch.undo()
    matcher.refresh()
    assert matcher.state == "ready"
    assert matcher.age < 60


def test_a_hasher_of_another_width_is_refused(opened, folder, monkeypatch):
    opened()
    monkeypatch.setattr(hashers.get("md5"), "bits", 64, raising=False)
    with pytest.raises(HasherMismatchError, match="md5"):
        folder.newest(0)


def test_two_publishers_at_once_do_no_harm(opened, folder, codes, monkeypatch):
    """As where the file system's locks do not hold: one of two is refused, and nothing is torn."""
    matcher = opened()
    place = folder.next_place()
    stored.write(place, matcher._kept.generation.folded())
    monkeypatch.setattr(folder, "next_place", lambda: place)
    with pytest.raises(module.SnapshotError, match="exists"):
        folder.put(matcher._kept.generation)
    assert not list(folder.folder.glob(f"{snapshot.UNFINISHED}*"))
    assert found(opened(), codes[:3]) == [1, 2, 3]


def test_processes_that_start_together_read_the_registry_once(filled, folder, tmp_path):
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    processes = [
        context.Process(
            target=open_and_report, args=(tmp_path / "registry", folder.folder, queue), daemon=True
        )
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    assert [queue.get(timeout=60) for _ in processes] == [(1, ENTRIES)] * 2
    for process in processes:
        process.join(60)
    assert places(folder) == ["generation-0000000001"]
    assert filled.sequence() == ENTRIES + 3 + 1


@pytest.mark.skipif(os.name == "nt", reason="signals end processes here")
@pytest.mark.usefixtures("filled")
def test_kill_9_of_a_publisher_leaves_a_good_snapshot(opened, folder, tmp_path, codes):
    context = multiprocessing.get_context("spawn")
    process = context.Process(
        target=publish_for_ever, args=(tmp_path / "registry", folder.folder), daemon=True
    )
    process.start()
    end = time.monotonic() + 60
    while len(places(folder)) < 3:
        assert time.monotonic() < end
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    matcher = opened()
    assert found(matcher, codes) == list(range(1, ENTRIES + 1))
    with folder.turn(wait=False) as mine:
        assert mine


def test_a_shelf_that_is_empty_is_published_too(folder, registry):
    with Matcher(registry, snapshots=folder) as matcher:
        assert isinstance(matcher._kept.generation.shelves["pdq"], Shelf)
        assert len(folder.put(matcher._kept.generation).shelves["pdq"]) == 0


def test_a_follower_in_the_background(filled, photo, folder):
    with Matcher(filled, snapshots=folder) as matcher:
        matcher.follow(0.01)
        filled.add("default", [hash_image(photo)], source="test")
        end = time.monotonic() + 30
        while matcher.check(photo).action != "block":
            assert time.monotonic() < end
            time.sleep(0.01)
    assert not matcher._kept.thread.is_alive()
