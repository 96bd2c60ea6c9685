import importlib.util
import io
import subprocess
import sys

import numpy as np
import pytest
from hashers.pictures import encode, exif, heic, noise
from oracle import pdqhash
from PIL import Image, ImageOps

import hashmatch
from hashmatch import hash_image, hashers
from hashmatch.errors import (
    MissingExtraError,
    NotAPictureError,
    PictureTooLargeError,
    TruncatedPictureError,
    UnknownHasherError,
    UnsupportedPictureError,
)
from hashmatch.hashers import Limits
from hashmatch.types import Hash

PHOTO = noise(120, 160)
FILE = encode(PHOTO, "PNG", exif=exif(6))
UPRIGHT = np.ascontiguousarray(np.rot90(PHOTO, -1))
WANTED = hashers.get("pdq").hash(UPRIGHT)


def test_every_form_of_a_picture_gives_one_hash(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(FILE)
    with path.open("rb") as file:
        assert hash_image(file) == WANTED
    forms = [path, str(path), FILE, bytearray(FILE), memoryview(FILE), io.BytesIO(FILE), UPRIGHT]
    assert [hash_image(form) for form in forms] == [WANTED] * len(forms)


def test_arrays_need_not_be_contiguous():
    assert hash_image(np.rot90(PHOTO, -1)) == WANTED


@pytest.mark.parametrize("name", ["pdq", "dhash", "md5", "sha256"])
def test_other_hashers_by_name_or_themselves(name):
    found = hash_image(FILE, name)
    assert found == hash_image(FILE, hashers.get(name))
    assert found.hasher == name


def test_bytes_are_hashed_whatever_they_are():
    assert hash_image(b"no picture", "md5").bits == 128
    with pytest.raises(PictureTooLargeError):
        hash_image(b"no picture", "md5", Limits(max_bytes=5))


def test_an_array_has_no_bytes_to_hash():
    with pytest.raises(UnsupportedPictureError, match="md5 hashes the bytes of a file"):
        hash_image(PHOTO, "md5")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"text", NotAPictureError),
        (FILE[:99], TruncatedPictureError),
        (b"%PDF-", UnsupportedPictureError),
    ],
)
def test_errors_name_the_path(tmp_path, content, error):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(content)
    with pytest.raises(error, match=r"^\S*holiday\.jpg: ") as caught:
        hash_image(path)
    assert caught.value.__cause__ is None


def test_a_missing_extra_names_the_path_too(tmp_path, monkeypatch):
    path = tmp_path / "phone.heic"
    path.write_bytes(heic(PHOTO))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"phone\.heic: .*hashmatch\[heic\]"):
        hash_image(path)


def test_a_path_that_cannot_be_read(tmp_path):
    with pytest.raises(FileNotFoundError, match="absent"):
        hash_image(tmp_path / "absent.jpg")
    with pytest.raises(IsADirectoryError):
        hash_image(tmp_path)


class Endless(io.RawIOBase):
    """A file that never ends, and gives a few bytes at a time."""

    def __init__(self):
        self.given = 0

    def readable(self):
        return True

    def read(self, size=-1):
        count = min(size, 1_000)
        self.given += count
        return b"\xff" * count


def test_a_file_is_read_no_further_than_the_limit():
    file = Endless()
    with pytest.raises(PictureTooLargeError, match="10,001 bytes"):
        hash_image(file, limits=Limits(max_bytes=10_000))
    assert file.given == 10_001


class Slow(io.BytesIO):
    def read(self, size=-1):
        return super().read(min(size, 7))


def test_a_file_may_give_little_at_a_time():
    assert hash_image(Slow(FILE)) == WANTED


@pytest.mark.parametrize("source", [None, 5, [1, 2], {"path": "x"}])
def test_what_is_no_form_of_a_picture(source):
    with pytest.raises(TypeError, match="A picture is a path, bytes, a binary file"):
        hash_image(source)


@pytest.mark.parametrize(
    "file", [io.StringIO("text"), io.TextIOWrapper(io.BytesIO(FILE))], ids=type
)
def test_a_file_in_text_mode(file):
    with pytest.raises(TypeError, match="open it in binary mode"):
        hash_image(file)


def test_limits_reach_the_decoder():
    with pytest.raises(PictureTooLargeError, match="160 x 120"):
        hash_image(FILE, limits=Limits(max_side=150))


def test_an_unknown_hasher():
    with pytest.raises(UnknownHasherError):
        hash_image(FILE, "pdp")


def test_it_is_exported_and_nothing_heavy_is_imported():
    assert hashmatch.__all__ == sorted(hashmatch.__all__)
    assert "hash_image" in dir(hashmatch)
    program = (
        "import sys, hashmatch\n"
        "assert 'numpy' not in sys.modules\n"
        "hashmatch.hash_image(sys.stdin.buffer.read())\n"
        "heavy = {'numba', 'faiss', 'sqlalchemy', 'cv2', 'scipy', 'pyarrow', 'imagehash'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], input=FILE, check=True)


@pytest.mark.parametrize("name", hashers.__all__)
def test_public_names(name):
    assert getattr(hashers, name) is not None
    assert name in dir(hashers)


@pytest.mark.parametrize("module", [hashmatch, hashers])
def test_names_that_are_not_there(module):
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        module.absent  # noqa: B018


@pytest.mark.shared
@pytest.mark.parametrize("title", ["Landscape", "Portrait"])
def test_eight_orientations_of_one_photograph(shared, title):
    """Eight files, each turned and saved anew. Exact hashes equal the peer's on Pillow's pixels."""
    files = [
        (shared / "exif-orientation" / f"{title}_{tag}.jpg").read_bytes() for tag in range(1, 9)
    ]
    exact = [hash_image(file) for file in files]
    for found, file in zip(exact, files, strict=True):
        with Image.open(io.BytesIO(file)) as image:
            bits, quality = pdqhash.compute(np.asarray(ImageOps.exif_transpose(image)))
        assert found == Hash("pdq", np.packbits(bits.astype(np.uint8)).tobytes(), quality)
    checked = [hashers.hash_for_check(file) for file in files]
    assert max(a - b for a in checked for b in checked) <= 8
    # The files themselves differ that much: one pair of them is 10 bits apart, the others 8.
    assert max(a - b for a in exact for b in exact) <= 10
