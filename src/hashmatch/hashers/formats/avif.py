"""AVIF, through Pillow's plugin: it reads the header first, and decodes when asked for pixels."""

import io

from PIL import AvifImagePlugin

from hashmatch.errors import UnsupportedPictureError
from hashmatch.hashers.formats import exif
from hashmatch.hashers.formats.bmff import without_exif
from hashmatch.hashers.formats.opened import Opened, damaged
from hashmatch.hashers.pixels import flatten


def open_header(data: bytes) -> Opened:
    """Read the header of an AVIF.

    Raises:
        UnsupportedPictureError: this build of Pillow has no AVIF decoder.
        TruncatedPictureError: the header is cut short or damaged.
    """
    if not AvifImagePlugin.SUPPORTED:
        raise UnsupportedPictureError(
            "This is an AVIF, which this build of Pillow does not decode; "
            "install Pillow from PyPI, or save the picture as JPEG or PNG, and hash that."
        )
    try:
        image = AvifImagePlugin.AvifImageFile(io.BytesIO(without_exif(data)))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - Pillow has no common base for what its plugins raise
        raise damaged("header of this AVIF") from None
    # The plugin reports the container's turn and mirror as EXIF of its own making.
    orientation = exif.orientation(image.info.get("exif", b""))
    return Opened("AVIF", *image.size, orientation, lambda _: flatten(image))
