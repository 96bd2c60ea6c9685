import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import faiss
import numpy as np
import pytest

from hashmatch.errors import InvalidCodesError, SnapshotError
from hashmatch.indexes import FlatIndex, RingIndex, files, order, ring, snapshot
from hashmatch.kernels import reference

GOLDEN = Path(__file__).parents[2] / "indexes"


@pytest.fixture
def codes(random):
    codes = random.integers(0, 256, (300, 32), np.uint8)
    codes[200:] = codes[:100]
    codes[200:, 4] ^= 0b101
    return codes


@pytest.fixture
def folder(codes, tmp_path):
    RingIndex.build(codes, flat_below=0).save(tmp_path / "list")
    return tmp_path / "list"


def assert_same(got, expected):
    for field in ("offsets", "ids", "distances"):
        np.testing.assert_array_equal(getattr(got, field), getattr(expected, field), field)


@pytest.mark.parametrize("flat_below", [0, 1000])
@pytest.mark.parametrize("words", [1, 3, 4])
def test_what_was_saved_is_opened(flat_below, words, codes, tmp_path):
    codes = np.ascontiguousarray(codes[:, : 8 * words])
    RingIndex.build(codes, flat_below=flat_below).save(tmp_path / "a")
    for _ in range(2):
        opened = RingIndex.open(tmp_path / "a", verify=True)
        np.testing.assert_array_equal(opened.codes, codes)
        for radius in (0, 2, 10, 64):
            assert_same(
                opened.search(codes[:9], radius), FlatIndex(codes).search(codes[:9], radius)
            )
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").exists(), reason="no large pages here"
)
def test_large_pages_are_asked_for(folder):
    opened = RingIndex.open(folder)
    assert len(opened) == 300
    advised, mapped = {}, ""
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if str(folder) in line:
            mapped = Path(line.split()[-1]).name
        elif line.startswith("VmFlags"):
            advised[mapped] = "hg" in line.split()
            mapped = ""
    assert advised["codes.faiss"]
    assert advised["tags.npy"]


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="no page cache to be told of")
def test_files_are_laid_in_large_pages_before_they_are_hashed(codes, tmp_path, monkeypatch):
    gone = []
    monkeypatch.setattr(
        os, "posix_fadvise", lambda handle, *how: gone.append((os.fstat(handle).st_ino, how))
    )
    monkeypatch.setattr(files, "LARGE", 1)
    RingIndex.build(codes, flat_below=0).save(tmp_path / "list")
    written = [tmp_path / "list" / name for name in (ring.CODES, *ring.TABLES)]
    assert {number for number, _ in gone} == {path.stat().st_ino for path in written}
    assert {how for _, how in gone} == {(0, 0, os.POSIX_FADV_DONTNEED)}
    opened = RingIndex.open(tmp_path / "list", verify=True)
    assert len(gone) == 2 * len(written)
    np.testing.assert_array_equal(opened.codes, codes)


@pytest.mark.parametrize("kind", [order.plain, order.dealt, order.standard, None])
def test_the_bit_order_is_kept_with_the_index(kind, codes, random, tmp_path):
    """Whatever is the standard by then: in another order the buckets hold other codes."""
    dealing = random.permutation(256) if kind is None else kind(256)
    RingIndex.build(codes, bit_order=dealing, flat_below=0).save(tmp_path / "a")
    opened = RingIndex.open(tmp_path / "a")
    opened._farthest = 79  # the buckets, even where a scan of so short a list is faster
    queries = np.repeat(codes[:40], 2, axis=0)
    for radius in (0, 2, 31):
        found = opened.search(queries, radius)
        assert_same(found, FlatIndex(codes).search(queries, radius))
        assert len(found.ids) >= 80


def test_an_empty_index_is_saved_too(tmp_path):
    RingIndex.build(np.empty((0, 32), np.uint8)).save(tmp_path / "a")
    assert len(RingIndex.open(tmp_path / "a")) == 0


def test_ids_are_kept_beside_the_index(codes, tmp_path):
    ids = np.arange(1000, 1300)
    RingIndex.build(codes).save(tmp_path / "a", ids=ids, generation=7)
    opened = snapshot.read(tmp_path / "a")
    np.testing.assert_array_equal(files.read_ids(opened.path("ids.arrow"), 300), ids)
    assert opened.index["generation"] == 7


@pytest.mark.parametrize("ids", [np.arange(299), np.arange(300.0), np.arange(300, dtype=np.int32)])
def test_ids_that_are_not_those_of_the_codes_are_not_saved(ids, codes, tmp_path):
    with pytest.raises(InvalidCodesError, match=r"Each of 300 codes has an id"):
        RingIndex.build(codes).save(tmp_path / "a", ids=ids)
    assert list(tmp_path.iterdir()) == []


