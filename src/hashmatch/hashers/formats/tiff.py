"""TIFF 6.0 and BigTIFF: the first picture of a file, decoded by libtiff.

Its directory is read here, so that neither sizes nor tags of a hostile file reach a decoder
unchecked.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from PIL import Image, ImageOps

from hashmatch.errors import UnsupportedPictureError
from hashmatch.hashers.formats import exif
from hashmatch.hashers.formats.opened import Opened, damaged, unpack
from hashmatch.hashers.pixels import flatten

_WHAT: Final = "directory of this TIFF"
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIP_OFFSETS, _ORIENTATION, _SAMPLES, _STRIP_LENGTHS = 273, 274, 277, 279
_COLOUR_MAP, _TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_LENGTHS = 320, 322, 323, 324, 325
_EXTRA, _FORMAT = 338, 339
_WANTED: Final = frozenset({
    _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _STRIP_OFFSETS, _ORIENTATION, _SAMPLES,
    _STRIP_LENGTHS, _COLOUR_MAP, _TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_LENGTHS, _EXTRA,
    _FORMAT,
})  # fmt: skip
_KINDS: Final = {1: "B", 3: "H", 4: "I", 16: "Q"}  # BYTE, SHORT, LONG, LONG8
_MOST_VALUES: Final = 1 << 21  # strips of one row each, of the tallest picture, with room to spare
_LARGEST_TILE: Final = 1 << 24  # pixels

_COMPRESSIONS: Final = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000})
_JPEG: Final = 7
_INVERTED_GRAY, _GRAY, _RGB, _PALETTE, _CMYK, _YCBCR = 0, 1, 2, 3, 5, 6
_COLOURS: Final = {_INVERTED_GRAY: 1, _GRAY: 1, _RGB: 3, _PALETTE: 1, _CMYK: 4, _YCBCR: 3}
_UNSPECIFIED, _PREMULTIPLIED, _ALPHA = 0, 1, 2

_MODES: Final = {
    (_INVERTED_GRAY, 1): ("1", "1;I"), (_GRAY, 1): ("1", "1"),
    (_INVERTED_GRAY, 2): ("L", "L;2I"), (_GRAY, 2): ("L", "L;2"),
    (_INVERTED_GRAY, 4): ("L", "L;4I"), (_GRAY, 4): ("L", "L;4"),
    (_INVERTED_GRAY, 8): ("L", "L;I"), (_GRAY, 8): ("L", "L"),
    (_INVERTED_GRAY, 16): ("I;16", "I;16N"), (_GRAY, 16): ("I;16", "I;16N"),
    (_GRAY, 8, _ALPHA): ("LA", "LA"), (_GRAY, 8, _PREMULTIPLIED): ("La", "La"),
    (_PALETTE, 1): ("P", "P;1"), (_PALETTE, 2): ("P", "P;2"),
    (_PALETTE, 4): ("P", "P;4"), (_PALETTE, 8): ("P", "P"),
    (_RGB, 8): ("RGB", "RGB"), (_RGB, 16): ("RGB", "RGB;16N"),
    (_RGB, 8, _UNSPECIFIED): ("RGB", "RGBX"), (_RGB, 16, _UNSPECIFIED): ("RGB", "RGBX;16N"),
    (_RGB, 8, _ALPHA): ("RGBA", "RGBA"), (_RGB, 16, _ALPHA): ("RGBA", "RGBA;16N"),
    (_RGB, 8, _PREMULTIPLIED): ("RGBA", "RGBa"), (_RGB, 16, _PREMULTIPLIED): ("RGBA", "RGBa;16N"),
    (_CMYK, 8): ("CMYK", "CMYK"), (_CMYK, 16): ("CMYK", "CMYK;16N"),
    (_YCBCR, 8): ("RGB", "RGBX"),
}  # fmt: skip
"""Photometric interpretation, bits a sample and extra sample, and the modes of Pillow's decoder."""


class _Kind(NamedTuple):
    mode: str
    raw_mode: str
    inverted_after: bool


Tags = dict[int, tuple[int, ...]]


def open_header(data: bytes) -> Opened:
    """Read the first directory of a TIFF.

    Raises:
        UnsupportedPictureError: samples or a compression that are not decoded.
        TruncatedPictureError: the directory or the data lie outside the file.
    """
    tags = _directory(data)
    width, height = _one(tags, _WIDTH), _one(tags, _HEIGHT)
    kind = _kind(tags)
    _check_data(tags, len(data), width * height)
    orientation = _one(tags, _ORIENTATION, exif.UPRIGHT)
    palette = _palette(tags) if kind.mode == "P" else b""

    def load(_: int) -> Image.Image:
        # 0, 0: from memory, and the first directory
        image = Image.frombytes(kind.mode, (width, height), data, "libtiff", kind.raw_mode, 0, 0)
        if palette:
            image.putpalette(palette, "RGB")
        image = flatten(image)
        return ImageOps.invert(image) if kind.inverted_after else image

    upright = orientation if 1 <= orientation <= 8 else exif.UPRIGHT
    return Opened("TIFF", width, height, upright, load)


