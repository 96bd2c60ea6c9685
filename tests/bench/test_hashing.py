import sys

import pytest

from hashmatch.bench import measure_hashing, photographs
from hashmatch.errors import NotAPictureError, PictureError


@pytest.fixture
def files(photographs, tmp_path):
    from PIL import Image

    paths = [tmp_path / "rocket.jpg", tmp_path / "coffee.png"]
    for path in paths:
        Image.fromarray(photographs[path.stem]).save(path)
    return paths


def test_hashers_are_measured_beside_each_other_and_their_codes_compared(files):
    pytest.importorskip("imagehash")
    told = []
    report = measure_hashing(files, rounds=2, told=told.append)
    rows = {row.hasher: row for row in report.results}
    assert list(rows)[:2] == ["pdq", "pdq for a check"]
    assert (rows["pdq"].bits_most, rows["pdq"].ratio) == (0, None)
    assert rows["pdq for a check"].bits_most <= 8
    assert rows["Pillow + imagehash.phash"].bits_mean is None
    assert report.pictures == 2
    assert report.megapixels == pytest.approx((427 * 640 + 400 * 600) / 1e6)
    assert told == ["round 0", "round 1", "round 2"]
    assert all(row.ms > 0 and row.megapixels > 0 for row in rows.values())


def test_exact_pdq_equals_the_reference(files):
    pytest.importorskip("pdqhash")
    rows = {row.hasher: row for row in measure_hashing(files, rounds=1).results}
    assert rows["Pillow + pdqhash"].bits_most == 0


def test_peers_that_are_not_installed_are_named(files, monkeypatch):
    monkeypatch.setitem(sys.modules, "pdqhash", None)
    monkeypatch.setitem(sys.modules, "imagehash", None)
    report = measure_hashing(files[:1], rounds=1)
    assert report.missing == ("Pillow + pdqhash", "Pillow + imagehash.phash")
    assert [row.hasher for row in report.results] == ["pdq", "pdq for a check"]


def test_without_files_scikit_images_photographs_are_hashed(monkeypatch):
    monkeypatch.setattr(photographs, "CARRIED", ("coins.png", "rocket.jpg"))
    assert measure_hashing([], rounds=1).pictures == 2


def test_files_that_are_no_pictures_are_refused(tmp_path):
    (tmp_path / "notes.jpg").write_text("not a picture")
    with pytest.raises(NotAPictureError):
        measure_hashing([tmp_path / "notes.jpg"], rounds=1)
    with pytest.raises(PictureError, match=r"gone\.jpg cannot be read"):
        measure_hashing([tmp_path / "gone.jpg"], rounds=1)
