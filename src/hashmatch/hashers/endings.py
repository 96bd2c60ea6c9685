"""By which names pictures are found in folders."""

from typing import Final

ENDINGS: Final = frozenset(
    {".avif", ".bmp", ".dib", ".gif", ".heic", ".heif", ".jfif", ".jpe", ".jpeg", ".jpg", ".mpo"}
    | {".png", ".tif", ".tiff", ".webp"}
)
"""Files of a folder that are looked at; a file that is named is looked at whatever its name."""
