"""What a service and its decoders say to each other: JSON and raw bytes, each with its length.

No pickle: a decoder that a hostile picture took over could answer with one, and so get the service
as well. Whatever comes from a decoder is checked like what comes from outside.
"""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from hashmatch import errors, hashers
from hashmatch.errors import DecoderLostError, HashmatchError, MissingExtraError, PictureError
from hashmatch.hashers import Frame, Parts, View
from hashmatch.hashers.parts import CHECKED, STRETCHED, STRETCHES
from hashmatch.matching import Upload
from hashmatch.native import RECTANGLES, Rectangle
from hashmatch.native_parts import PARTS_SIDE, PLACE, TILES, Places
from hashmatch.types import Codes, Hash

LENGTHS: Final = struct.Struct("!II")
"""In front of each message: bytes of JSON, bytes of picture."""

MAX_ANSWER: Final = 1 << 17

OUT_OF_MEMORY: Final = 3
"""Exit code of a decoder whose picture took more memory than it may have."""

_REFUSALS: Final = {
    kind.reason: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, (PictureError, MissingExtraError))
}


def pack(value: dict[str, Any], data: bytes | bytearray | memoryview = b"") -> list[Any]:
    """A message, in pieces."""
    head = json.dumps(value).encode()
    return [LENGTHS.pack(len(head), len(data)) + head, data]


def answer_of(upload: Upload) -> dict[str, Any]:
    """What a decoder found."""
    return {
        "digests": [[value.hasher, value.hex] for value in upload.digests],
        "views": [
            [view.name, view.hash.hasher, view.hash.hex, view.hash.quality, view.place]
            for view in upload.views
        ],
        "refusal": upload.refusal and [upload.refusal.reason, str(upload.refusal)],
    }


