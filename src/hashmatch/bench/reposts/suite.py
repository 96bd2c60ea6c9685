"""The whole suite, and copies of pictures made by it."""

from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image

from hashmatch.bench.reposts.alterations import (
    borders,
    captions,
    cards,
    collages,
    combined,
    crops,
    devices,
    drawn_on,
    encoding,
    frames,
    hiding,
    interfaces,
    layouts,
    lettering,
    lights,
    lively,
    memes,
    overlays,
    pasted,
    printed,
    quoted,
    screens,
    titled,
    tones,
    turned,
    worked_on,
)
from hashmatch.bench.reposts.alterations.setting import Alteration, Pixels, Setting
from hashmatch.errors import PictureError

__all__ = ["SUITE", "altered", "chosen", "encoded"]

SUITE: Final[tuple[Alteration, ...]] = tuple(
    alteration
    for room in (
        encoding, tones, overlays, captions, lettering, titled, hiding, drawn_on, turned, crops,
        borders, frames, memes, interfaces, cards, devices, collages, layouts, printed, screens,
        combined, worked_on, lively, quoted, lights, pasted,
    )
    for alteration in room.ALTERATIONS
)  # fmt: skip
"""All alterations; names are unique."""


def chosen(names: Sequence[str]) -> tuple[Alteration, ...]:
    """The alterations that have one of these names, or belong to one of these families.

    Args:
        names: of alterations or families; none for the whole suite.

    Raises:
        PictureError: the suite has nothing of a name.
    """
    for name in names:
        if not any(name in {each.name, each.family} for each in SUITE):
            families = ", ".join(dict.fromkeys(each.family for each in SUITE))
            raise PictureError(
                f"The suite has no alteration or family {name!r}; the families are: {families}."
            )
    return tuple(each for each in SUITE if not names or {each.name, each.family} & {*names})


def altered(
    alteration: Alteration, pixels: Pixels, key: str, strangers: tuple[Pixels, ...], seed: int
) -> Pixels:
    """An altered copy.

    Args:
        alteration: what is done.
        pixels: shape (h, w, 3), uint8 RGB.
        key: what the choices depend on besides the alteration and the seed: the picture's name
            for copies; one word for many pictures that are to get the same interface, the same
            words, the same partners.
        strangers: other pictures, for collages.
        seed: of all choices.
    """
    digest = sha256(f"{seed}\0{alteration.name}\0{key}".encode()).digest()
    random = np.random.default_rng(np.frombuffer(digest, np.uint32))
    return alteration.alter(pixels, Setting(random, strangers))


def encoded(pixels: Pixels, quality: int) -> bytes:
    """Pixels as the file that is uploaded: a JPEG."""
    out = BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality)
    return out.getvalue()
