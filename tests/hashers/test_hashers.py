"""One suite that every hasher passes, and what each gives for one picture."""

import hashlib
import importlib.util
import io

import numpy as np
import pytest
from hashers.pictures import encode, noise
from PIL import Image

from hashmatch import hashers
from hashmatch.errors import MissingExtraError, PictureTooLargeError, UnsupportedPictureError
from hashmatch.hashers import ByteHasher, PixelHasher
from hashmatch.hashers.lookup import get
from hashmatch.types import Hash

NAMES = ("pdq", "phash", "dhash", "ahash", "whash", "md5", "sha256")
OF_PIXELS = NAMES[:5]
PHOTO = noise(200, 300)


@pytest.mark.parametrize("name", NAMES)
def test_the_code_has_the_width_that_the_hasher_says(name):
    hasher = hashers.get(name)
    found = hasher.hash(PHOTO if isinstance(hasher, PixelHasher) else b"bytes")
    assert isinstance(found, Hash)
    assert found.hasher == hasher.name == name
    assert found.bits == hasher.bits
    assert hasher.perceptual == isinstance(hasher, PixelHasher)
    assert (found.quality is None) == (hasher.min_quality is None)
    assert 0 <= hasher.block_threshold <= hasher.review_threshold <= hasher.bits // 4


@pytest.mark.parametrize("name", OF_PIXELS)
def test_gray_equals_three_equal_channels(name):
    gray = PHOTO[..., 0]
    hasher = hashers.get(name)
    assert hasher.hash(gray) == hasher.hash(np.dstack([gray] * 3))


@pytest.mark.parametrize("name", OF_PIXELS)
def test_what_looks_alike_matches_and_what_does_not_does_not(name, photographs):
    hasher = hashers.get(name)
    codes = {}
    for title, photo in photographs.items():
        image = Image.fromarray(photo)
        half = image.resize((image.width // 2, image.height // 2), Image.Resampling.BICUBIC)
        again = np.asarray(Image.open(io.BytesIO(encode(half, "JPEG", quality=60))))
        codes[title] = hasher.hash(photo)
        assert codes[title] - hasher.hash(again) <= hasher.block_threshold, title
    for title, code in codes.items():
        for other, another in codes.items():
            assert title == other or code - another > hasher.block_threshold, (title, other)


@pytest.mark.parametrize("name", OF_PIXELS)
@pytest.mark.parametrize(
    "array",
    [
        PHOTO.astype(float),
        PHOTO.astype(np.uint16),
        np.dstack([PHOTO, PHOTO[..., :1]]),
        PHOTO[0, 0],
        PHOTO[np.newaxis],
        PHOTO[:0],
        PHOTO[:, :0],
    ],
)
def test_arrays_that_are_no_picture_are_refused(name, array):
    with pytest.raises(UnsupportedPictureError, match="array of uint8"):
        hashers.get(name).hash(array)


def test_an_array_too_long_for_the_core_is_refused():
    with pytest.raises(PictureTooLargeError, match="65,535"):
        hashers.get("pdq").hash(np.zeros((1, 65_536), np.uint8))


@pytest.mark.parametrize("name", ["md5", "sha256"])
def test_hashes_of_bytes(name):
    assert hashers.get(name).hash(b"bytes").hex == hashlib.new(name, b"bytes").hexdigest()


@pytest.mark.parametrize(
    ("name", "function"),
    [("phash", "phash"), ("dhash", "dhash"), ("ahash", "average_hash"), ("whash", "whash")],
)
def test_hashes_of_imagehash_are_its_own(name, function, photographs):
    import imagehash

    for photo in photographs.values():
        wanted = str(getattr(imagehash, function)(Image.fromarray(photo)))
        assert hashers.get(name).hash(photo).hex == wanted


@pytest.mark.parametrize("name", ["phash", "dhash", "ahash", "whash"])
def test_without_its_extra_a_hasher_says_what_to_install(name, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    get.cache_clear()
    with pytest.raises(MissingExtraError, match=rf"{name}.*pip install 'hashmatch\[imagehash\]'"):
        hashers.get(name)


def test_pdq_is_that_of_the_core(photographs):
    from hashmatch import native

    for photo in photographs.values():
        found = hashers.get("pdq").hash(photo)
        assert (found.code, found.quality) == native.pdq(photo)[:2]


def test_the_two_kinds_are_told_apart():
    assert isinstance(hashers.get("pdq"), PixelHasher)
    assert isinstance(hashers.get("md5"), ByteHasher)
