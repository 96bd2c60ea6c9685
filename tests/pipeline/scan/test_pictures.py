"""A folder of pictures is hashed once, as uploads are, and found what `check` finds."""

import io
import os
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

import hashmatch
from hashmatch.errors import ArchiveError
from hashmatch.matching import Matcher
from hashmatch.pipeline.scan import album_at, hash_album, pictures, scan
from hashmatch.types import Hash


def jpeg(pixels):
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def album(tmp_path, photo):
    """A photograph, its mirror image, one of something else, a blank one, and a broken one."""
    (tmp_path / "album/more").mkdir(parents=True)
    files = {
        "holiday.jpg": jpeg(photo),
        "more/mirrored.jpg": jpeg(photo[:, ::-1]),
        "more/flower.jpg": jpeg(load_sample_image("flower.jpg")),
        "blank.jpg": jpeg(np.full((300, 300, 3), 90, np.uint8)),
        "broken.jpg": jpeg(photo)[:900],
        "none.jpg": b"hello",
    }
    for name, data in files.items():
        (tmp_path / "album" / name).write_bytes(data)
    (tmp_path / "album/notes.txt").write_text("not looked at")
    return tmp_path / "album"


def codes_in(folder):
    return [
        row for part in sorted(folder.glob("*.parquet")) for row in pq.read_table(part).to_pylist()
    ]


def test_a_folder_is_found_to_hold_what_check_finds(tmp_path, registry, album, photo):
    registry.add("default", [hashmatch.hash_image(photo)], source="test")
    broken = (album / "broken.jpg").read_bytes()
    registry.add("default", [hashmatch.hash_image(broken, "sha256")], source="test")
    summary = scan(album, tmp_path / "out", tmp_path / "registry")
    assert (summary.hashed, summary.refused) == (6, 2)
    rows = [row for part in sorted((tmp_path / "out/matches").iterdir())
            for row in pq.read_table(part).to_pylist()]  # fmt: skip
    found = {
        (row["path"], row["entry"], row["list"], row["hasher"], row["distance"], row["action"],
         row["view"])
        for row in rows
    }  # fmt: skip
    assert len(found) == len(rows)
    wanted = set()
    with Matcher(registry) as matcher:
        for path in (
            "holiday.jpg",
            "more/mirrored.jpg",
            "more/flower.jpg",
            "blank.jpg",
            "broken.jpg",
        ):
            wanted |= {
                (path, match.entry, match.list_name, match.hasher, match.distance, match.action,
                 match.view)
                for match in matcher.check(album / path).matches
            }  # fmt: skip
    assert found == wanted
    assert {row[0] for row in found} == {"holiday.jpg", "more/mirrored.jpg", "broken.jpg"}


def test_each_picture_is_hashed_once_and_reasons_stand_beside_what_was_refused(tmp_path, album):
    out = tmp_path / "hashes"
    heard = []
    told = hash_album(
        album_at(str(album)), out, told=lambda done, total: heard.append((done, total))
    )
    assert told == (6, 2)
    assert heard == [(k, 6) for k in range(1, 7)]
    rows = codes_in(out)
    assert {row["path"]: row["error"] for row in rows if row["error"]} == {
        "broken.jpg": "truncated",
        "none.jpg": "not_a_picture",
    }
    codes = [row for row in rows if row["hasher"] == "pdq"]
    views = [row["view"] for row in codes if row["path"] == "holiday.jpg"]
    assert views[0] == "original"
    assert {"flip-x", "rotate-90"} < {*views}
    (blank,) = {
        row["quality"] for row in rows if row["path"] == "blank.jpg" and row["hasher"] == "pdq"
    }
    assert blank < 50
    assert hash_album(album_at(str(album)), out) == (0, 0)
    (album / "none.jpg").write_bytes((album / "holiday.jpg").read_bytes())
    assert hash_album(album_at(str(album)), out) == (1, 0)
    assert len(list(out.glob("*.parquet"))) == 2


def test_what_is_not_there_any_more_is_not_found(tmp_path, registry, album, photo):
    hash_album(album_at(str(album)), tmp_path / "out/hashes")
    (album / "holiday.jpg").write_bytes((album / "more/flower.jpg").read_bytes())
    (album / "more/mirrored.jpg").unlink()
    registry.add("default", [hashmatch.hash_image(photo)], source="test")
    summary = scan(album, tmp_path / "out", tmp_path / "registry")
    assert summary.hashed == 1
    assert (summary.block, summary.review) == (0, 0)


def test_parts_are_kept_when_the_work_stops_halfway(tmp_path, album, monkeypatch):
    monkeypatch.setattr(pictures, "PART", 2)
    out = tmp_path / "hashes"

    class Stopped(BaseException):
        pass

    def told(done, _total):
        if done == 5:
            raise Stopped

    with pytest.raises(Stopped):
        hash_album(album_at(str(album)), out, told=told)
    assert len({row["path"] for row in codes_in(out)}) == 4
    assert hash_album(album_at(str(album)), out).pictures == 2
    assert len({row["path"] for row in codes_in(out)}) == 6


def test_what_could_not_be_read_is_tried_again(tmp_path, album, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(pictures, "hash_upload", refused)
        assert hash_album(album_at(str(album)), tmp_path / "hashes") == (6, 6)
    assert {row["error"] for row in codes_in(tmp_path / "hashes")} == {"unreadable"}
    assert hash_album(album_at(str(album)), tmp_path / "hashes") == (6, 2)


@pytest.mark.usefixtures("registry")
def test_folders_that_cannot_be_meant_are_refused(tmp_path, album):
    with pytest.raises(ArchiveError, match="lies inside of the archive"):
        scan(album, album / "out", tmp_path / "registry")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArchiveError, match="neither pictures nor Parquet"):
        scan(tmp_path / "empty", tmp_path / "out", tmp_path / "registry")


def test_a_folder_that_cannot_be_searched_is_not_taken_for_an_empty_one(album, monkeypatch):
    closed = album / "closed"
    closed.mkdir()
    scandir = os.scandir

    def refusing(place):
        if Path(place) == closed:
            raise PermissionError(13, "Permission denied", str(closed))
        return scandir(place)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(ArchiveError, match=r"closed cannot be searched: Permission denied"):
        album_at(str(album))


def test_other_hashers_may_be_chosen(tmp_path, album, registry):
    digest = hashmatch.hash_image(album / "none.jpg", "md5")
    assert isinstance(digest, Hash)
    registry.add("default", [digest], source="test")
    summary = scan(album, tmp_path / "out", tmp_path / "registry", hashers=["md5"])
    assert summary.block == 1
