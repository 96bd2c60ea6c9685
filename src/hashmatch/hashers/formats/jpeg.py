"""JPEG (ITU-T T.81): baseline, extended and progressive, 8 bit, gray, colour and CMYK.

The decoder is handed a file of our own making: the segments that pixels depend on, in order, and
nothing else. So it reads the very header that was checked here, and never a hostile annotation.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from PIL import Image

from hashmatch.errors import UnsupportedPictureError
from hashmatch.hashers.formats import exif
from hashmatch.hashers.formats.opened import Opened, damaged, parts, unpack
from hashmatch.native import jpeg_eighth

MAX_SCANS: Final = 100
"""Scans of a progressive picture: encoders write about ten, a file made to be slow thousands."""

_START, _SCAN, _END, _TEMPORARY = 0xD8, 0xDA, 0xD9, 0x01
_RESTARTS: Final = range(0xD0, 0xD8)
_EXIF: Final = 0xE1
_PIXELS_NEED: Final = frozenset({0xC4, 0xDB, 0xDD, 0xE0, 0xEE})  # DHT, DQT, DRI, JFIF, Adobe
_DECODED: Final = frozenset({0xC0, 0xC1, 0xC2})
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {0xDE}
_PROGRESSIVE: Final = 0xC2
_MODES: Final = {1: ("L", "L"), 3: ("RGB", "RGB"), 4: ("CMYK", "CMYK;I")}
_GRAY_REDUCTIONS: Final = frozenset({8})
"""Where the luma alone serves a hash as well. Elsewhere colours, which take an eighth more time,
halve the bits that differ from the full picture: they are clipped before their luma is taken."""
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # in entropy-coded data


class _Segment(NamedTuple):
    marker: int
    payload: bytes
    end: int


class _Frame(NamedTuple):
    marker: int
    width: int
    height: int
    components: int


def open_header(data: bytes) -> Opened:
    """Read a JPEG up to its first scan.

    Raises:
        UnsupportedPictureError: 12 bit, lossless, arithmetic or hierarchical coding, or scans
            without end.
        TruncatedPictureError: the header is cut short or damaged.
    """
    kept = [b"\xff\xd8"]
    frame: _Frame | None = None
    orientation: int | None = None
    for segment in _segments(data):
        if segment.marker in _FRAMES:
            if frame is not None:
                raise damaged("header of this JPEG")
            frame = _frame(segment)
        if segment.marker == _EXIF and orientation is None and segment.payload[:6] == b"Exif\0\0":
            orientation = exif.orientation(segment.payload)
        if segment.marker == _SCAN:
            if frame is None:
                raise damaged("header of this JPEG")
            _check_scans(data, segment, frame)
            kept.append(data[segment.end - len(segment.payload) - 4 :])
            return _opened(b"".join(kept), frame, orientation or exif.UPRIGHT)
        if segment.marker in _PIXELS_NEED or segment.marker in _FRAMES:
            length = len(segment.payload) + 2
            kept += [bytes((0xFF, segment.marker)), length.to_bytes(2), segment.payload]
    raise damaged("header of this JPEG")


def _segments(data: bytes) -> Iterator[_Segment]:
    """The segments before the first scan, and its header; bytes between them are skipped."""
    at = 2
    for _ in parts("header of this JPEG"):
        at = data.find(b"\xff", at)
        while data[at : at + 1] == b"\xff":
            at += 1
        if at <= 0 or at >= len(data):
            return
        marker = data[at]
        at += 1
        if marker in {0, _START, _TEMPORARY} or marker in _RESTARTS:
            continue
        if marker == _END:
            return
        (length,) = unpack(">H", data, at, "header of this JPEG")
        if length < 2 or at + length > len(data):
            raise damaged("header of this JPEG")
        yield _Segment(marker, data[at + 2 : at + length], at + length)
        at += length


def _frame(segment: _Segment) -> _Frame:
    if segment.marker not in _DECODED:
        raise UnsupportedPictureError(
            "This JPEG is lossless, hierarchical or arithmetic-coded, which is not decoded; "
            "save the picture as an ordinary JPEG or as PNG, and hash that."
        )
    bits, height, width, components = unpack(
        ">BHHB", segment.payload, 0, "frame header of this JPEG"
    )
    if bits != 8 or components not in _MODES:
        raise UnsupportedPictureError(
            f"This JPEG has {components} components of {bits} bits; decoded are 1, 3 or 4 of 8 "
            "bits. Save the picture as an ordinary JPEG or as PNG, and hash that."
        )
    return _Frame(segment.marker, width, height, components)


def _check_scans(data: bytes, first: _Segment, frame: _Frame) -> None:
    """Every scan of a picture that has several goes over all of it: bound the work."""
    in_one_scan = first.payload[:1] == bytes((frame.components,))
    if in_one_scan and frame.marker != _PROGRESSIVE:
        return
    scans, at = 1, first.end
    for _ in parts("data of this JPEG"):
        found = _MARKER.search(data, at)
        if found is None or data[found.start() + 1] == _END:
            return
        scans += data[found.start() + 1] == _SCAN
        if scans > MAX_SCANS:
            raise UnsupportedPictureError(
                f"This JPEG is refined in more than {MAX_SCANS} scans, which takes too long; "
                "save the picture as an ordinary JPEG or as PNG, and hash that."
            )
        if found.end() + 2 > len(data):
            return
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2])


def _opened(data: bytes, frame: _Frame, orientation: int) -> Opened:
    mode, raw_mode = _MODES[frame.components]

    def load(reduction: int) -> Image.Image:
        size = -(-frame.width // reduction), -(-frame.height // reduction)
        if reduction in _GRAY_REDUCTIONS:
            luma = jpeg_eighth(data, frame.width, frame.height)
            if luma is not None:
                return Image.fromarray(luma)
            # Progressive, or damaged: libjpeg decodes it, or finds what is wrong.
            return Image.frombytes("L", size, data, "jpeg", "L", "", reduction, 0)
        image = Image.frombytes(mode, size, data, "jpeg", raw_mode, "", reduction, 0)
        return image.convert("RGB") if mode == "CMYK" else image

    reductions = (1,) if mode == "CMYK" else (1, 2, 4, 8)
    return Opened("JPEG", frame.width, frame.height, orientation, load, reductions)
