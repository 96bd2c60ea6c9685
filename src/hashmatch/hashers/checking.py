"""The hash by which an upload is checked: a few bits less exact, many times faster."""

from hashmatch import native
from hashmatch.hashers.decoding import decode_reduced
from hashmatch.hashers.limits import DEFAULT_LIMITS, Limits
from hashmatch.hashers.pdq import Pdq
from hashmatch.types import Hash

__all__ = ["hash_for_check"]


def hash_for_check(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Hash:
    """PDQ of an upload, from a reduced decode where the format has one (JPEG).

    It lies within a few bits of `hash_image`, which no threshold feels. For checking only: what is
    submitted is hashed by `hash_image`, so that equal pictures have equal entries.

    Raises:
        PictureError: the picture was refused; the subclass and the message say why.
        MissingExtraError: HEIC, and the extra ``heic`` is not installed.
    """
    reduced = decode_reduced(data, limits)
    if reduced.reduction == 1:
        return Pdq().hash(reduced.pixels)
    turns = native.pdq_scaled(
        reduced.pixels,
        reduced.width,
        reduced.height,
        reduced.reduction,
        left=reduced.left,
        top=reduced.top,
    )
    return Hash(Pdq.name, turns.codes[0].tobytes(), turns.quality)
