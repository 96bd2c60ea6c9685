"""An upload → the hashes it is compared by: of its bytes, and of its pixels."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.errors import HashmatchError, MissingExtraError, PictureError
from hashmatch.hashers import (
    DEFAULT_LIMITS,
    ByteHasher,
    Hasher,
    Limits,
    PixelHasher,
    Source,
    View,
    decode,
    read_bytes,
    views_for_check,
    views_of,
)
from hashmatch.types import ORIGINAL, Hash

VIEWED: Final = "pdq"
"""The hasher that sees a picture in all its views: the others see it as it is."""

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of an upload.

    Attributes:
        digests: of its bytes; none of an array.
        views: of its pixels, those of one hasher together, as it is first; none where it was
            refused.
        refusal: why there are no pixels.
    """

    digests: tuple[Hash, ...]
    views: tuple[View, ...]
    refusal: HashmatchError | None = None


def hash_upload(
    source: Source, hashers: Iterable[Hasher], limits: Limits = DEFAULT_LIMITS
) -> Upload:
    """Hash an upload by every hasher; only once decoded, and at a reduced size where that will do.

    Args:
        source: the bytes of a file, a path, a file open for reading bytes, or pixels.
        hashers: which ones.
        limits: what the upload may ask of the decoder.

    Raises:
        PictureTooLargeError: the file is longer than the limits allow.
        OSError: the path cannot be read.
        TypeError: the source is nothing that a picture can be in.
    """
    chosen = [*hashers]
    byte_hashers = [hasher for hasher in chosen if isinstance(hasher, ByteHasher)]
    pixel_hashers = [hasher for hasher in chosen if isinstance(hasher, PixelHasher)]
    if isinstance(source, np.ndarray):
        return Upload((), _views_of(source, pixel_hashers))
    data = read_bytes(source, limits)
    digests = tuple(hasher.hash(data) for hasher in byte_hashers)
    try:
        return Upload(digests, _views(data, pixel_hashers, limits))
    except (PictureError, MissingExtraError) as error:
        refusal: HashmatchError = error
        if isinstance(source, str | os.PathLike):
            refusal = type(error)(f"{Path(source)}: {error}")
        return Upload(digests, (), refusal)


def _views(data: bytes, hashers: Sequence[PixelHasher], limits: Limits) -> tuple[View, ...]:
    if [hasher.name for hasher in hashers] == [VIEWED]:
        return views_for_check(data, limits)
    return _views_of(decode(data, limits), hashers)


def _views_of(pixels: Pixels, hashers: Sequence[PixelHasher]) -> tuple[View, ...]:
    views: list[View] = []
    for hasher in hashers:
        if hasher.name == VIEWED:
            views += views_of(pixels)
        else:
            views.append(View(ORIGINAL, hasher.hash(pixels)))
    return tuple(views)
