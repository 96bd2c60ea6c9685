"""Following a registry over HTTP, with all that may go wrong on the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import httpx
import numpy as np
import pytest
from serving import until

from hashmatch import hash_image
from hashmatch.errors import (
    MissingExtraError,
    RegistryUnavailableError,
    SnapshotError,
    UnauthenticatedError,
)
from hashmatch.hashers import listed_parts
from hashmatch.matching import Folder, Matcher, publisher, snapshots_of
from hashmatch.matching import follower as follower_module
from hashmatch.packed import HASHER
from hashmatch.pipeline import download, feed, remote
from hashmatch.pipeline.client import links
from hashmatch.pipeline.journal import Journal
from hashmatch.registry import Registry
from hashmatch.types import Hash


def found(matcher, codes, hasher="pdq"):
    return matcher.match(codes, 0, hasher).ids.tolist()


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


def fingerprint(photo):
    from hashmatch.registry import Fingerprint

    return Fingerprint(hash_image(photo))


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


class TestDamagedCache:
    @pytest.fixture
    def cache(self, published, opened, filled, tmp_path):
        """A cache with a snapshot, and a journal of two pages."""
        matcher = opened(published)
        for entry in (1, 2):
            filled.withdraw([entry])
            until(lambda: matcher.sequence == filled.sequence())
        matcher.close()
        return tmp_path / "cache"

    @pytest.mark.parametrize(
        "name",
        ["manifest.json", "pdq/codes.faiss", "pdq/ids.arrow", "pdq/list_ids.npy",
         "pdq/qualities.npy", "seal.json"],
    )  # fmt: skip
    @pytest.mark.parametrize("damage", [b"spoilt", None])
    def test_each_file_of_the_snapshot(self, cache, published, opened, codes, name, damage):
        path = cache / "generation-0000000001" / name
        path.unlink() if damage is None else path.write_bytes(damage)
        assert found(opened(published), codes[:4]) == [3, 4]

    @pytest.mark.parametrize("kept", [0, 10, -1])
    def test_a_torn_journal(self, cache, published, opened, codes, filled, kept):
        path = cache / "changes.jsonl"
        content = path.read_bytes()
        path.write_bytes(content[:kept])
        matcher = opened(published)
        assert found(matcher, codes[:4]) == [3, 4]
        matcher.close()
        assert Journal(cache).until == filled.sequence()

    @pytest.mark.parametrize("place", [0, 30, -30])
    def test_a_spoilt_journal(self, cache, published, opened, codes, place):
        path = cache / "changes.jsonl"
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)
        assert found(opened(published), codes[:4]) == [3, 4]

    def test_a_journal_without_its_beginning(self, cache, published, opened, codes):
        path = cache / "changes.jsonl"
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
        assert found(opened(published), codes[:4]) == [3, 4]

    def test_all_of_it_deleted_under_a_running_matcher(
        self, cache, published, opened, codes, filled
    ):
        matcher = opened(published)
        shutil.rmtree(cache)
        filled.withdraw([3])
        until(lambda: found(matcher, codes[:5]) == [4, 5])
        matcher.close()
        assert found(opened(published), codes[:5]) == [4, 5]

    def test_of_another_registry(self, cache, tmp_path, published, opened, codes):
        """The service was set up anew, and has fewer changes than the snapshot."""
        del published
        from serving import served

        from hashmatch.service import Settings, create_app

        with Registry.open(tmp_path / "new") as new:
            new.add("default", [Hash("pdq", codes[7].tobytes())], source="test")
            token = new.issue_credential("platform", {"check"}).token
            with served(create_app(Settings(place=str(tmp_path / "new"), decoders=0))) as client:
                until(lambda: client.get("/readyz").status_code == 200)
                matcher = opened(str(client.base_url), token=token)
                assert found(matcher, codes) == [1]
                assert cache.exists()


class TestDownload:
    def test_goes_on_where_it_was_interrupted(self, published, token, tmp_path, codes, monkeypatch):
        monkeypatch.setattr(download, "PIECE", 10_000)
        folder = Folder(tmp_path / "cache")
        asked = []
        with download.Client(published, token) as client:
            run, left = client.run, [4]

            def interrupted(call):
                if call.__name__ == "piece":
                    asked.append(dict(call.gi_frame.f_locals))
                    left[0] -= 1
                    if left[0] == 0:
                        raise KeyboardInterrupt
                return run(call)

            monkeypatch.setattr(client, "run", interrupted)
            with pytest.raises(KeyboardInterrupt):
                download.download(client, folder)
            assert folder.newest(0) is None
            assert download.download(client, folder)
        starts = [(each["file"], each["start"]) for each in asked]
        assert len(starts) == len(set(starts)) + 1  # the piece that was interrupted
        assert folder.newest(0).shelves["pdq"].within(codes[:2], 0).ids.tolist() == [1, 2]
        assert {path.name for path in folder.folder.iterdir()} == {"generation-0000000001"}

    def test_what_is_there_but_spoilt_is_fetched_again(self, published, token, tmp_path):
        folder = Folder(tmp_path / "cache")
        with download.Client(published, token) as client:
            told = client.run(download.calls.snapshot())
            digest = told["manifest"]["sha256"]
            name = download.hashlib.sha256(digest.encode()).hexdigest()[:16]
            place = folder.folder / f".download-{name}" / "pdq"
            place.mkdir(parents=True)
            (place / "codes.faiss").write_bytes(b"spoilt")
            (place / "ids.arrow").write_bytes(bytes(10**6))
            assert download.download(client, folder)
        assert folder.newest(0) is not None

    @pytest.mark.parametrize("name", ["../../evil", "/tmp/evil", "a/../../evil"])  # noqa: S108
    def test_names_that_lead_elsewhere_are_refused(self, published, token, tmp_path, name):
        from hashmatch.indexes import snapshot

        with download.Client(published, token) as client:
            manifest = client.run(download.calls.snapshot())["manifest"]
        manifest["files"][name] = {"bytes": 1, "sha256": "0" * 64}
        manifest["sha256"] = snapshot._digest_of(manifest)
        told = {"generation": 1, "sequence": 1, "manifest": manifest}
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json=told))
        with (
            download.Client("http://a", transport=transport) as client,
            pytest.raises(SnapshotError, match="not of a snapshot"),
        ):
            download.download(client, Folder(tmp_path / "cache"))
        assert not (tmp_path / "evil").exists()

    def test_it_is_replaced_while_it_is_fetched(
        self, published, token, tmp_path, filled, monkeypatch
    ):
        monkeypatch.setattr(publisher, "FORGET_SECONDS", 0)
        monkeypatch.setattr("hashmatch.matching.snapshots.SPARED_SECONDS", -1)
        folder = Folder(tmp_path / "cache")
        with download.Client(published, token) as client:
            run, first = client.run, [True]

            def replaced(call):
                if call.__name__ == "piece" and first:
                    first.pop()
                    filled.withdraw([5])
                    until(lambda: (run(download.calls.snapshot()) or {}).get("generation") == 2)
                return run(call)

            monkeypatch.setattr(client, "run", replaced)
            assert download.download(client, folder)
        assert len(folder.newest(0).shelves["pdq"]) == 1499

    def test_a_full_disk(self, published, opened, monkeypatch, codes):
        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(SnapshotError, match="No space left"):
            opened(published)
        monkeypatch.undo()
        assert found(opened(published), codes[:2]) == [1, 2]


class TestFeed:
    def page(self, *records):
        return {"changes": list(records), "sequence": 10 + len(records)}

    def good(self, sequence):
        return {
            "sequence": sequence, "kind": "add", "list": 1, "at": "2026-01-01T00:00:00+00:00",
            "entry": sequence, "hasher": "pdq", "hash": "00" * 32, "quality": 80,
        }  # fmt: skip

    @pytest.mark.parametrize(
        "bad",
        [
            {"hash": "xyz"},
            {"hash": "00" * 31},
            {"hash": 7},
            {"hasher": None},
            {"hasher": "md5"},
            {"quality": 101},
            {"quality": "good"},
            {"entry": None},
            {"entry": -1},
            {"entry": 1 << 60},
            {"entry": True},
            {"sequence": 99},
            {"kind": 3},
            {"list": "x"},
            {"at": "yesterday"},
            {"at": 5},
        ],
    )
    def test_a_record_that_cannot_be_read_is_passed_over(self, bad, caplog):
        page = self.page(self.good(11), {**self.good(12), **bad}, self.good(13))
        changes = feed.read_page(page, 10)
        assert [change.kind for change in changes] == ["add", "set_list", "add"]
        assert [change.sequence for change in changes] == [11, 12, 13]
        assert "Change 12 of the feed" in caplog.text

    def test_no_object_at_all(self):
        assert feed.read_page(self.page(None, 3, "x", []), 10)[3].sequence == 14

    @pytest.mark.parametrize("last", [10, 12, None, "11"])
    def test_pages_with_gaps_are_refused(self, last):
        page = {"changes": [self.good(11)], "sequence": last}
        with pytest.raises(feed.ServiceError, match="one by one"):
            feed.read_page(page, 10)

    def test_of_a_running_service(self, published, opened, filled, codes, monkeypatch):
        """A poisoned record comes first on its page; what follows is matched all the same."""
        matcher = opened(published)
        from hashmatch.service import lists

        told, spoilt = lists._change, []

        def spoil(change):
            record = told(change)
            if not spoilt and record["kind"] == "add":
                spoilt.append(change.sequence)
            if record["sequence"] in spoilt:
                record["hash"] = "poison"
            return record

        monkeypatch.setattr(lists, "_change", spoil)
        new = [Hash("pdq", bytes([n]) * 32, 80) for n in (1, 2)]
        filled.add("default", new, source="test")
        until(lambda: found(matcher, np.full((1, 32), 2, np.uint8)) == [1502])
        assert found(matcher, np.full((1, 32), 1, np.uint8)) == []
        assert found(matcher, codes[:1]) == [1]


def test_a_token_that_is_not_good(url, opened):
    with pytest.raises(UnauthenticatedError):
        opened(url, token="hm_000000000000_" + "0" * 43)


def test_without_httpx(url, opened, monkeypatch):
    def missing():
        raise MissingExtraError("pip install 'hashmatch[client]'")

    monkeypatch.setattr(links, "_httpx", missing)
    with pytest.raises(MissingExtraError):
        opened(url)


def test_two_processes_share_a_cache(published, opened, filled, codes):
    first, second = opened(published), opened(published)
    filled.withdraw([1])
    for matcher in (first, second):
        until(lambda matcher=matcher: found(matcher, codes[:2]) == [2])
    assert first.generation == second.generation == 1
    second.close()
    first.close()
    assert found(opened(published), codes[:2]) == [2]


def test_the_cache_is_compacted_and_its_journal_with_it(
    published, opened, filled, tmp_path, monkeypatch
):
    monkeypatch.setattr(publisher, "_REST", 0)
    matcher = opened(published)
    journal = tmp_path / "cache" / "changes.jsonl"
    for turn in range(6):
        more = np.random.default_rng(100 + turn).integers(0, 256, (600, 32), np.uint8)
        added = filled.add("default", [Hash("pdq", c.tobytes()) for c in more], source="test")
        filled.withdraw(added.entries)
        until(lambda: matcher.sequence == filled.sequence())
    until(lambda: matcher.generation > 2)
    until(lambda: matcher._kept.generation.sequence - matcher._kept.generation.since < 1200)
    assert journal.stat().st_size < 300_000
    names = [path.name for path in (tmp_path / "cache").glob("generation-*")]
    assert 1 <= len(names) <= 3 < matcher.generation + 1
    assert len(matcher._kept.generation.shelves["pdq"]) == 1500


@pytest.mark.skipif(os.name == "nt", reason="modes are others there")
def test_nothing_of_the_cache_is_for_others(published, opened, tmp_path):
    matcher = opened(published)
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
    matcher._kept.follower._snapshots.put(matcher._kept.generation)
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "cache").iterdir()} == {0}


def test_the_default_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one, two = (remote.default_cache(f"https://{name}.example:1/") for name in "ab")
    assert one.parent == two.parent == tmp_path / "hashmatch"
    assert one != two


FOLLOW = """
import sys
from hashmatch import Matcher
matcher = Matcher.open(sys.argv[1], token=sys.argv[2], cache=sys.argv[3], every=0.001)
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals end processes here")
def test_kill_9_at_any_time_leaves_a_usable_cache(start, token, tmp_path, filled, codes, opened):
    cache = tmp_path / "cache"
    with start() as url:
        for turn in range(2):
            process = subprocess.Popen(
                [sys.executable, "-c", FOLLOW, url, token, str(cache)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            try:
                assert process.stdout.readline() == b"open\n"
                for n in range(20):
                    filled.withdraw([1 + 20 * turn + n])
                if turn == 1:
                    time.sleep(1)
            finally:
                os.kill(process.pid, signal.SIGKILL)
                process.communicate()
            for line in (cache / "changes.jsonl").read_bytes().splitlines()[:-1]:
                json.loads(line.partition(b" ")[2])
    offline = opened(url)
    assert offline.sequence > 1500
    assert found(offline, codes) == list(range(41, 1501))


def test_the_journal_can_be_read_by_many_and_is_written_by_one(tmp_path):
    page = {"after": 0, "until": 2, "changes": [1, 2], "sequence": 2}
    one = Journal(tmp_path)
    two = Journal(tmp_path)
    two.append(page)
    assert one.page(0) is two.page(0) is None
    one.append(page)
    one.append({**page, "after": 2, "until": 3})
    both = {"after": 0, "until": 3, "changes": [1, 2, 1, 2], "sequence": 2}
    assert (one.page(0), one.page(1), one.page(3), one.until) == (both, both, None, 3)
    assert one.page(2) == {**page, "after": 2, "until": 3}
    three = Journal(tmp_path)
    assert three.page(1) == both
    one.forget(2)
    assert one.page(1) is None
    assert one.page(2)["until"] == 3
    assert three.page(1) is None  # the file is another by now
    one.close()
    four = Journal(tmp_path)
    assert four.page(2)["until"] == 3
    four.clear()
    assert four.until is None


def test_lists_that_came_with_a_page_are_not_lost_among_others(tmp_path, monkeypatch):
    journal = Journal(tmp_path)
    for after in range(6):
        page = {"after": after, "until": after + 1, "changes": [after], "sequence": after + 1}
        journal.append({**page, "lists": [after]} if after in {1, 3} else page)
    assert journal.page(0) == {
        "after": 0, "until": 6, "changes": [0, 1, 2, 3, 4, 5], "sequence": 6, "lists": [3],
    }  # fmt: skip
    monkeypatch.setattr("hashmatch.pipeline.journal.TOGETHER", 2)
    assert journal.page(0)["changes"] == [0, 1]
    assert "lists" not in journal.page(4)


def test_a_journal_that_cannot_be_written_does_no_harm(tmp_path, monkeypatch, caplog):
    journal = Journal(tmp_path)
    page = {"after": 0, "until": 1, "changes": [1], "sequence": 1}
    journal.append(page)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "_write", full)
    journal.append({**page, "after": 1, "until": 2})
    assert "No space left" in caplog.text
    assert journal.page(0) is None
    journal.append(page)
    assert not (tmp_path / "changes.jsonl").exists()


def test_an_installation_that_has_no_such_source(monkeypatch):
    monkeypatch.setattr("hashmatch.matching.places.entry_points", lambda **_: [])
    with pytest.raises(RegistryUnavailableError):
        Matcher.open("https://registry.example")


class TestParts:
    """Parts of listed pictures, which come by the feed and in the snapshot."""

    @pytest.fixture
    def upload(self, photo):
        height, width = photo.shape[:2]
        return np.ascontiguousarray(photo[height // 8 :, width // 8 :])

    def test_they_come_and_go_by_the_feed(self, published, opened, registry, photo, upload):
        matcher = opened(published)
        receipt = registry.submit([[fingerprint(photo), parts_fingerprint(photo)]])
        until(lambda: matcher.check(upload, "thorough").action == "block")
        registry.withdraw_case(receipt.number, receipt.secret_phrase)
        until(lambda: matcher.check(upload, "thorough").action == "pass")
        assert len(matcher._kept.generation.parts) == 0

    def test_they_come_with_the_snapshot(
        self, start, opened, filled, photo, upload, token, tmp_path
    ):
        del token  # it is there before the service starts
        filled.submit([[fingerprint(photo), parts_fingerprint(photo)]])
        folder = snapshots_of(tmp_path / "registry", None)
        with Matcher(filled, snapshots=folder) as matcher:
            folder.put(matcher._kept.generation)
        with start() as url:
            far = opened(url)
            assert far.generation >= 1
            assert len(far._kept.generation.parts.base.entries) == 1
            assert far.check(upload, "thorough").action == "block"
        again = opened(url)  # the service is away
        assert again.check(upload, "thorough").action == "block"

    @pytest.mark.parametrize("told", ["zz", "00", 5, ["00"], None])
    def test_such_as_cannot_be_read_are_left_out(self, told):
        record = {
            "sequence": 1, "kind": "add", "list": 1, "at": "2026-11-22T11:00:00+00:00", "entry": 7,
            "hasher": "pdq", "hash": "0f" * 32, "quality": 90, "parts": told,
        }  # fmt: skip
        (change,) = feed.read_page({"changes": [record], "sequence": 1}, 0)
        assert (change.entry, change.parts) == (7, None)
        assert change.code is not None


def parts_fingerprint(photo):
    from hashmatch.registry import Fingerprint

    return Fingerprint(Hash(HASHER, listed_parts(photo)), "parts")
