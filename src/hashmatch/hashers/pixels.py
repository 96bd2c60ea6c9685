"""The pixel rule: what a decoder gives becomes upright 8-bit gray or RGB, alpha on white.

The rule is the same in every client, so that equal files give equal hashes:

- 16 bits are cut to 8 by the high byte;
- a sample `c` of opacity `a` on white is ``255 - (a * (255 - c) + 127) // 255``, in integers;
- CMYK is what the decoder makes of it; colour profiles are ignored;
- the orientation 1 to 8 is applied.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from hashmatch.errors import UnsupportedPictureError

Pixels = npt.NDArray[np.uint8]
"""Shape (h, w) gray or (h, w, 3) RGB, dtype uint8, C order."""

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_STRIP: Final = 1 << 18  # bytes that are copied at a time: they stay in the cache


def on_white(samples: Pixels, alpha: Pixels) -> Pixels:
    """Composite samples on white; the shapes broadcast. The formula is that of the module."""
    ink = alpha.astype(np.uint32) * (255 - samples.astype(np.uint32))
    return (255 - (ink + 127) // 255).astype(np.uint8)


def flatten(image: Image.Image) -> Image.Image:
    """Bring a decoded image to mode ``L`` or ``RGB``.

    Raises:
        UnsupportedPictureError: samples that are no 8 or 16-bit intensities.
        Exception: whatever a plugin of Pillow raises, which only decodes when this asks for it.
    """
    image.load()
    if image.mode in {"L", "RGB"}:
        return image
    if image.mode in {"LA", "RGBA"}:
        # Pasting through a mask rounds as `on_white` does, at the speed of C.
        base = Image.new(image.mode.removesuffix("A"), image.size, "white")
        base.paste(image, mask=image)
        return base
    if image.mode in {"I;16", "I;16L", "I;16B"}:
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode == "1":
        return image.convert("L")
    if image.mode in {"P", "CMYK", "YCbCr"}:
        return image.convert("RGB")
    if image.mode in {"La", "RGBa", "PA"}:
        return flatten(image.convert("LA" if image.mode == "La" else "RGBA"))
    raise UnsupportedPictureError(
        f"This picture has samples of a kind ({image.mode}) that is not decoded; "
        "save it with 8 or 16 bits as PNG, and hash that."
    )


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """Turn a stored image upright, by the value of its EXIF orientation tag, 1 to 8."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def to_array(image: Image.Image) -> Pixels:
    """Copy an image of mode ``L`` or ``RGB``; in strips, which keeps both time and memory down."""
    width, height = image.size
    channels = len(image.getbands())
    shape = (height, width) if channels == 1 else (height, width, channels)
    pixels = np.empty(shape, dtype=np.uint8)
    rows = max(1, _STRIP // (width * channels))
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, width, bottom)))
    return pixels
