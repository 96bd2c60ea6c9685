"""What happens to a picture on its way around: the altered copies of `hashmatch demo`.

Each takes a picture file's bytes and gives those of an altered copy, as a JPEG; all in memory.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageEnhance, ImageFont

Alter = Callable[[Image.Image], Image.Image]


def same(picture: Image.Image) -> Image.Image:
    """Nothing but the JPEG encoding that follows."""
    return picture


def half_size(picture: Image.Image) -> Image.Image:
    """Half the width and height."""
    return picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)))


def brighter(picture: Image.Image) -> Image.Image:
    """A third brighter."""
    return ImageEnhance.Brightness(picture).enhance(1.33)


def mirrored(picture: Image.Image) -> Image.Image:
    """Left and right changed over."""
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def a_little_text(picture: Image.Image) -> Image.Image:
    """A line of lettering near the lower edge, a fortieth of the height tall."""
    copy = picture.copy()
    font = ImageFont.load_default(max(10, copy.height // 40))
    ImageDraw.Draw(copy).text(
        (copy.width // 20, copy.height * 9 // 10), "seen on the net", fill="white", font=font
    )
    return copy


ALTERATIONS: Final[dict[str, tuple[Alter, int]]] = {
    "JPEG 50": (same, 50),
    "half size": (half_size, 85),
    "brighter": (brighter, 85),
    "a little text": (a_little_text, 85),
    "mirrored": (mirrored, 85),
}
"""By name: what is done, and the quality of the JPEG that it ends as."""


def altered(data: bytes, name: str) -> bytes:
    """An altered copy of a picture file."""
    alter, quality = ALTERATIONS[name]
    with Image.open(BytesIO(data)) as picture:
        copy = alter(picture.convert("RGB"))
    out = BytesIO()
    copy.save(out, "JPEG", quality=quality)
    return out.getvalue()
