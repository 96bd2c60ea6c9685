"""The boxes of ISO base media files, the container of AVIF and HEIC (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from hashmatch.hashers.formats.opened import MAX_PARTS

_BRANDS: Final = 64  # that are looked at; ordinary files have two to eight


class Box(NamedTuple):
    """A box: its four-letter kind, and where its payload lies."""

    kind: bytes
    start: int
    end: int


def boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[Box]:
    """Walk the boxes that lie side by side between two offsets; a damaged size ends the walk."""
    for _ in range(MAX_PARTS):
        if start + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        payload = start + 8
        if size == 1 and start + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, payload)
            payload += 8
        elif size == 0:  # up to the end
            size = end - start
        if size < payload - start or start + size > end:
            return
        yield Box(kind, payload, start + size)
        start += size


def brands(data: bytes) -> list[bytes]:
    """The major brand of a file, then those it is compatible with; empty where it has none."""
    if data[4:8] != b"ftyp":
        return []
    (size,) = struct.unpack_from(">I", data)
    listed = data[16 : min(size, 16 + 4 * _BRANDS)]
    return [data[8:12], *(listed[at : at + 4] for at in range(0, len(listed) - 3, 4))]


def without_exif(data: bytes) -> bytes:
    """Hide the EXIF items from a decoder.

    Turning and mirroring are properties of the container in these formats, and EXIF does not say
    how to show the picture. So its decoder need not look at it, and can't stumble over it.
    """
    hidden = None
    for entry in _item_entries(data):
        # version 2: a 16-bit item number; version 3: a 32-bit one; then the item's kind
        place = entry.start + (8 if data[entry.start : entry.start + 1] < b"\3" else 10)
        if entry.kind == b"infe" and data[place : place + 4] == b"Exif":
            hidden = bytearray(data) if hidden is None else hidden
            hidden[place : place + 4] = b"none"
    return data if hidden is None else bytes(hidden)


def _item_entries(data: bytes) -> Iterator[Box]:
    """The boxes that say what each item of a file is."""
    meta = _first(boxes(data, 0, len(data)), b"meta")
    info = meta and _first(boxes(data, meta.start + 4, meta.end), b"iinf")
    if info:
        count = 2 if data[info.start : info.start + 1] == b"\0" else 4
        yield from boxes(data, info.start + 4 + count, info.end)


def _first(among: Iterator[Box], kind: bytes) -> Box | None:
    return next((box for box in among if box.kind == kind), None)
