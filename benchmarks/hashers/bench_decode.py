"""From a file to its hash, for a check and exactly: beside the decode alone, and the peers."""

import io

import cv2
import numpy as np
import pdqhash
import pytest
from PIL import Image
from skimage import data
from sklearn.datasets import load_sample_images

from hashmatch import hash_image
from hashmatch.hashers import decode_reduced, hash_for_check

SIZES = {"1 MP": (1155, 866), "12 MP": (4000, 3000)}


def mosaic(size):
    """Photographs side by side at about their own sharpness, with the grain of a camera."""
    random = np.random.default_rng(3)
    photos = [data.astronaut(), data.coffee(), data.chelsea(), data.rocket()]
    photos += [np.asarray(image) for image in load_sample_images().images]
    width, height = size
    canvas = np.empty((height, width, 3), np.uint8)
    side = 800
    for number, (top, left) in enumerate(
        (top, left) for top in range(0, height, side) for left in range(0, width, side)
    ):
        cell = canvas[top : top + side, left : left + side]
        large = cv2.resize(
            photos[number % len(photos)], (side, side), interpolation=cv2.INTER_CUBIC
        )
        cell[:] = large[: cell.shape[0], : cell.shape[1]]
    grain = random.normal(0, 3, canvas.shape[:2])[..., np.newaxis]
    return np.clip(canvas + grain, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module", params=SIZES)
def file(request):
    """An ordinary JPEG: quality 85, 4:2:0."""
    out = io.BytesIO()
    Image.fromarray(mosaic(SIZES[request.param])).save(out, "JPEG", quality=85, subsampling=2)
    return out.getvalue()


def peer(file):
    """What peers do: Pillow, then pdqhash."""
    with Image.open(io.BytesIO(file)) as image:
        return pdqhash.compute(np.asarray(image.convert("RGB")))


def gray_reduced(file):
    """The gray decode alone, at the reduction that a check uses; by OpenCV, the quickest known."""
    flag = getattr(cv2, f"IMREAD_REDUCED_GRAYSCALE_{decode_reduced(file).reduction}")
    samples = np.frombuffer(file, np.uint8)
    return lambda: cv2.imdecode(samples, flag | cv2.IMREAD_IGNORE_ORIENTATION)


def test_file_to_hash_for_a_check(benchmark, race, file):
    cv2.setNumThreads(1)
    decode_alone = gray_reduced(file)
    bits, _ = peer(file)
    wanted = int.from_bytes(np.packbits(bits.astype(np.uint8)).tobytes())
    assert (int.from_bytes(hash_for_check(file).code) ^ wanted).bit_count() <= 6
    race.compare(
        benchmark,
        lambda: hash_for_check(file),
        {
            "reduced gray decode alone": decode_alone,
            "Pillow + pdqhash.compute": lambda: peer(file),
        },
        rounds=11,
    )


def test_file_to_exact_hash(benchmark, race, file):
    bits, quality = peer(file)
    found = hash_image(file)
    assert found.code == np.packbits(bits.astype(np.uint8)).tobytes()
    assert found.quality == quality
    race.compare(
        benchmark, lambda: hash_image(file), {"Pillow + pdqhash.compute": lambda: peer(file)}
    )
