"""Files that are damaged or made to harm: a clear error or a right picture, in bounded memory."""

import subprocess
import sys
import zlib

import numpy as np
import pytest
from hashers.pictures import PNG_SIGNATURE, chunk, encode, every_kind, noise
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hashmatch.errors import (
    HashmatchError,
    PictureTooLargeError,
    TruncatedPictureError,
)
from hashmatch.hashers import decode, decode_reduced

KINDS = every_kind()
kinds = pytest.mark.parametrize("kind", KINDS)


@kinds
def test_cut_at_any_place(kind, capfd):
    file = KINDS[kind]
    whole = decode(file)
    step = 1 if len(file) < 2500 else 7
    for end in {*range(0, len(file), step), *range(len(file) - 40, len(file))}:
        try:
            pixels = decode(file[:end])
        except HashmatchError:
            continue
        np.testing.assert_array_equal(pixels, whole)
    capfd.readouterr()  # what libtiff has to say


@kinds
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_that_were_altered(kind, data, capfd):
    file = bytearray(KINDS[kind])
    places = st.one_of(st.integers(0, min(200, len(file) - 1)), st.integers(0, len(file) - 1))
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=8)):
        file[place] = byte
    start, length = data.draw(st.tuples(places, st.integers(0, 12)))
    if data.draw(st.booleans()):
        del file[start : start + length]
    else:
        file[start:start] = file[start : start + length]
    for decoder in (decode, decode_reduced):
        try:
            found = decoder(bytes(file))
        except HashmatchError:
            continue
        pixels = found if decoder is decode else found.pixels
        assert pixels.dtype == np.uint8
        assert pixels.ndim == 2 or pixels.shape[2] == 3
    capfd.readouterr()


def test_a_png_of_30000_by_30000():
    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(30_001)) for _ in range(30_000)) + rows.flush()
    header = np.array([30_000, 30_000], ">u4").tobytes() + b"\x08\0\0\0\0"
    bomb = PNG_SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    assert len(bomb) < 1_000_000
    with pytest.raises(PictureTooLargeError, match="30000 x 30000"):
        decode(bomb)


SMALL = b"\0\0\0\x20" * 2 + b"\x08\2\0\0\0"


@pytest.mark.parametrize(
    ("file", "what"),
    [
        (PNG_SIGNATURE + chunk(b"IHDR", SMALL) + chunk(b"quIt", b"") * 300_000, "PNG"),
        (b"\xff\xd8" + b"\xff\xfe\0\2" * 300_000, "JPEG"),
        (b"\xff\xd8" + b"\xff\0" * 600_000, "JPEG"),
        (b"GIF89a\x20\0\x20\0\0\0\0" + b"\0" * 600_000, "GIF"),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0" + b"\0" * 10 + b"JUNK\0\0\0\0" * 300_000, "WebP"),
    ],
)  # fmt: skip
def test_a_file_made_of_nothing_but_parts(file, what):
    with pytest.raises(TruncatedPictureError, match=what):
        decode(file)


# Peak memory of a decode, in a process that could not have more: file, bytes a pixel.
BOMBS = {
    "png": lambda: encode(Image.new("RGBA", (6000, 6000)), "PNG", compress_level=1),
    "jpeg": lambda: encode(Image.new("RGB", (6000, 6000)), "JPEG"),
    "progressive": lambda: encode(
        Image.new("RGB", (6000, 6000)), "JPEG", progressive=True, subsampling=0
    ),
    "gif": lambda: encode(Image.new("P", (6000, 6000)), "GIF"),
    "webp": lambda: encode(Image.new("RGB", (6000, 6000)), "WEBP", method=0, quality=10),
    "tiff": lambda: encode(
        Image.new("RGBA", (6000, 6000)), "TIFF", compression="tiff_adobe_deflate"
    ),
}
PROGRAM = """
import resource, sys
sys.path.insert(0, {tests!r})
from hashers.pictures import encode, noise
from hashmatch.hashers import decode
file = open(0, "rb").read()
decode(encode(noise(40, 50), {format!r}))  # what is imported and kept is not counted
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 17 * 36_000_000 + len(file) + (32 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
assert decode(file).shape[:2] == (6000, 6000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and limits the address space")
@pytest.mark.parametrize("bomb", BOMBS)
def test_memory_is_bounded_by_the_pixels(bomb):
    file_format = {"progressive": "jpeg"}.get(bomb, bomb).upper()
    program = PROGRAM.format(tests=__file__.rpartition("/hashers/")[0], format=file_format)
    subprocess.run([sys.executable, "-c", program], input=BOMBS[bomb](), check=True, timeout=60)


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space")
def test_a_process_without_memory_refuses_the_picture():
    program = (
        "import resource, sys\n"
        "from hashmatch.errors import PictureTooLargeError\n"
        "from hashmatch.hashers import decode\n"
        "import hashmatch.hashers.formats.png, numpy\n"
        "file = open(0, 'rb').read()\n"
        "pages = int(open('/proc/self/statm').read().split()[0])\n"
        "limit = pages * resource.getpagesize() + (20 << 20)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "try:\n"
        "    decode(file)\n"
        "except PictureTooLargeError as error:\n"
        "    assert 'lacks memory' in str(error)\n"
        "else:\n"
        "    raise SystemExit('decoded')\n"
    )
    file = encode(Image.new("RGB", (5000, 5000)), "PNG", compress_level=1)
    subprocess.run([sys.executable, "-c", program], input=file, check=True, timeout=60)


def test_ordinary_damage_makes_no_noise(capfd, recwarn):
    """Nothing is printed, and nothing warned of, for files that are only cut."""
    for kind, file in KINDS.items():
        if not kind.startswith("tiff-"):  # libtiff prints what it finds in compressed data
            with pytest.raises(HashmatchError):
                decode(file[: len(file) // 8])
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_the_samples_are_not_all_alike():
    """The other tests of this file would pass on blank pictures."""
    assert noise(48, 57).std() > 30
