"""Generations on the disk: what a crash, a full disk, or somebody's hand leaves of them."""

import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from listed import assert_holds, some

from hashmatch.errors import InvalidCodesError, SnapshotError
from hashmatch.indexes import LiveIndex, snapshot


def test_generations_are_kept_on_the_disk_with_their_sequence(random, tmp_path):
    codes = some(random, 2000)
    model = {name: code.tobytes() for name, code in enumerate(codes)}
    with LiveIndex.open(tmp_path) as index:
        index.add(np.arange(500), codes[:500], sequence=17)
        index.compact()
        index.add(np.arange(500, 2000), codes[500:], sequence=40)
        index.compact()
        index.remove(np.array([3]), sequence=41)
        assert index.sequence == 41
        assert index.generation == 2
    with LiveIndex.open(tmp_path) as again:  # what was not compacted comes from the registry again
        assert again.sequence == 40
        assert again.generation == 2
        assert_holds(again, model, codes[:5])


def test_a_whole_registry_becomes_the_next_generation(random, tmp_path):
    codes = some(random, 3000)
    ids = random.permutation(10_000)[:3000]
    model = {name: code.tobytes() for name, code in zip(ids.tolist(), codes, strict=True)}
    for number in (1, 2):
        built = LiveIndex.build(ids, codes, tmp_path, sequence=9)
        assert (built.generation, built.sequence) == (number, 9)
        assert_holds(built, model, codes[:3])
    assert_holds(LiveIndex.open(tmp_path), model, codes[:3])
    assert_holds(LiveIndex.build(ids, codes), model, codes[:3])
    with pytest.raises(InvalidCodesError, match="2999 different"):
        LiveIndex.build(np.concatenate([ids[:-1], ids[:1]]), codes)


def test_old_generations_and_leavings_are_cleared_away(random, tmp_path):
    (tmp_path / ".unfinished-generation-0000000001-abc").mkdir()
    with LiveIndex.open(tmp_path) as index:
        for name in range(4):
            index.add(np.array([name]), some(random, 1))
            index.compact()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "generation-0000000003",
        "generation-0000000004",
    ]


def test_a_damaged_generation_is_passed_over_for_the_one_before(random, tmp_path, caplog):
    code = some(random, 1)
    with LiveIndex.open(tmp_path) as index:
        for name in (1, 2):
            index.add(np.array([name]), code, sequence=name)
            index.compact()
    (tmp_path / "generation-0000000002" / "codes.faiss").write_bytes(b"")
    with LiveIndex.open(tmp_path) as index:
        assert index.sequence == 1
        assert index.search(code, 0).ids.tolist() == [1]
        index.add(np.array([3]), code)
        index.compact()
        assert index.generation == 3
    assert "codes.faiss" in caplog.text
    for name in ("generation-0000000001", "generation-0000000003"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
    with pytest.raises(SnapshotError, match=r"codes\.faiss"):
        LiveIndex.open(tmp_path)


def test_other_names_beside_the_generations_are_passed_over(random, tmp_path):
    """A copy that somebody has put aside, and what is no generation at all."""
    code = some(random, 1)
    with LiveIndex.open(tmp_path) as index:
        index.add(np.array([1]), code)
        index.compact()
    shutil.copytree(tmp_path / "generation-0000000001", tmp_path / "generation-0000000001.bak")
    (tmp_path / "generation-next").touch()
    with LiveIndex.open(tmp_path) as index:
        assert index.generation == 1
        index.add(np.array([2]), code)
        index.compact()
        assert index.generation == 2
        assert index.search(code, 0).ids.tolist() == [1, 2]
    assert (tmp_path / "generation-0000000001.bak").exists()


def test_what_should_be_a_folder_and_is_none_is_not_taken_for_an_empty_one(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SnapshotError, match="file cannot be read: Not a directory"):
        LiveIndex.open(tmp_path / "file")


def test_an_index_of_another_width_is_refused(random, tmp_path):
    with LiveIndex.open(tmp_path, bits=64) as index:
        index.add(np.array([1]), some(random, 1)[:, :8].copy())
        index.compact()
    with pytest.raises(SnapshotError, match="64 bits, not 256"):
        LiveIndex.open(tmp_path)


def test_a_full_disk_leaves_what_is_served(random, tmp_path, monkeypatch, caplog):
    codes = some(random, 2000)
    index = LiveIndex.open(tmp_path)
    index.add(np.arange(500), codes[:500])
    index.compact()

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot, "_write_json", full)
    index.add(np.array([500]), codes[500:501])
    with pytest.raises(SnapshotError, match="No space left on device"):
        index.compact()
    index.add(np.arange(501, 2000), codes[501:])  # enough for the background, which fails too
    index.close()
    assert "No space left on device" in caplog.text
    assert "Free some space" in index.inspect()["trouble"]
    assert index.generation == 1
    model = {name: code.tobytes() for name, code in enumerate(codes)}
    assert_holds(index, model, codes[:3])
    monkeypatch.undo()
    index.compact()
    assert index.inspect()["trouble"] is None
    assert index.generation == 2
    assert_holds(index, model, codes[:3])


CRASHING = """
import sys
import numpy as np
from hashmatch.indexes import LiveIndex

index = LiveIndex.open(sys.argv[1])
random = np.random.default_rng(index.sequence)
while True:
    start = index.sequence
    codes = np.random.default_rng(start).integers(0, 256, (50, 32), np.uint8)
    index.add(np.arange(start, start + 50), codes, sequence=start + 50)
    index.compact()
    print(index.sequence, flush=True)
"""


def test_a_crash_at_any_point_leaves_the_last_good_generation(tmp_path):
    done = 0
    for turn in range(5):
        crashing = subprocess.Popen(
            [sys.executable, "-c", CRASHING, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        told = int(crashing.stdout.readline())
        time.sleep(0.037 * (turn % 5) + 0.011)
        os.kill(crashing.pid, signal.SIGKILL)
        told = max([told, *map(int, crashing.stdout.read().split())])
        crashing.wait()
        crashing.stdout.close()
        with LiveIndex.open(tmp_path) as index:
            assert index.sequence >= told > done
            assert len(index) == index.sequence
            done = index.sequence
            for start in (0, done - 50):
                codes = np.random.default_rng(start).integers(0, 256, (50, 32), np.uint8)
                found = index.search(codes, 0)
                np.testing.assert_array_equal(found.ids, np.arange(start, start + 50))