def test_other_programs_open_the_files(folder, codes):
    index = faiss.read_index_binary(str(folder / "codes.faiss"), faiss.IO_FLAG_MMAP_IFC)
    _, distances, rows = index.range_search(codes[:1], 3)
    assert sorted(zip(distances.tolist(), rows.tolist(), strict=True)) == [(0, 0), (2, 200)]
    starts = np.load(folder / "starts.npy", mmap_mode="r")
    assert starts.reshape(16, -1)[:, -1].tolist() == [300] * 16
    assert np.load(folder / "tags.npy").dtype == np.uint16


def test_all_is_on_the_disk_before_it_has_its_name_and_the_name_before_it_is_told(
    codes, tmp_path, monkeypatch
):
    done = []
    settle, rename = os.fsync, Path.rename

    def watched_settle(handle):
        done.append(os.fstat(handle).st_ino)
        settle(handle)

    def watched_rename(path, target):
        done.append("named")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", watched_settle)
    monkeypatch.setattr(Path, "rename", watched_rename)
    RingIndex.build(codes, flat_below=0).save(tmp_path / "a", ids=np.arange(300))
    named = done.index("named")
    inside = [tmp_path / "a", *(tmp_path / "a").iterdir()]
    assert len(inside) == 8
    assert {path.stat().st_ino for path in inside} <= set(done[:named])
    assert tmp_path.stat().st_ino in done[named:]


def test_saving_does_not_replace(folder, codes):
    with pytest.raises(SnapshotError, match="exists"):
        RingIndex.build(codes).save(folder)


NAMES = ["codes.faiss", "starts.npy", "rows.npy", "tags.npy", "manifest.json"]
each_file = pytest.mark.parametrize("name", NAMES)


@each_file
def test_a_missing_file_is_named(name, folder):
    (folder / name).unlink()
    with pytest.raises(SnapshotError, match=name):
        RingIndex.open(folder)


@each_file
@pytest.mark.parametrize("kept", [0, 10, -3])
def test_a_truncated_file_is_refused_by_name(name, kept, folder):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:kept])
    with pytest.raises(SnapshotError, match=name):
        RingIndex.open(folder)


@each_file
@pytest.mark.parametrize("place", [0.0, 0.3, 0.97])
def test_an_altered_byte_is_refused_by_name_even_if_its_time_was_set_back(name, place, folder):
    path = folder / name
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(SnapshotError, match=name):
        RingIndex.open(folder)


@each_file
def test_a_file_of_another_snapshot_is_refused_by_name(name, folder, codes, tmp_path):
    RingIndex.build(codes ^ np.uint8(1), flat_below=0).save(tmp_path / "other")
    shutil.copy2(tmp_path / "other" / name, folder / name)
    wrong = name if name != "manifest.json" else "codes.faiss"
    with pytest.raises(SnapshotError, match=wrong):
        RingIndex.open(folder)


@each_file
@pytest.mark.parametrize("verify", [False, True])
def test_a_file_that_may_not_be_read_is_named_and_not_called_damaged(
    name, verify, folder, monkeypatch
):
    opened = Path.open

    def refuse(path, *arguments, **options):
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SnapshotError, match=f"{name} cannot be read: Permission denied. Check"):
        RingIndex.open(folder, verify=verify)


def test_the_message_says_what_to_do(folder):
    (folder / "rows.npy").write_bytes(b"")
    with pytest.raises(SnapshotError, match="Restore it from a copy, or delete"):
        RingIndex.open(folder)


def test_a_newer_format_is_refused_with_advice(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["format"] = 2
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match=r"manifest\.json tells of format 2.*Update hashmatch"):
        RingIndex.open(folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"format": null}', '{"format": 1}', "\0"]
)
def test_what_is_no_manifest_is_refused(text, folder):
    (folder / "manifest.json").write_text(text)
    with pytest.raises(SnapshotError, match=r"manifest\.json|format"):
        RingIndex.open(folder)


def test_there_may_be_nothing(tmp_path):
    with pytest.raises(SnapshotError, match="no snapshot at"):
        RingIndex.open(tmp_path / "nowhere")


def test_a_copy_is_hashed_once_and_then_sealed(folder, tmp_path, monkeypatch):
    shutil.copytree(folder, tmp_path / "copy")
    hashed = []
    digests = snapshot._digests
    monkeypatch.setattr(
        snapshot, "_digests", lambda folder, names: hashed.append(names) or digests(folder, names)
    )
    for _ in range(3):
        RingIndex.open(tmp_path / "copy")
    assert len(hashed) == 1
    RingIndex.open(tmp_path / "copy", verify=True)
    assert len(hashed) == 2


