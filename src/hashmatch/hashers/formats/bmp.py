"""BMP of Windows and OS/2, through Pillow's plugin: its header reader allocates nothing."""

import io

from PIL import BmpImagePlugin

from hashmatch.errors import HashmatchError, UnsupportedPictureError
from hashmatch.hashers.formats import exif
from hashmatch.hashers.formats.opened import Opened, damaged, unpack
from hashmatch.hashers.pixels import flatten


class _CompleteFile(io.BytesIO):
    """Ends with an error, so that a short file is refused even where Pillow is told to take it."""

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if not found and size:
            raise damaged("data of this BMP")
        return found


def open_header(data: bytes) -> Opened:
    """Read the header of a BMP.

    Raises:
        UnsupportedPictureError: a depth or compression that is not decoded.
        TruncatedPictureError: the file ends before its header does.
    """
    (length,) = unpack("<I", data, 14, "header of this BMP")
    if len(data) < 14 + length:
        raise damaged("header of this BMP")
    try:
        image = BmpImagePlugin.BmpImageFile(_CompleteFile(data))
    except HashmatchError:
        raise
    except Exception:  # noqa: BLE001 - Pillow has no common base for what its plugins raise
        raise UnsupportedPictureError(
            "This BMP has a header, depth or compression that is not decoded; "
            "save the picture as PNG, and hash that."
        ) from None
    return Opened("BMP", *image.size, exif.UPRIGHT, lambda _: flatten(image))
