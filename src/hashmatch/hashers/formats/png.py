"""PNG (ISO/IEC 15948): every bit depth, gray, colour, palette and alpha; of APNG the still picture.

Transparency is resolved here, where the key colour still has the depth that the file gives it.
"""

import zlib
from collections.abc import Iterator
from functools import reduce
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageChops

from hashmatch.errors import UnsupportedPictureError
from hashmatch.hashers.formats import exif
from hashmatch.hashers.formats.opened import Opened, damaged, parts, unpack
from hashmatch.hashers.pixels import flatten, on_white

_SIGNATURE = 8
_GRAY, _COLOUR, _PALETTE, _GRAY_ALPHA, _COLOUR_ALPHA = 0, 2, 3, 4, 6
_MODES: Final = {
    (1, _GRAY): ("1", "1"), (2, _GRAY): ("L", "L;2"), (4, _GRAY): ("L", "L;4"),
    (8, _GRAY): ("L", "L"), (16, _GRAY): ("I;16", "I;16B"),
    (8, _COLOUR): ("RGB", "RGB"), (16, _COLOUR): ("RGB", "RGB;16B"),
    (1, _PALETTE): ("P", "P;1"), (2, _PALETTE): ("P", "P;2"),
    (4, _PALETTE): ("P", "P;4"), (8, _PALETTE): ("P", "P"),
    (8, _GRAY_ALPHA): ("LA", "LA"), (16, _GRAY_ALPHA): ("RGBA", "LA;16B"),
    (8, _COLOUR_ALPHA): ("RGBA", "RGBA"), (16, _COLOUR_ALPHA): ("RGBA", "RGBA;16B"),
}  # fmt: skip
"""Bit depth and colour type, and the modes by which Pillow's decoder knows them."""
_SAMPLES: Final = {_GRAY: 1, _COLOUR: 3, _PALETTE: 1, _GRAY_ALPHA: 2, _COLOUR_ALPHA: 4}
_PASSES: Final = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
)  # fmt: skip
"""Adam7: the first column and row of each pass, and its steps."""


class _Header(NamedTuple):
    width: int
    height: int
    bits: int
    colour: int
    interlaced: int


class _Contents(NamedTuple):
    header: _Header
    palette: bytes
    transparency: bytes | None
    compressed: bytes


def open_header(data: bytes) -> Opened:
    """Read the chunks of a PNG; text, profiles and animations are passed over unread.

    Raises:
        UnsupportedPictureError: a depth, colour type or key colour that is not decoded.
        TruncatedPictureError: no complete header, or no pixels.
    """
    header: _Header | None = None
    palette, transparency, orientation = b"", None, exif.UPRIGHT
    compressed: list[memoryview] = []
    for kind, payload in _chunks(data):
        if header is None:
            if kind != b"IHDR":
                raise damaged("header of this PNG")
            header = _header(payload)
        elif kind == b"PLTE":
            palette = bytes(payload[:768])
        elif kind == b"tRNS":
            transparency = bytes(payload[:256])
        elif kind == b"IDAT":
            compressed.append(payload)
        elif kind == b"eXIf":
            orientation = exif.orientation(bytes(payload))
    if header is None or not compressed or (header.colour == _PALETTE and not palette):
        raise damaged("header of this PNG")
    if (header.bits, header.colour) == (16, _COLOUR) and transparency is not None:
        raise UnsupportedPictureError(
            "This PNG has 16 bits a sample and one transparent colour, which is not decoded; "
            "save the picture with 8 bits, and hash that."
        )
    contents = _Contents(header, palette, transparency, b"".join(compressed))
    return Opened("PNG", header.width, header.height, orientation, lambda _: _load(contents))


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Walk the chunks; of one that is cut short, what there is."""
    view, at = memoryview(data), _SIGNATURE
    for _ in parts("header of this PNG"):
        if at + 8 > len(data):
            return
        length, kind = unpack(">I4s", data, at, "header of this PNG")
        if kind == b"IEND":
            return
        yield kind, view[at + 8 : at + 8 + length]
        at += 12 + length


def _header(payload: memoryview) -> _Header:
    width, height, bits, colour, compression, filters, interlaced = unpack(
        ">IIBBBBB", payload, 0, "header of this PNG"
    )
    if (bits, colour) not in _MODES or compression or filters or interlaced > 1:
        raise UnsupportedPictureError(
            f"This PNG has {bits} bits of colour type {colour}, which no PNG should have; "
            "save the picture anew, and hash that."
        )
    return _Header(width, height, bits, colour, interlaced)


def _load(contents: _Contents) -> Image.Image:
    header = contents.header
    mode, raw_mode = _MODES[header.bits, header.colour]
    size = header.width, header.height
    image = Image.frombytes(mode, size, contents.compressed, "zip", raw_mode, header.interlaced)
    # The decoder takes a stream that ends early for a picture that is black from there.
    black_at_end = header.interlaced or not image.crop((0, header.height - 1, *size)).getbbox()
    if black_at_end and not _is_complete(contents):
        raise damaged("data of this PNG")
    if header.colour == _PALETTE:
        image.putpalette(_palette(contents), "RGB")
        return image.convert("RGB")
    if header.colour == _GRAY_ALPHA and header.bits == 16:
        image = Image.merge("LA", (image.getchannel("R"), image.getchannel("A")))
    if contents.transparency is not None and header.colour in {_GRAY, _COLOUR}:
        return _without_key(image, contents.transparency, header)
    return flatten(image)


def _is_complete(contents: _Contents) -> bool:
    """Whether the compressed data holds every row, counted without keeping them."""
    header = contents.header
    bits = header.bits * _SAMPLES[header.colour]
    expected = 0
    for column, row, across, down in _PASSES if header.interlaced else ((0, 0, 1, 1),):
        width = -((column - header.width) // across)
        height = -((row - header.height) // down)
        if width > 0 and height > 0:
            expected += height * (1 + (width * bits + 7) // 8)
    stream = zlib.decompressobj()
    pending = contents.compressed
    while expected > 0 and not stream.eof:
        rows = stream.decompress(pending, 1 << 20)
        pending = stream.unconsumed_tail
        if not rows:
            break
        expected -= len(rows)
    return expected <= 0


def _palette(contents: _Contents) -> bytes:
    """The 256 colours, each composited on white; colours that the file lacks are black."""
    colours = np.zeros((256, 3), dtype=np.uint8)
    given = np.frombuffer(contents.palette, dtype=np.uint8)
    colours[: len(given) // 3] = given[: len(given) // 3 * 3].reshape(-1, 3)
    alpha = np.full(256, 255, dtype=np.uint8)
    transparency = np.frombuffer(contents.transparency or b"", dtype=np.uint8)
    alpha[: len(transparency)] = transparency
    return on_white(colours, alpha[:, np.newaxis]).tobytes()


def _without_key(image: Image.Image, transparency: bytes, header: _Header) -> Image.Image:
    """Make the one colour white that the file calls transparent."""
    count = _SAMPLES[header.colour]
    key = unpack(f">{count}H", transparency, 0, "transparency of this PNG")
    flat = flatten(image)
    if header.bits == 16:
        clear = Image.fromarray(np.asarray(image) == key[0])
    else:
        scale = 255 // ((1 << header.bits) - 1)
        bands = zip(flat.split(), key, strict=True)
        masks = (band.point([255 * (v == k * scale) for v in range(256)]) for band, k in bands)
        clear = reduce(ImageChops.darker, masks)
    flat.paste((255,) * count if count > 1 else 255, mask=clear)
    return flat
