"""One file per picture format: its header is read here, its pixels by the decoders of Pillow.

Headers are read by code that allocates nothing of the picture's choosing, raises nothing but
`HashmatchError`, and depends on no setting of Pillow that an embedding program may have changed.
"""

import importlib

from hashmatch.hashers.formats.magic import sniff
from hashmatch.hashers.formats.opened import Opened

__all__ = ["Opened", "open_picture"]


def open_picture(data: bytes) -> Opened:
    """Read the header of a picture; its pixels are not decoded yet.

    Raises:
        NotAPictureError: no known format begins like this.
        UnsupportedPictureError: a known format, or a kind of it, that is not decoded.
        TruncatedPictureError: the header is cut short or damaged.
        MissingExtraError: HEIC, and the extra ``heic`` is not installed.
    """
    module = importlib.import_module(f"hashmatch.hashers.formats.{sniff(data)}")
    opened: Opened = module.open_header(data)
    return opened
