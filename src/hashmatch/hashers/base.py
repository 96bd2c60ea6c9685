"""What a hasher is: one class, its numbers, and one method that makes a code."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt

from hashmatch.errors import PictureTooLargeError, UnsupportedPictureError
from hashmatch.types import Hash

__all__ = ["ByteHasher", "Hasher", "PixelHasher"]

Pixels = npt.NDArray[np.uint8]
MAX_SIDE = 65_535


def checked_pixels(pixels: npt.NDArray[Any]) -> Pixels:
    """The pixels, if they are some.

    Raises:
        UnsupportedPictureError: an array of another shape or dtype.
        PictureTooLargeError: a side of more than 65535.
    """
    if (
        pixels.dtype != np.uint8
        or pixels.ndim not in {2, 3}
        or (pixels.ndim == 3 and pixels.shape[2] != 3)
        or not pixels.size
    ):
        raise UnsupportedPictureError(
            "Pixels are an array of uint8, shape (h, w) gray or (h, w, 3) RGB, "
            f"not {pixels.dtype} {pixels.shape}."
        )
    if max(pixels.shape) > MAX_SIDE:
        raise PictureTooLargeError(
            f"The array has {pixels.shape[1]} x {pixels.shape[0]} pixels, "
            f"a side may have {MAX_SIDE:,}; scale it down."
        )
    return pixels


class Hasher(ABC):
    """An algorithm that makes a fingerprint of a picture. Subclass one of the two kinds below.

    Instances hold no state and may be shared by threads.

    Attributes:
        name: how lists, commands and hashes call it.
        bits: width of its codes, a multiple of 8.
        perceptual: whether pictures that look alike have hashes close by; else only equal hashes
            mean anything.
        block_threshold: the greatest distance, inclusive, at which a new list blocks.
        review_threshold: the greatest distance, inclusive, at which a new list asks for a review.
        min_quality: hashes of a lower quality are not matched; None where there is no quality.
    """

    name: ClassVar[str]
    bits: ClassVar[int]
    perceptual: ClassVar[bool]
    block_threshold: ClassVar[int]
    review_threshold: ClassVar[int]
    min_quality: ClassVar[int | None] = None


class PixelHasher(Hasher):
    """A hasher of decoded pixels. Implement `_hash`."""

    perceptual: ClassVar[bool] = True

    @final
    def hash(self, pixels: npt.NDArray[Any]) -> Hash:
        """Hash decoded pixels.

        Args:
            pixels: shape (h, w) gray or (h, w, 3) RGB, uint8, upright; sides of 1 to 65535.

        Raises:
            UnsupportedPictureError: an array of another shape or dtype.
            PictureTooLargeError: a longer side.
        """
        code, quality = self._hash(checked_pixels(pixels))
        return Hash(self.name, code, quality)

    @abstractmethod
    def _hash(self, pixels: Pixels) -> tuple[bytes, int | None]:
        """Make the code, ``bits // 8`` bytes, and the quality of pixels that were validated."""


class ByteHasher(Hasher):
    """A hasher of a file's bytes: it finds the very same file. Implement `_hash`."""

    perceptual: ClassVar[bool] = False
    block_threshold: ClassVar[int] = 0
    review_threshold: ClassVar[int] = 0

    @final
    def hash(self, data: bytes) -> Hash:
        """Hash the bytes of a file."""
        return Hash(self.name, self._hash(data))

    @abstractmethod
    def _hash(self, data: bytes) -> bytes:
        """Make the code, ``bits // 8`` bytes."""
