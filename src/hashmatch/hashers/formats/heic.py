"""HEIC, what iPhones store: through pillow-heif, the extra ``heic``."""

import importlib.util

from PIL import Image

from hashmatch.errors import MissingExtraError
from hashmatch.hashers.formats import exif
from hashmatch.hashers.formats.bmff import without_exif
from hashmatch.hashers.formats.opened import Opened, damaged
from hashmatch.hashers.pixels import flatten


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
    import pillow_heif

    try:
        file = pillow_heif.open_heif(without_exif(data))
        width, height = file.size
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pillow-heif has no common base for what it raises
        raise damaged("header of this HEIC") from None

    def load(_: int) -> Image.Image:
        return flatten(file.to_pillow())

    return Opened("HEIC", width, height, exif.UPRIGHT, load)