def _directory(data: bytes) -> Tags:
    """The wanted tags of the first directory; of one given twice, the first."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in {b"+\0", b"\0+"}
    inline, entry_size = (8, 20) if big else (4, 12)
    (at,) = unpack(order + ("Q" if big else "I"), data, 8 if big else 4, _WHAT)
    (count,) = unpack(order + ("Q" if big else "H"), data, at, _WHAT)
    at += 8 if big else 2
    if count > (len(data) - at) // entry_size:
        raise damaged(_WHAT)
    tags: Tags = {}
    for entry in range(at, at + count * entry_size, entry_size):
        tag, kind, length = unpack(order + ("HHQ" if big else "HHI"), data, entry, _WHAT)
        if tag not in _WANTED or tag in tags or kind not in _KINDS or not length:
            continue
        if length > _MOST_VALUES:
            raise damaged(_WHAT)
        layout = f"{order}{length}{_KINDS[kind]}"
        place = entry + entry_size - inline
        if length * {"B": 1, "H": 2, "I": 4, "Q": 8}[_KINDS[kind]] > inline:
            (place,) = unpack(order + ("Q" if big else "I"), data, place, _WHAT)
        tags[tag] = unpack(layout, data, min(place, len(data)), _WHAT)
    return tags


def _one(tags: Tags, tag: int, default: int | None = None) -> int:
    values = tags.get(tag)
    if values is not None:
        return values[0]
    if default is None:
        raise damaged(_WHAT)
    return default


def _kind(tags: Tags) -> _Kind:
    photometric = _one(tags, _PHOTOMETRIC, _INVERTED_GRAY)
    compression = _one(tags, _COMPRESSION, 1)
    samples = _one(tags, _SAMPLES, 1)
    bits = set(tags.get(_BITS, (1,))[:samples])
    formats = set(tags.get(_FORMAT, (1,))[:samples])
    colours = _COLOURS.get(photometric, 0)
    key: tuple[Any, ...] = (photometric, *bits)
    if samples == colours + 1:
        # Programs that leave out what the fourth sample is mean alpha.
        key += (tags.get(_EXTRA, (_ALPHA,))[0],)
    elif samples != colours:
        key = ()
    modes = _MODES.get(key)
    if modes is None or formats != {1} or compression not in _COMPRESSIONS:
        raise UnsupportedPictureError(
            f"This TIFF has {samples} samples of {sorted(bits)} bits, photometric interpretation "
            f"{photometric}, sample format {sorted(formats)}, compression {compression}, which is "
            "not decoded; save the picture as 8-bit PNG, and hash that."
        )
    mode, raw_mode = modes
    if photometric == _YCBCR and compression == _JPEG:
        raw_mode = "RGB"  # libjpeg converts
    return _Kind(mode, raw_mode, inverted_after=key == (_INVERTED_GRAY, 16))


def _check_data(tags: Tags, length: int, pixels: int) -> None:
    """See to it that strips or tiles lie in the file, and that no tile outgrows the picture."""
    if _TILE_WIDTH in tags:
        if _one(tags, _TILE_WIDTH) * _one(tags, _TILE_HEIGHT) > max(pixels, _LARGEST_TILE):
            raise damaged(_WHAT)
        starts, lengths = tags.get(_TILE_OFFSETS), tags.get(_TILE_LENGTHS)
    else:
        starts, lengths = tags.get(_STRIP_OFFSETS), tags.get(_STRIP_LENGTHS)
    if starts is None:
        raise damaged(_WHAT)
    ends = map(sum, zip(starts, lengths, strict=False)) if lengths else iter(starts)
    if max(ends, default=0) > length:
        raise damaged("data of this TIFF")


def _palette(tags: Tags) -> bytes:
    """The 256 colours by their high bytes; colours that the file lacks are black."""
    values = np.array(tags.get(_COLOUR_MAP, ()), dtype=np.uint32)
    if not len(values) or len(values) % 3 or len(values) > 768:
        raise damaged(_WHAT)
    if values.max() > 255:  # some programs write 8 bits where 16 belong
        values >>= 8
    colours = np.zeros((256, 3), dtype=np.uint8)
    colours[: len(values) // 3] = values.reshape(3, -1).T
    return colours.tobytes()