def upload_from(answer: bytes) -> Upload:
    """What a decoder found.

    Raises:
        DecoderLostError: this is no answer of a sound decoder.
    """
    with _sound():
        value = json.loads(answer)
        refusal = value["refusal"]
        names = {name for name, _ in value["digests"]} | {view[1] for view in value["views"]}
        digits = {name: hashers.get(name).bits // 4 for name in names}
        return Upload(
            digests=tuple(_hash(name, text, None, digits) for name, text in value["digests"]),
            views=tuple(
                View(str(view)[:40], _hash(name, text, quality, digits), _place(place))
                for view, name, text, quality, place in value["views"]
            ),
            refusal=None if refusal is None else _REFUSALS[refusal[0]](str(refusal[1])[:1000]),
        )


def _hash(name: str, text: str, quality: int | None, digits: dict[str, int]) -> Hash:
    if len(text) != digits[name]:
        raise ValueError("a code of another width")
    return Hash(name, bytes.fromhex(text), None if quality is None else int(quality))


def _place(told: list[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(side) for side in told)
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise ValueError("a place outside of the picture")
    return left, top, right, bottom


def answer_of_parts(parts: Parts) -> dict[str, Any]:
    """The parts of a picture."""
    return {
        "width": parts.width,
        "height": parts.height,
        "codes": parts.codes.tobytes().hex(),
        "mirrored": parts.mirrored.tobytes().hex(),
        "places": told_places(parts.places),
    }


def parts_from(answer: bytes) -> Parts:
    """The parts of a picture.

    Raises:
        DecoderLostError: this is no answer of a sound decoder.
    """
    with _sound():
        value = json.loads(answer)
        codes = _codes(value["codes"])
        places = places_from(value["places"])
        width, height = int(value["width"]), int(value["height"])
        parts = Parts(codes, _codes(value["mirrored"]), places, width, height)
        counts = {len(parts.codes), len(parts.mirrored), len(parts.places)}
        fits = 1 <= min(width, height) <= max(width, height) <= PARTS_SIDE
        if len(counts) > 1 or len(parts) > CHECKED or not fits or not places["size"].all():
            raise ValueError("parts of no picture")
        return parts


def answer_of_codes(codes: Codes) -> dict[str, Any]:
    """Codes that a picture is searched by besides those of its parts."""
    return {"codes": codes.tobytes().hex()}


def codes_from(answer: bytes, most: int) -> Codes:
    """Codes that a picture is searched by besides those of its parts, so many at most.

    Raises:
        DecoderLostError: this is no answer of a sound decoder.
    """
    with _sound():
        codes = _codes(json.loads(answer)["codes"])
        if len(codes) > most:
            raise ValueError("more codes than there are")
        return codes


def answer_of_stretched(codes: tuple[Codes, ...]) -> dict[str, Any]:
    """Codes of a picture that is stretched across, by each of the stretches."""
    return {"stretched": [each.tobytes().hex() for each in codes]}


def stretched_from(answer: bytes) -> tuple[Codes, ...]:
    """Codes of a picture that is stretched across, by each of the stretches.

    Raises:
        DecoderLostError: this is no answer of a sound decoder.
    """
    with _sound():
        found = tuple(_codes(each) for each in json.loads(answer)["stretched"])
        if len(found) != len(STRETCHES) or max(map(len, found)) > STRETCHED:
            raise ValueError("other codes than there are")
        return found


def answer_of_rectangles(rectangles: tuple[Rectangle, ...]) -> dict[str, Any]:
    """What may be pictures within a picture."""
    return {"rectangles": [told_rectangle(each) for each in rectangles]}


def rectangles_from(answer: bytes) -> tuple[Rectangle, ...]:
    """What may be pictures within a picture.

    Raises:
        DecoderLostError: this is no answer of a sound decoder.
    """
    with _sound():
        found = tuple(rectangle_from(each) for each in json.loads(answer)["rectangles"])
        if len(found) > RECTANGLES:
            raise ValueError("more rectangles than there are")
        for box in found:
            across, down = 0 <= box.left < box.right, 0 <= box.top < box.bottom
            if not across or not down or max(box.right, box.bottom) > PARTS_SIDE:
                raise ValueError("a rectangle of no picture")
        return found


def told_rectangle(box: Rectangle) -> list[int]:
    """A part of a picture."""
    return [int(side) for side in box]


def rectangle_from(told: list[int]) -> Rectangle:
    """A part of a picture."""
    left, top, right, bottom, trimmed = (int(side) for side in told)
    return Rectangle(left, top, right, bottom, bool(trimmed))


def told_places(places: Places) -> str:
    """Places of parts."""
    return places.tobytes().hex()


def places_from(text: str) -> Places:
    """Places of parts."""
    return np.frombuffer(bytes.fromhex(text), PLACE)


def answer_of_frame(frame: Frame) -> dict[str, Any]:
    """What a picture shows in a frame."""
    return {
        "visible": frame.visible,
        "code": frame.code.hex(),
        "tiles": frame.tiles.tobytes().hex(),
        "seen": frame.seen.tolist(),
        "tiles_bare": frame.tiles_bare.tolist(),
        "regions": frame.regions.tobytes().hex(),
        "regions_seen": frame.regions_seen.tolist(),
        "regions_bare": frame.regions_bare.tolist(),
        "paper": frame.paper,
    }


def frame_from(answer: bytes, regions: int) -> Frame:
    """What a picture shows in a frame, with so many regions.

    Raises:
        DecoderLostError: this is no answer of a sound decoder.
    """
    with _sound():
        value = json.loads(answer)
        frame = Frame(
            visible=float(value["visible"]),
            code=bytes.fromhex(value["code"]),
            tiles=_codes(value["tiles"]),
            seen=np.array([each is True for each in value["seen"]]),
            tiles_bare=np.array([float(each) for each in value["tiles_bare"]], np.float64),
            regions=_codes(value["regions"]),
            regions_seen=np.array([each is True for each in value["regions_seen"]], np.bool_),
            regions_bare=np.array([float(each) for each in value["regions_bare"]], np.float64),
            paper=float(value["paper"]),
        )
        if not (0 <= frame.visible <= 1 and 0 <= frame.paper <= 1) or len(frame.code) != 32:
            raise ValueError("a frame of no picture")
        if not len(frame.tiles) == len(frame.seen) == len(frame.tiles_bare) == TILES:
            raise ValueError("other tiles than there are")
        counts = {len(frame.regions), len(frame.regions_seen), len(frame.regions_bare)}
        if counts != {regions}:
            raise ValueError("other regions than were asked for")
        for shares in (frame.tiles_bare, frame.regions_bare):
            if not ((shares >= 0) & (shares <= 1)).all():
                raise ValueError("more than all of a region")
        return frame


def _codes(text: str) -> Codes:
    return np.frombuffer(bytes.fromhex(text), np.uint8).reshape(-1, 32)


@contextmanager
def _sound() -> Iterator[None]:
    """Refuse what no sound decoder answers."""
    try:
        yield
    except (
        ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, HashmatchError,
        RecursionError,
    ):  # fmt: skip
        raise DecoderLostError("The picture's decoder gave no answer that makes sense.") from None
