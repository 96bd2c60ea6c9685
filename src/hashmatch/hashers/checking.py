"""The hashes by which an upload is checked: a few bits less exact, many times faster."""

from hashmatch.hashers.base import Pixels
from hashmatch.hashers.decoding import Reduced, as_reduced, decode_reduced
from hashmatch.hashers.limits import DEFAULT_LIMITS, Limits
from hashmatch.hashers.views.cells import cells_of
from hashmatch.hashers.views.regions import regions
from hashmatch.hashers.views.resampled import resampled
from hashmatch.hashers.views.turns import SMALL, turns
from hashmatch.hashers.views.view import View
from hashmatch.types import Hash

__all__ = ["hash_for_check", "views_for_check", "views_of"]


def hash_for_check(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Hash:
    """PDQ of an upload, from a reduced decode where the format has one (JPEG).

    It lies within a few bits of `hash_image`, which no threshold feels. For checking only: what is
    submitted is hashed by `hash_image`, so that equal pictures have equal entries.

    Raises:
        PictureError: the picture was refused; the subclass and the message say why.
        MissingExtraError: HEIC, and the extra ``heic`` is not installed.
    """
    return turns(decode_reduced(data, limits))[0].hash


def views_for_check(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[View, ...]:
    """PDQ of an upload in all its views, from one decode; errors are those of `hash_for_check`.

    First the picture as it is, then turned and mirrored in all ways, resampled as other tools do
    it, and the rectangles that may be pictures within it: 94 views at most. A picture with a side
    under 64 has the first eight only.
    """
    return views_of(decode_reduced(data, limits))


def views_of(picture: Pixels | Reduced) -> tuple[View, ...]:
    """The same of what was decoded: pixels, or what `decode_reduced` gave.

    Raises:
        UnsupportedPictureError: an array of another shape or dtype.
        PictureTooLargeError: a side of more than 65535.
    """
    reduced = picture if isinstance(picture, Reduced) else as_reduced(picture)
    whole = turns(reduced)
    if min(reduced.width, reduced.height) < SMALL:
        return whole
    cells = cells_of(reduced)
    return whole + resampled(cells) + regions(cells)
