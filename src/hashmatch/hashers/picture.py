"""A picture, in whatever form a program has it → its Hash."""

import io
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from hashmatch.errors import MissingExtraError, PictureError, UnsupportedPictureError
from hashmatch.hashers.base import ByteHasher, PixelHasher
from hashmatch.hashers.limits import DEFAULT_LIMITS, Limits
from hashmatch.hashers.lookup import get
from hashmatch.types import Hash

__all__ = ["Source", "hash_image", "read_bytes"]

Source = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | npt.NDArray[np.uint8]
"""A path, the bytes of a file, a file open for reading bytes, or pixels: uint8 (h, w[, 3])."""


def hash_image(
    source: Source,
    hasher: str | PixelHasher | ByteHasher = "pdq",
    limits: Limits = DEFAULT_LIMITS,
) -> Hash:
    """Hash a picture exactly: what is submitted is hashed by this.

    Args:
        source: a path, the bytes of a file, a file open for reading bytes, or an array of uint8
            with shape (h, w) gray or (h, w, 3) RGB, upright.
        hasher: the name of a hasher, or one.
        limits: what a file may ask of the decoder; arrays are not limited.

    Raises:
        PictureError: the picture was refused; the subclass and the message say why.
        UnknownHasherError: no hasher of that name is installed.
        MissingExtraError: the hasher, or the format of the picture, wants an extra.
        OSError: the path cannot be read.
        TypeError: the source is nothing of the above.
    """
    chosen = get(hasher) if isinstance(hasher, str) else hasher
    if isinstance(source, np.ndarray):
        if isinstance(chosen, ByteHasher):
            raise UnsupportedPictureError(
                f"{chosen.name} hashes the bytes of a file, and an array has none; "
                "pass the file, or choose a hasher of pixels such as pdq."
            )
        return chosen.hash(source)
    if isinstance(source, str | os.PathLike):
        try:
            return _hash_bytes(read_bytes(source, limits), chosen, limits)
        except (PictureError, MissingExtraError) as error:
            raise type(error)(f"{Path(source)}: {error}") from None
    return _hash_bytes(read_bytes(source, limits), chosen, limits)


def read_bytes(source: Source, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a picture's file; memory is bounded by the limits.

    Args:
        source: a path, the bytes themselves, or a file open for reading bytes.
        limits: how long the file may be.

    Raises:
        PictureTooLargeError: the file is longer.
        OSError: the path cannot be read.
        TypeError: the source is nothing of the above.
    """
    if isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            data = _read(file, limits)
    elif isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
    elif hasattr(source, "read"):
        if isinstance(source, io.TextIOBase):
            raise TypeError("The file is open for text; open it in binary mode, 'rb'.")
        data = _read(source, limits)
    else:
        raise TypeError(
            "A picture is a path, bytes, a binary file or a uint8 array, "
            f"not {type(source).__name__}."
        )
    limits.check_bytes(len(data))
    return data


def _hash_bytes(data: bytes, hasher: PixelHasher | ByteHasher, limits: Limits) -> Hash:
    if isinstance(hasher, ByteHasher):
        return hasher.hash(data)
    from hashmatch.hashers.decoding import decode  # arrays and md5 need no decoder

    return hasher.hash(decode(data, limits))


def _read(file: Any, limits: Limits) -> bytes:
    """Read to the end, or until there is more than the limits allow."""
    blocks = []
    room = limits.max_bytes + 1
    while room > 0:
        block = file.read(room)
        if not isinstance(block, bytes):
            raise TypeError(
                f"The file gives {type(block).__name__}, not bytes; open it in binary mode."
            )
        if not block:
            break
        blocks.append(block)
        room -= len(block)
    return b"".join(blocks)
