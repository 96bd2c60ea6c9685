"""The cache of a followed registry: damaged, deleted, shared, compacted, killed at any time."""

import json
import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from following import found
from serving import until

from hashmatch.matching import publisher
from hashmatch.pipeline import remote
from hashmatch.pipeline.journal import Journal
from hashmatch.registry import Registry
from hashmatch.types import Hash


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


def written(cache):
    """The last change that stands in the journal of a cache."""
    *whole, _ = (cache / "changes.jsonl").read_bytes().split(b"\n")
    return json.loads(whole[-1].partition(b" ")[2])["until"] if whole else 0


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
                if turn == 1:  # once with all of them written down, once with any
                    until(lambda: written(cache) == filled.sequence())
            finally:
                os.kill(process.pid, signal.SIGKILL)
                process.communicate()
            for line in (cache / "changes.jsonl").read_bytes().splitlines()[:-1]:
                json.loads(line.partition(b" ")[2])
    offline = opened(url)
    assert offline.sequence > 1500
    assert found(offline, codes) == list(range(41, 1501))
