"""How large and how small a picture may be: checked from its header, before it is decoded."""

from dataclasses import dataclass
from typing import Final

from hashmatch.errors import PictureTooLargeError, PictureTooSmallError

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a decoder may be asked for; whoever decodes hostile uploads relies on it.

    Decoding takes up to 12 bytes a pixel, WebP up to 17, beside the file itself.

    Attributes:
        max_bytes: length of the file.
        max_pixels: width times height.
        min_side: shorter side in pixels; below it there is too little to tell pictures apart.
        max_side: longer side in pixels.
    """

    max_bytes: int = 50_000_000
    max_pixels: int = 100_000_000
    min_side: int = 16
    max_side: int = 30_000

    def check_bytes(self, count: int) -> None:
        """Refuse a file by its length.

        Raises:
            PictureTooLargeError: more than `max_bytes`.
        """
        if count > self.max_bytes:
            raise PictureTooLargeError(
                f"The file has {count:,} bytes, the limit is {self.max_bytes:,}; "
                "save the picture smaller."
            )

    def check_size(self, width: int, height: int) -> None:
        """Refuse a picture by its size in pixels.

        Raises:
            PictureTooLargeError: a side over `max_side`, or more than `max_pixels`.
            PictureTooSmallError: a side under `min_side`.
        """
        size = f"The picture has {width} x {height} pixels"
        if max(width, height) > self.max_side or width * height > self.max_pixels:
            raise PictureTooLargeError(
                f"{size}, the limits are {self.max_pixels:,} pixels and {self.max_side:,} a side; "
                "scale it down."
            )
        if min(width, height) < self.min_side:
            raise PictureTooSmallError(
                f"{size}, at least {self.min_side} a side are needed to tell pictures apart."
            )


DEFAULT_LIMITS: Final = Limits()