def test_a_seal_as_old_as_a_file_is_none(folder, monkeypatch):
    """The file may have changed after it, and within one tick of the file system's clock."""
    newest = max((folder / name).stat().st_ctime_ns for name in NAMES if name != "manifest.json")
    os.utime(folder / "seal.json", ns=(newest, newest))
    hashed = []
    digests = snapshot._digests
    monkeypatch.setattr(
        snapshot, "_digests", lambda folder, names: hashed.append(names) or digests(folder, names)
    )
    for _ in range(2):
        RingIndex.open(folder)
    assert len(hashed) == 1


def test_a_snapshot_that_cannot_be_sealed_is_opened_all_the_same(folder, monkeypatch):
    (folder / "seal.json").unlink()

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(snapshot, "_write_json", refuse)
    assert len(RingIndex.open(folder)) == 300


def test_postings_beyond_the_codes_are_found_by_verifying(codes, tmp_path):
    index = RingIndex.build(codes, flat_below=0)
    index._postings.rows[17] = 300
    index.save(tmp_path / "a")
    with pytest.raises(SnapshotError, match="beyond the codes"):
        RingIndex.open(tmp_path / "a", verify=True)


@pytest.mark.parametrize("room", [1000, 100_000, 1_000_000])
def test_a_full_disk_is_told_and_leaves_nothing(room, tmp_path):
    """A limit on the size of files stands for the disk: the writes fail at the same place."""
    program = f"""
import resource, signal, sys
import numpy as np
from hashmatch.errors import InvalidCodesError, SnapshotError
from hashmatch.indexes import RingIndex
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
index = RingIndex.build(np.zeros((5000, 32), np.uint8), flat_below=0)
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
try:
    index.save({str(tmp_path / "a")!r})
except SnapshotError as error:
    print(error)
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "could not be written: File too large" in run.stdout
    assert "nothing was published" in run.stdout
    assert list(tmp_path.iterdir()) == []


def test_no_space_left_is_told_with_the_remedy(codes, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(SnapshotError, match=r"No space left on device\. Free some space"):
        RingIndex.build(codes).save(tmp_path / "a")
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def golden_codes():
    """The codes of the golden snapshots, from arithmetic that will not change."""
    numbers = np.arange(400 * 32, dtype=np.uint64)
    codes = (numbers * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(56)).astype(np.uint8)
    codes = codes.reshape(400, 32)
    codes[300:] = codes[:100]
    codes[np.arange(300, 400), np.arange(100) % 32] ^= 0b1011
    return codes


@pytest.mark.parametrize("name", ["format-1-flat", "format-1-ring"])
def test_golden_snapshots_are_opened_for_ever(name, tmp_path):
    with tarfile.open(GOLDEN / f"{name}.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    opened = RingIndex.open(tmp_path / name, verify=True)
    assert (opened.inspect()["buckets"] is None) == (name == "format-1-flat")
    np.testing.assert_array_equal(opened.codes, golden_codes())
    opened._farthest = 79 if name == "format-1-ring" else -1
    for radius in (0, 3, 31, 60):
        found = opened.search(golden_codes()[:50], radius)
        assert_same(found, reference.search(golden_codes(), golden_codes()[:50], radius))
    ids = files.read_ids(snapshot.read(tmp_path / name).path("ids.arrow"), 400)
    np.testing.assert_array_equal(ids, np.arange(400) * 7 + 1)


def test_several_indexes_in_one_snapshot(codes, tmp_path):
    indexes = {"one": RingIndex.build(codes, flat_below=0), "two": RingIndex.build(codes[:9])}
    writers = {
        f"{n}/{file}": w for n, ring in indexes.items() for file, w in ring.writers().items()
    }
    told = {"kind": "both", "parts": {name: ring.told() for name, ring in indexes.items()}}
    snapshot.publish(tmp_path / "a", told, writers)
    opened = snapshot.read(tmp_path / "a", verify=True)
    assert opened.parts == ("one", "two")
    for name, made in indexes.items():
        np.testing.assert_array_equal(RingIndex.of(opened.part(name)).codes, made.codes)
    with pytest.raises(SnapshotError, match="three"):
        opened.part("three")
    (tmp_path / "a/two/codes.faiss").write_bytes(b"")
    with pytest.raises(SnapshotError, match=r"two/codes\.faiss"):
        snapshot.read(tmp_path / "a")


@pytest.mark.parametrize("name", ["../codes", "/etc/passwd", "a/b/c", "a/../c", ".", "a\\b", ""])
def test_a_manifest_names_no_file_elsewhere(name, folder):
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][name] = {"bytes": 1, "sha256": ""}
    manifest["sha256"] = snapshot._digest_of(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match="not of a snapshot"):
        RingIndex.open(folder)
