"""Bytes → pixels, under one pixel rule (see `pixels`) and within limits.

A picture lives in memory only: nothing here opens a file, and no message holds its bytes.
"""

from dataclasses import dataclass
from typing import Final

from hashmatch.errors import HashmatchError, PictureTooLargeError
from hashmatch.hashers.base import checked_pixels
from hashmatch.hashers.formats import Opened, open_picture
from hashmatch.hashers.formats.exif import LYING
from hashmatch.hashers.formats.opened import damaged
from hashmatch.hashers.limits import DEFAULT_LIMITS, Limits
from hashmatch.hashers.pixels import Pixels, to_array, turned

__all__ = ["Reduced", "as_reduced", "decode", "decode_reduced"]

_SMALLEST_REDUCED_SIDE: Final = 320


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A picture decoded for a check: at a fraction of its size, where that saves time.

    Attributes:
        pixels: upright, uint8, shape (h, w) or (h, w, 3). Where `reduction` is 1, what `decode`
            gives; else a sample is the mean of `reduction` x `reduction` pixels.
        width: of the upright picture at full size.
        height: of the upright picture at full size.
        reduction: 1, 2, 4 or 8.
        left: columns that the first mean of a row lacks, because turning the picture upright
            brought to the front the cell at its end, which the picture fills only in part.
        top: rows that the first mean of a column lacks.
    """

    pixels: Pixels
    width: int
    height: int
    reduction: int = 1
    left: int = 0
    top: int = 0


def as_reduced(pixels: Pixels) -> Reduced:
    """Pixels that are at hand, uint8, shape (h, w) or (h, w, 3), upright, as a decode of all.

    Raises:
        UnsupportedPictureError: an array of another shape or dtype.
        PictureTooLargeError: a side of more than 65535.
    """
    height, width = checked_pixels(pixels).shape[:2]
    return Reduced(pixels, width, height)


def decode(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Pixels:
    """Decode the first frame of a picture: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, or HEIC.

    The pixels of JPEG equal those of libjpeg-turbo with its defaults, as Pillow gives them.

    Returns:
        Upright pixels, uint8: shape (h, w) where the file is gray, else (h, w, 3) RGB.

    Raises:
        NotAPictureError: no known format begins like this.
        UnsupportedPictureError: a known format, or a kind of it, that is not decoded.
        TruncatedPictureError: the file is cut short or damaged.
        PictureTooLargeError: more bytes, pixels or a longer side than the limits allow, or more
            memory than this process can have.
        PictureTooSmallError: a side shorter than the limits allow.
        MissingExtraError: HEIC, and the extra ``heic`` is not installed.
    """
    return _upright(_open(data, limits), 1)


def decode_reduced(data: bytes, limits: Limits = DEFAULT_LIMITS, finest: int = 0) -> Reduced:
    """Decode what a check needs, which of a large JPEG is much less than all its pixels.

    A JPEG is decoded at 1/8, 1/4 or 1/2 of its size where the shorter side keeps 320 samples (fewer
    cost more bits than they save time). Any other picture is decoded in full, as `decode` does; the
    errors are the same.

    Args:
        data: of the file.
        limits: what it may ask.
        finest: so many samples stay on the longer side too, where it has as many.
    """
    opened = _open(data, limits)
    reduction = _reduction(opened, finest)
    pixels = _upright(opened, reduction)
    right, bottom = -opened.width % reduction, -opened.height % reduction
    left, top = {
        2: (right, 0), 3: (right, bottom), 4: (0, bottom),
        6: (bottom, 0), 7: (bottom, right), 8: (0, right),
    }.get(opened.orientation, (0, 0))  # fmt: skip
    lies = opened.orientation in LYING
    width, height = (opened.height, opened.width) if lies else (opened.width, opened.height)
    return Reduced(pixels, width, height, reduction, left, top)


def _reduction(opened: Opened, finest: int) -> int:
    most = min(opened.width, opened.height) // _SMALLEST_REDUCED_SIDE
    if finest:
        most = min(most, max(opened.width, opened.height) // finest)
    return max(by for by in opened.reductions if by <= max(most, 1))


def _open(data: bytes, limits: Limits) -> Opened:
    limits.check_bytes(len(data))
    opened = open_picture(data)
    limits.check_size(opened.width, opened.height)
    return opened


def _upright(opened: Opened, reduction: int) -> Pixels:
    """Decode and turn; whatever a decoder raises on bytes of unknown good will is a refusal."""
    try:
        image = opened.load(reduction)
        pixels = to_array(turned(image, opened.orientation))
    except HashmatchError:
        raise
    except MemoryError:
        raise PictureTooLargeError(
            f"The picture has {opened.width} x {opened.height} pixels, for which this process "
            "lacks memory; scale it down, or give the process more."
        ) from None
    except Exception:  # noqa: BLE001 - decoders have no common base for what they raise
        raise damaged(f"data of this {opened.format}") from None
    if image.size != (-(-opened.width // reduction), -(-opened.height // reduction)):
        raise damaged(f"data of this {opened.format}")  # the header said otherwise
    return pixels
