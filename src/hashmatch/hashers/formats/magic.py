"""Which format a file has, by its first bytes; names and extensions are not trusted."""

import re
from typing import Final

from hashmatch.errors import NotAPictureError, UnsupportedPictureError
from hashmatch.hashers.formats.bmff import brands

DECODED: Final = (
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBPVP8[ LX]", re.DOTALL), "webp"),
    (re.compile(rb"(II\*\0|MM\0\*)(?!....CR)", re.DOTALL), "tiff"),
    (re.compile(rb"II\+\0\x08\0\0\0|MM\0\+\0\x08\0\0"), "tiff"),
    (re.compile(rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL), "bmp"),
)
"""First bytes, and the module beside this one that reads on."""

KNOWN: Final = (
    (re.compile(rb"%PDF-"), "a PDF document"),
    (re.compile(rb"%!PS"), "a PostScript document"),
    (re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml|<!--|<!DOCTYPE svg|<svg).{,1024}<svg|<svg", re.DOTALL),
     "an SVG drawing"),
    (re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"), "a JPEG 2000 picture"),
    (re.compile(rb"\0\0\0\x0cJXL |\xff\x0a"), "a JPEG XL picture"),
    (re.compile(rb"II\xbc[\0\x01]"), "a JPEG XR picture"),
    (re.compile(rb"8BPS"), "a Photoshop document"),
    (re.compile(rb"gimp xcf"), "a GIMP document"),
    (re.compile(rb"\0\0[\x01\x02]\0"), "an icon or cursor"),
    (re.compile(rb"II\*\0....CR", re.DOTALL), "a raw camera picture"),
    (re.compile(rb"P[1-7fF]\s"), "a netpbm picture"),
    (re.compile(rb"\x76\x2f\x31\x01"), "an OpenEXR picture"),
    (re.compile(rb"qoif"), "a QOI picture"),
    (re.compile(rb"DDS "), "a DirectDraw texture"),
    (re.compile(rb"RIFF....AVI |\x1aE\xdf\xa3|OggS|FLV\x01|\0\0\x01[\xb3\xba]", re.DOTALL),
     "a video"),
)  # fmt: skip
"""Formats that are told apart only to be refused by name."""

_HEIF: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF: Final = frozenset({b"avif", b"avis"})
_WHAT_TO_DO: Final = "save the picture as JPEG or PNG, and hash that."


def sniff(data: bytes) -> str:
    """Name the module that reads this format.

    Raises:
        NotAPictureError: no known format begins like this.
        UnsupportedPictureError: a known format that is not decoded; the message names it.
    """
    head = data[:4096]
    if not head:
        raise NotAPictureError("The file is empty: it has 0 bytes.")
    for magic, module in DECODED:
        if magic.match(head):
            return module
    for magic, name in KNOWN:
        if magic.match(head):
            raise UnsupportedPictureError(f"This is {name}, which is not decoded; {_WHAT_TO_DO}")
    found = brands(head)
    if found and found[0] in _AVIF | _HEIF | {b"mif1", b"msf1", b"miaf"}:
        # The major brand may be the container's only; what is in it is among the others.
        for brand in found:
            if brand in _AVIF | _HEIF:
                return "avif" if brand in _AVIF else "heic"
        raise UnsupportedPictureError(
            f"This is a HEIF container of a kind that is not decoded; {_WHAT_TO_DO}"
        )
    if found:
        raise UnsupportedPictureError(f"This is a video, which is not decoded; {_WHAT_TO_DO}")
    raise NotAPictureError(
        "This is not a picture: its first bytes are those of no known picture format."
    )
