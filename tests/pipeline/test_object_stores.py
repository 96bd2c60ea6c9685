"""Folders of an object store are watched and scanned as those of this machine are."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from known_uploads import AWAY, BLOCKED, CLEAN, REVIEWED, Checker
from storing import object_store

import hashmatch
from hashmatch.errors import ArchiveError, MissingExtraError
from hashmatch.matching.archives import Bucket
from hashmatch.pipeline.guards import EdgePolicy, Guard
from hashmatch.pipeline.scan import scan
from hashmatch.pipeline.watch import Watcher
from hashmatch.types import Hash


@pytest.fixture(scope="module")
def served_store():
    with object_store() as store:
        yield store


@pytest.fixture
def store(served_store):
    yield served_store
    for path in served_store.find("uploads"):
        served_store.rm_file(path)


@pytest.fixture
def arrive(store):
    def arrive(name, data):
        store.pipe_file(f"uploads/{name}", data)

    return arrive


@pytest.fixture
def watcher(store):
    del store

    def make(checker=None, moving=("pass", "hold", "refuse"), **policy):
        move = {action: f"s3://uploads/{action}" for action in moving}
        guard = Guard(checker or Checker(), EdgePolicy(**policy))
        return Watcher("s3://uploads/incoming", guard, move)

    return make


def names(store):
    return sorted(path.removeprefix("uploads/") for path in store.find("uploads"))


def test_objects_are_moved_by_what_is_decided(watcher, arrive, store):
    for name, data in (("a.jpg", BLOCKED), ("more/b c.jpg", REVIEWED), ("d.jpg", CLEAN)):
        arrive(f"incoming/{name}", data)
    arrive("incoming/.hidden.jpg", BLOCKED)
    arrive("incoming/e.jpg.part", BLOCKED)
    told = {each.path: (each.decision.action, each.moved_to) for each in watcher().look()}
    assert told == {
        "a.jpg": ("refuse", "s3://uploads/refuse/a.jpg"),
        "more/b c.jpg": ("hold", "s3://uploads/hold/more/b c.jpg"),
        "d.jpg": ("pass", "s3://uploads/pass/d.jpg"),
    }
    assert names(store) == [
        "hold/more/b c.jpg", "incoming/.hidden.jpg", "incoming/e.jpg.part", "pass/d.jpg",
        "refuse/a.jpg",
    ]  # fmt: skip
    assert store.cat_file("uploads/refuse/a.jpg") == BLOCKED


def test_objects_that_stay_are_decided_about_once_until_they_change(watcher, arrive):
    watcher = watcher(moving=())
    arrive("incoming/a.jpg", BLOCKED)
    assert [each.moved_to for each in watcher.look()] == [None]
    assert [*watcher.look()] == []
    arrive("incoming/a.jpg", CLEAN)
    assert [each.decision.action for each in watcher.look()] == ["pass"]


def test_objects_wait_while_the_lists_are_away(watcher, arrive, store):
    watcher = watcher(unavailable="hold")
    arrive("incoming/a.jpg", AWAY)
    for _ in range(2):
        (handled,) = watcher.look()
        assert (handled.decision.why, handled.moved_to) == ("unavailable", None)
    assert names(store) == ["incoming/a.jpg"]


def test_nothing_is_written_over(watcher, arrive, store):
    watcher = watcher()
    for data in (BLOCKED, BLOCKED + b" too"):
        arrive("incoming/a.jpg", data)
        assert len([*watcher.look()]) == 1
    assert store.cat_file("uploads/refuse/a.jpg") == BLOCKED
    assert store.cat_file("uploads/refuse/a-1.jpg") == BLOCKED + b" too"


def test_who_died_between_copy_and_deletion_only_deletes(watcher, arrive, store, monkeypatch):
    arrive("incoming/a.jpg", BLOCKED)

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "delete", killed)
        with pytest.raises(Killed):
            [*watcher().look()]
    assert names(store) == ["incoming/a.jpg", "refuse/a.jpg"]
    assert [each.moved_to for each in watcher().look()] == ["s3://uploads/refuse/a.jpg"]
    assert names(store) == ["refuse/a.jpg"]


@pytest.mark.parametrize(
    ("when", "method"),
    [("before", "read"), ("after", "read"), ("before", "copy"), ("after", "copy")],
)
def test_what_is_replaced_while_it_is_decided_about_is_decided_about_anew(
    watcher, arrive, store, monkeypatch, when, method
):
    """A harmless picture must not vouch for one that takes its name meanwhile."""
    arrive("incoming/a.jpg", CLEAN)
    watcher = watcher()
    real = getattr(Bucket, method)

    def replaced(*args):
        monkeypatch.setattr(Bucket, method, real)
        if when == "before":
            arrive("incoming/a.jpg", BLOCKED)
        done = real(*args)
        if when == "after":
            arrive("incoming/a.jpg", BLOCKED)
        return done

    monkeypatch.setattr(Bucket, method, replaced)
    assert [*watcher.look()] == []
    (handled,) = watcher.look()
    assert handled.moved_to == "s3://uploads/refuse/a.jpg"
    assert names(store) == ["refuse/a.jpg"]


def test_the_store_is_held_to_the_bytes_that_were_seen(arrive, store, monkeypatch):
    """As S3 itself can be, which this stand-in cannot."""
    arrive("incoming/a.jpg", CLEAN)
    inside = Bucket("s3://uploads/incoming")
    asked = {}
    monkeypatch.setattr(inside._system, "cp_file", lambda *_, **only: asked.update(only))
    inside.copy("a.jpg", inside.stored("a.jpg"), Bucket("s3://uploads/pass"), "a.jpg")
    assert asked == {"CopySourceIfMatch": store.info("uploads/incoming/a.jpg")["ETag"].strip('"')}


def test_a_store_that_is_away_is_told_and_looked_at_again(watcher, arrive, monkeypatch):
    watcher = watcher()
    arrive("incoming/a.jpg", CLEAN)

    def away(_self):
        raise OSError(5, "the store failed (EndpointConnectionError)", "s3://uploads/incoming")

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "objects", away)
        (handled,) = watcher.look()
        assert (handled.path, handled.decision) == ("", None)
        assert handled.problem.startswith("The folder cannot be listed: the store failed")
    assert [each.path for each in watcher.look()] == ["a.jpg"]


def test_places_that_cannot_be_meant_are_refused(store):
    del store
    guard = Guard(Checker())
    with pytest.raises(ArchiveError, match="lies inside of"):
        Watcher("s3://uploads/incoming", guard, {"hold": "s3://uploads/incoming/held"})
    with pytest.raises(ArchiveError, match="not of the store of"):
        Watcher("s3://uploads/incoming", guard, {"hold": "memory://held"})
    with pytest.raises(ArchiveError, match="not of the store of"):
        Watcher("s3://uploads/incoming", guard, {"hold": "held"})
    with pytest.raises(ArchiveError, match="another folder here"):
        Watcher(".", guard, {"hold": "s3://uploads/held"})
    with pytest.raises(ArchiveError, match="cannot be listed: there is no such object"):
        Watcher("s3://nowhere/incoming", guard)
    with pytest.raises(ArchiveError, match="cannot be read here"):
        Watcher("nothing://incoming", guard)


def test_a_store_whose_package_is_not_installed_is_told_with_the_extra():
    with pytest.raises(MissingExtraError, match=r"hashmatch\[s3\]"):
        Watcher("gs://uploads/incoming", Guard(Checker()))


@pytest.mark.parametrize("place", ["uploads/hashes", "uploads/hashes/0.parquet"])
def test_parquet_is_scanned_where_it_lies(tmp_path, registry, arrive, place):
    codes = np.random.default_rng(5).integers(0, 256, (40, 32), np.uint8)
    registry.add("default", [Hash("pdq", codes[3].tobytes(), 90)], source="test")
    registry.add("default", [Hash("pdq", codes[25].tobytes(), 90)], source="test")
    table = pa.table({"hash": [code.tobytes() for code in codes]})
    file = pa.BufferOutputStream()
    pq.write_table(table, file, row_group_size=20)
    arrive("hashes/0.parquet", file.getvalue().to_pybytes())
    arrive("hashes/notes.txt", b"not looked at")
    summary = scan(f"s3://{place}", tmp_path / "out", tmp_path / "registry")
    assert (summary.codes, summary.pieces, summary.block) == (40, 2, 2)
    found = [row for part in sorted((tmp_path / "out/matches").iterdir())
             for row in pq.read_table(part).to_pylist()]  # fmt: skip
    assert {(row["file"], row["row"]) for row in found} == {
        ("s3://uploads/hashes/0.parquet", 3),
        ("s3://uploads/hashes/0.parquet", 25),
    }
    again = scan(f"s3://{place}", tmp_path / "out", tmp_path / "registry")
    assert again.codes == 0


def test_pictures_are_hashed_where_they_lie(tmp_path, registry, arrive, picture):
    registry.add("default", [hashmatch.hash_image(picture)], source="test")
    arrive("album/2026/holiday.JPG", picture)
    arrive("album/broken.jpg", picture[:900])
    arrive("album/notes.txt", b"not looked at")
    told = []
    summary = scan(
        "s3://uploads/album",
        tmp_path / "out",
        tmp_path / "registry",
        told=lambda *each: told.append(each),
    )
    assert (summary.hashed, summary.refused, summary.block) == (2, 1, 1)
    assert told[:2] == [("Hashing", 1, 2), ("Hashing", 2, 2)]
    again = scan("s3://uploads/album", tmp_path / "out", tmp_path / "registry")
    assert (again.hashed, again.codes) == (0, 0)


@pytest.mark.usefixtures("store")
def test_a_place_without_an_archive_is_told(tmp_path):
    with pytest.raises(ArchiveError, match="neither pictures nor Parquet"):
        scan("s3://uploads/nothing", tmp_path / "out", tmp_path / "registry")
    with pytest.raises(ArchiveError, match="there is no such object"):
        scan("s3://nowhere/hashes", tmp_path / "out", tmp_path / "registry")
