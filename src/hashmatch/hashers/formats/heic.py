"""HEIC, what iPhones store: through pillow-heif, the extra ``heic``."""

import importlib.util
import io
from typing import TYPE_CHECKING

from hashmatch.errors import MissingExtraError
from hashmatch.hashers.formats import exif
from hashmatch.hashers.formats.bmff import without_exif
from hashmatch.hashers.formats.opened import Opened, damaged
from hashmatch.hashers.pixels import flatten

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile


def open_header(data: bytes) -> Opened:
    """Read the header of a HEIC; the decoder itself turns and mirrors it.

    Raises:
        MissingExtraError: the extra is not installed.
        TruncatedPictureError: the header is cut short or damaged.
    """
    if importlib.util.find_spec("pillow_heif") is None:
        raise MissingExtraError(
            "This is a HEIC picture, which takes an extra to decode: "
            "pip install 'hashmatch[heic]', or save the picture as JPEG, and hash that."
        )
    from pillow_heif.as_plugin import HeifImageFile

    try:
        image: ImageFile = HeifImageFile(  # type: ignore[no-untyped-call]  # it has no types
            io.BytesIO(without_exif(data))
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the plugin has no common base for what it raises
        raise damaged("header of this HEIC") from None
    return Opened("HEIC", *image.size, exif.UPRIGHT, lambda _: flatten(image))
