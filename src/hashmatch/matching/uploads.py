"""An upload → the hashes it is compared by: of its bytes, and of its pixels."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from hashmatch.errors import HashmatchError, MissingExtraError, PictureError
from hashmatch.hashers import (
    DEFAULT_LIMITS,
    ByteHasher,
    Hasher,
    Limits,
    Look,
    Luma,
    PixelHasher,
    Reduced,
    Source,
    View,
    as_reduced,
    decode,
    decode_reduced,
    luma_of,
    read_bytes,
    views_of,
)
from hashmatch.hashers.parts import FINEST
from hashmatch.types import ORIGINAL, Hash

VIEWED: Final = "pdq"
"""The hasher that sees a picture in all its views: the others see it as it is."""

Depth = Literal["fast", "thorough"]
"""How an upload is looked at: as a whole and by its views, or by its parts as well."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of an upload.

    Attributes:
        digests: of its bytes; none of an array.
        views: of its pixels, those of one hasher together, as it is first; none where it was
            refused.
        refusal: why there are no pixels.
        look: by which it can be looked at once more, for its parts; None where that is not wanted.
    """

    digests: tuple[Hash, ...]
    views: tuple[View, ...]
    refusal: HashmatchError | None = None
    look: Look | None = None


def hash_upload(
    source: Source,
    hashers: Iterable[Hasher],
    limits: Limits = DEFAULT_LIMITS,
    depth: Depth = "fast",
) -> Upload:
    """Hash an upload by every hasher; only once decoded, and at a reduced size where that will do.

    Args:
        source: the bytes of a file, a path, a file open for reading bytes, or pixels.
        hashers: which ones.
        limits: what the upload may ask of the decoder.
        depth: ``"thorough"`` so that it can be looked at for its parts too. It is then decoded at
            a finer size, as `hashmatch.hashers.decode_reduced` has it.

    Raises:
        PictureTooLargeError: the file is longer than the limits allow.
        OSError: the path cannot be read.
        TypeError: the source is nothing that a picture can be in.
    """
    chosen = [*hashers]
    byte_hashers = [hasher for hasher in chosen if isinstance(hasher, ByteHasher)]
    pixel_hashers = [hasher for hasher in chosen if isinstance(hasher, PixelHasher)]
    if isinstance(source, np.ndarray):
        return _seen((), as_reduced(source), pixel_hashers, depth)
    data = read_bytes(source, limits)
    digests = tuple(hasher.hash(data) for hasher in byte_hashers)
    try:
        finest = FINEST if depth == "thorough" else 0
        if [hasher.name for hasher in pixel_hashers] == [VIEWED]:
            reduced = decode_reduced(data, limits, finest)
        else:
            reduced = as_reduced(decode(data, limits))
        return _seen(digests, reduced, pixel_hashers, depth)
    except (PictureError, MissingExtraError) as error:
        refusal: HashmatchError = error
        if isinstance(source, str | os.PathLike):
            refusal = type(error)(f"{Path(source)}: {error}")
        return Upload(digests, (), refusal)


def _seen(
    digests: tuple[Hash, ...], reduced: Reduced, hashers: Sequence[PixelHasher], depth: Depth
) -> Upload:
    views: list[View] = []
    for hasher in hashers:
        if hasher.name == VIEWED:
            views += views_of(reduced)
        else:
            views.append(View(ORIGINAL, hasher.hash(reduced.pixels)))
    look = Luma(luma_of(reduced, FINEST)) if depth == "thorough" else None
    return Upload(digests, tuple(views), look=look)
