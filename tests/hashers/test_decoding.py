import logging
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest
from hashers.pictures import encode, every_kind, exif, heic, noise, png
from numpy.testing import assert_array_equal
from PIL import Image, ImageFile

from hashmatch.errors import (
    PictureError,
    PictureTooLargeError,
    PictureTooSmallError,
    TruncatedPictureError,
)
from hashmatch.hashers import Limits, decode, decode_reduced

KINDS = every_kind()
LARGE = noise(660, 1001)
TURNED = {
    1: LARGE, 2: LARGE[:, ::-1], 3: LARGE[::-1, ::-1], 4: LARGE[::-1],
    5: LARGE.swapaxes(0, 1), 6: np.rot90(LARGE, -1), 7: np.rot90(LARGE, 2).swapaxes(0, 1),
    8: np.rot90(LARGE),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_are_uint8_and_gray_or_rgb(kind):
    pixels = decode(KINDS[kind])
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert pixels.shape[2:] in {(), (3,)}
    assert 48 in pixels.shape[:2]
    assert 57 in pixels.shape[:2]
    assert pixels.std() > 20


SAVERS = {
    "JPEG": lambda pixels, **o: encode(pixels, "JPEG", quality=95, **o),
    "PNG": lambda pixels, **o: encode(pixels, "PNG", **o),
    "WebP": lambda pixels, **o: encode(pixels, "WEBP", quality=95, **o),
    "TIFF": lambda pixels, **o: encode(pixels, "TIFF", **o),
    "TIFF, packed": lambda pixels, **o: encode(pixels, "TIFF", compression="tiff_lzw", **o),
    "AVIF": lambda pixels, **o: encode(pixels, "AVIF", quality=90, speed=10, **o),
    "HEIC": heic,
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("saver", SAVERS)
def test_orientation_is_applied(saver, orientation):
    small = {1: noise(60, 91)}
    small |= {
        2: small[1][:, ::-1], 3: small[1][::-1, ::-1], 4: small[1][::-1],
        5: small[1].swapaxes(0, 1), 6: np.rot90(small[1], -1),
        7: np.rot90(small[1], 2).swapaxes(0, 1), 8: np.rot90(small[1]),
    }  # fmt: skip
    found = decode(SAVERS[saver](small[1], exif=exif(orientation)))
    assert found.shape == small[orientation].shape
    assert abs(found.astype(int) - small[orientation]).mean() < 9
    for other in set(small) - {orientation}:  # and it is no other one
        if small[other].shape == found.shape:
            assert abs(found.astype(int) - small[other]).mean() > 20


def test_exif_after_the_pixels_of_a_png_counts():
    from hashers.pictures import chunk

    photo = noise(20, 30)
    file = png(photo, 2, 8, after=chunk(b"eXIf", exif(6).removeprefix(b"Exif\0\0")))
    assert_array_equal(decode(file), np.rot90(photo, -1))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_large_jpeg_is_reduced_and_turned(orientation):
    wanted = TURNED[orientation]
    reduced = decode_reduced(encode(LARGE, "JPEG", quality=95, exif=exif(orientation)))
    assert reduced.reduction == 2
    assert (reduced.height, reduced.width) == wanted.shape[:2]
    # 1001 columns fill 501 cells but for one column: where it lies shows where the cells begin
    lacking = {2: (1, 0), 3: (1, 0), 7: (0, 1), 8: (0, 1)}.get(orientation, (0, 0))
    assert (reduced.left, reduced.top) == lacking
    left, top = lacking
    inside = wanted[2 - top if top else 0 :, 2 - left if left else 0 :]
    inside = inside[: inside.shape[0] // 2 * 2, : inside.shape[1] // 2 * 2].astype(float)
    means = inside.reshape(inside.shape[0] // 2, 2, inside.shape[1] // 2, 2, 3).mean(axis=(1, 3))
    cells = reduced.pixels[top:, left:][: means.shape[0], : means.shape[1]]
    assert abs(cells - means).mean() < 6


@pytest.mark.parametrize(
    ("size", "reduction", "channels"),
    [
        ((639, 900), 1, 3),
        ((640, 900), 2, 3),
        ((1279, 1400), 2, 3),
        ((1280, 1400), 4, 3),
        ((2559, 2600), 4, 3),
        ((2600, 2560), 8, 1),
    ],
)
def test_the_largest_reduction_that_keeps_320_samples(size, reduction, channels):
    reduced = decode_reduced(encode(Image.new("RGB", size[::-1]), "JPEG"))
    assert reduced.reduction == reduction
    cells = tuple(-(-side // reduction) for side in size)
    assert reduced.pixels.shape == (cells if channels == 1 else (*cells, 3))
    assert (reduced.height, reduced.width) == size


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("jpeg")])
def test_other_formats_are_decoded_in_full(kind):
    reduced = decode_reduced(KINDS[kind])
    assert (reduced.reduction, reduced.left, reduced.top) == (1, 0, 0)
    assert_array_equal(reduced.pixels, decode(KINDS[kind]))
    assert reduced.pixels.shape[:2] == (reduced.height, reduced.width)


def test_a_large_cmyk_jpeg_is_decoded_in_full():
    file = encode(Image.fromarray(LARGE).convert("CMYK"), "JPEG")
    assert_array_equal(decode_reduced(file).pixels, decode(file))


@pytest.mark.parametrize("kind", KINDS)
def test_limits_are_checked_before_anything_is_decoded(kind, monkeypatch):
    def never(*_args, **_kwargs):
        pytest.fail("something was decoded")

    monkeypatch.setattr(Image, "frombytes", never)
    monkeypatch.setattr(ImageFile.ImageFile, "load", never)
    with pytest.raises(PictureTooLargeError, match="57"):
        decode(KINDS[kind], Limits(max_side=50))
    with pytest.raises(PictureTooLargeError, match="2,000 pixels"):
        decode(KINDS[kind], Limits(max_pixels=2_000))
    with pytest.raises(PictureTooSmallError, match="at least 49"):
        decode(KINDS[kind], Limits(min_side=49))
    with pytest.raises(PictureTooLargeError, match="the limit is 100"):
        decode(KINDS[kind], Limits(max_bytes=100))


@pytest.mark.parametrize("kind", KINDS)
def test_settings_of_an_embedding_program_change_nothing(kind, monkeypatch, capfd):
    wanted = decode(KINDS[kind])
    length = len(KINDS[kind])
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 48 * 57 * 2 // 3)  # warns from here to twice
    assert_array_equal(decode(KINDS[kind]), wanted)
    for end in (length // 8, length // 2, length * 9 // 10):
        try:
            pixels = decode(KINDS[kind][:end])
        except PictureError:
            continue
        assert_array_equal(pixels, wanted)
    capfd.readouterr()  # libtiff's


def test_a_lower_limit_of_pillow_is_named(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(PictureTooLargeError, match="MAX_IMAGE_PIXELS"):
        decode(KINDS["webp"])


def test_pillow_is_left_as_it_was():
    program = (
        "import numpy, PIL.Image, PIL.ImageFile\n"
        "kept = [dict(vars(m)) for m in (PIL.Image, PIL.ImageFile)]\n"
        "opened = dict(PIL.Image.OPEN)\n"
        "import sys, warnings\n"
        "filters = list(warnings.filters)\n"
        "from hashmatch.hashers import decode\n"
        "decode(sys.stdin.buffer.read())\n"
        "now = [vars(m) for m in (PIL.Image, PIL.ImageFile)]\n"
        "for before, after in zip(kept, now):\n"
        "    for name in ('LOAD_TRUNCATED_IMAGES', 'MAX_IMAGE_PIXELS', '_initialized'):\n"
        "        assert before.get(name) == after.get(name), name\n"
        "assert warnings.filters == filters\n"
        "assert 'HEIF' not in PIL.Image.OPEN\n"
    )
    for kind in ("jpeg", "heic", "webp"):
        subprocess.run([sys.executable, "-c", program], input=KINDS[kind], check=True)


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_is_opened(kind):
    opened = []
    watching = threading.get_ident()

    def watch(event, arguments):
        if event == "open" and threading.get_ident() == watching and recording:
            opened.append(arguments)

    decode(KINDS[kind])  # imports are done
    recording = True
    sys.addaudithook(watch)
    try:
        decode(KINDS[kind])
        decode_reduced(KINDS[kind])
        with pytest.raises(PictureError):
            decode(KINDS[kind][:40])
    finally:
        recording = False
    assert not opened


@pytest.mark.parametrize("kind", KINDS)
def test_no_bytes_of_the_picture_are_in_errors_or_logs(kind, caplog, capfd):
    secret = b"cafe secret "
    file = KINDS[kind]
    cut = file[: len(file) // 8].replace(file[40:52], secret) + secret * 9
    with caplog.at_level(logging.DEBUG, logger="hashmatch"), pytest.raises(PictureError) as caught:
        decode(cut)
    assert "secret" not in f"{caught.value!r}{caught.value.__cause__!r}{caplog.text}"
    assert "secret" not in "".join(capfd.readouterr())


def test_lack_of_memory_is_a_refusal(monkeypatch):
    def lacking(*_args):
        raise MemoryError

    monkeypatch.setattr(Image, "frombytes", lacking)
    with pytest.raises(PictureTooLargeError, match=r"57 x 48 pixels.*lacks memory"):
        decode(KINDS["jpeg"])


def test_a_decoder_that_disagrees_with_the_header_is_damage(monkeypatch):
    monkeypatch.setattr(Image, "frombytes", lambda *_: Image.new("RGB", (40, 40)))
    with pytest.raises(TruncatedPictureError):
        decode(KINDS["jpeg"])


def test_threads_decode_side_by_side():
    wanted = {kind: decode(file) for kind, file in KINDS.items()}
    wrong = []

    def work():
        for kind, file in KINDS.items():
            if not np.array_equal(decode(file), wanted[kind]):
                wrong.append(kind)

    with warnings.catch_warnings():
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong
