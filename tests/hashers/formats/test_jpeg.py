import io

import numpy as np
import pytest
from hashers.pictures import encode, exif, noise
from numpy.testing import assert_array_equal
from PIL import Image

from hashmatch.errors import TruncatedPictureError, UnsupportedPictureError
from hashmatch.hashers import decode
from hashmatch.hashers.formats import jpeg

PHOTO = noise(70, 90)


def as_pillow_decodes(file):
    with Image.open(io.BytesIO(file)) as image:
        return np.asarray(image if image.mode in {"L", "RGB"} else image.convert("RGB"))


@pytest.mark.parametrize(
    "options",
    [
        {"quality": 85},
        {"quality": 30, "subsampling": 0},
        {"quality": 95, "subsampling": 1},
        {"progressive": True},
        {"optimize": True, "restart_marker_blocks": 3},
        {"keep_rgb": True},
    ],
)
def test_pixels_are_those_of_pillow(options):
    file = encode(PHOTO, "JPEG", **options)
    assert_array_equal(decode(file), as_pillow_decodes(file))


def test_gray_has_one_channel():
    file = encode(PHOTO[..., 0], "JPEG")
    assert decode(file).shape == PHOTO.shape[:2]
    assert_array_equal(decode(file), as_pillow_decodes(file))


def test_cmyk_is_converted_by_the_decoder():
    file = encode(Image.fromarray(PHOTO).convert("CMYK"), "JPEG", quality=95)
    assert_array_equal(decode(file), as_pillow_decodes(file))
    assert abs(decode(file).astype(int) - PHOTO).mean() < 8


def test_of_several_pictures_the_first_is_decoded():
    frames = [Image.fromarray(noise(70, 90, seed=seed)) for seed in range(3)]
    file = encode(frames[0], "MPO", save_all=True, append_images=frames[1:])
    assert_array_equal(decode(file), as_pillow_decodes(encode(frames[0], "JPEG")))


def test_colour_profiles_and_comments_are_ignored():
    file = encode(PHOTO, "JPEG")
    noisy = encode(
        PHOTO, "JPEG", icc_profile=b"x" * 70_000, comment=b"\xff\xd9\xff\xc0", dpi=(1, 2)
    )
    assert_array_equal(decode(file), decode(noisy))


def with_segments(file, *segments):
    """Put segments behind the start of a JPEG: (marker, payload)."""
    more = b"".join(
        bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2) + payload
        for marker, payload in segments
    )
    return file[:2] + more + file[2:]


def test_the_first_exif_counts():
    file = encode(PHOTO, "JPEG")
    tagged = with_segments(file, (0xE1, b"http://x"), (0xE1, exif(6)), (0xE1, exif(3)))
    assert_array_equal(decode(tagged), np.rot90(decode(file), -1))


def test_filling_and_rubbish_between_segments_is_skipped():
    file = encode(PHOTO, "JPEG")
    assert_array_equal(decode(file[:2] + b"\xff\xff\xff\0rubbish" + file[2:]), decode(file))


def frame(file):
    """Where the frame header of a baseline JPEG begins."""
    return file.index(b"\xff\xc0")


def altered(file, offset, value):
    changed = bytearray(file)
    changed[frame(file) + offset] = value
    return bytes(changed)


@pytest.mark.parametrize(
    ("offset", "value"),
    [(1, 0xC3), (1, 0xC5), (1, 0xC9), (1, 0xCA), (1, 0xCF), (1, 0xDE), (4, 12), (9, 2), (9, 5)],
)
def test_other_kinds_of_coding_are_refused_by_name(offset, value):
    with pytest.raises(UnsupportedPictureError, match="This JPEG"):
        decode(altered(encode(PHOTO, "JPEG"), offset, value))


def test_a_second_frame_header_is_damage():
    file = encode(PHOTO, "JPEG")
    at = frame(file)
    header = file[at : at + 2 + int.from_bytes(file[at + 2 : at + 4])]
    with pytest.raises(TruncatedPictureError):
        decode(file[:at] + header + file[at:])


def test_a_frame_header_never_comes_after_the_scan():
    file = encode(PHOTO, "JPEG")
    at = frame(file)
    length = 2 + int.from_bytes(file[at + 2 : at + 4])
    with pytest.raises(TruncatedPictureError):
        decode(file[:at] + file[at + length :] + file[at : at + length])


def scans_of(file):
    """The scans of a progressive JPEG, with the tables before each."""
    start = file.index(b"\xff\xc4")
    return file[:start], file[start:-2], file[-2:]


@pytest.mark.parametrize("hidden", [b"", b"\xff\xfe\0\x06\xff\xd9\xff\xd9"])
def test_scans_without_end_are_refused_before_they_are_decoded(hidden):
    head, scans, end = scans_of(encode(PHOTO, "JPEG", progressive=True))
    assert decode(head + scans + end).shape == PHOTO.shape
    one = scans.count(b"\xff\xda")
    many = head + (scans + hidden) * (jpeg.MAX_SCANS // one + 1) + end
    with pytest.raises(UnsupportedPictureError, match="more than 100 scans"):
        decode(many)


@pytest.mark.parametrize("reduction", [2, 4, 8])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_reduced_pictures_are_means_of_cells(mode, reduction, photographs):
    photo = Image.fromarray(photographs["astronaut"]).crop((0, 0, 403, 301)).convert(mode)
    opened = jpeg.open_header(encode(photo, "JPEG", quality=95, subsampling=0))
    reduced = opened.load(reduction).convert("L")
    assert reduced.size == (-(-403 // reduction), -(-301 // reduction))
    full = np.asarray(opened.load(1).convert("L"), dtype=float)
    h, w = (n // reduction for n in full.shape)
    means = full[: h * reduction, : w * reduction].reshape(h, reduction, w, reduction)
    assert abs(np.asarray(reduced)[:h, :w] - means.mean(axis=(1, 3))).mean() < 0.6
