"""An upload → the hashes it is compared by: of its bytes, and of its pixels."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hashmatch.errors import HashmatchError, MissingExtraError, PictureError
from hashmatch.hashers import (
    ByteHasher,
    Limits,
    PixelHasher,
    Source,
    decode,
    hash_for_check,
    read_bytes,
)
from hashmatch.types import Hash


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of an upload.

    Attributes:
        digests: of its bytes; none of an array.
        prints: of its pixels; none where it was refused.
        refusal: why there are no pixels.
    """

    digests: tuple[Hash, ...]
    prints: tuple[Hash, ...]
    refusal: HashmatchError | None = None


def hash_upload(
    source: Source,
    pixel_hashers: Sequence[PixelHasher],
    byte_hashers: Sequence[ByteHasher],
    limits: Limits,
) -> Upload:
    """Hash an upload by every hasher; only once decoded, and at a reduced size where that will do.

    Raises:
        PictureTooLargeError: the file is longer than the limits allow.
        OSError: the path cannot be read.
        TypeError: the source is nothing that a picture can be in.
    """
    if isinstance(source, np.ndarray):
        return Upload((), tuple(hasher.hash(source) for hasher in pixel_hashers))
    data = read_bytes(source, limits)
    digests = tuple(hasher.hash(data) for hasher in byte_hashers)
    try:
        return Upload(digests, _prints(data, pixel_hashers, limits))
    except (PictureError, MissingExtraError) as error:
        refusal: HashmatchError = error
        if isinstance(source, str | os.PathLike):
            refusal = type(error)(f"{Path(source)}: {error}")
        return Upload(digests, (), refusal)


def _prints(data: bytes, hashers: Sequence[PixelHasher], limits: Limits) -> tuple[Hash, ...]:
    if [hasher.name for hasher in hashers] == ["pdq"]:
        return (hash_for_check(data, limits),)
    pixels = decode(data, limits)
    return tuple(hasher.hash(pixels) for hasher in hashers)
