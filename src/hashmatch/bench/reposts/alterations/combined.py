"""Two and three alterations, one after the other."""

from typing import Final

from hashmatch.bench.reposts.alterations import (
    borders,
    collages,
    crops,
    encoding,
    interfaces,
    memes,
    overlays,
    tones,
    turned,
)
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "one_after_another"]

_KNOWN: Final = {
    each.name: each
    for room in (
        borders, collages, crops, encoding, interfaces, memes, overlays, tones, turned
    )
    for each in room.ALTERATIONS
}  # fmt: skip

TWO: Final = (
    ("mirrored", "border white 10%"),
    ("crop keeping 80%", "text 8%"),
    ("meme bands white", "phone, dark"),
    ("text 8%", "feed post, light"),
    ("crop to 1:1", "story, blurred"),
    ("mirrored", "chat, light"),
    ("scale 0.5", "JPEG 30"),
    ("grayscale", "collage 1x2, gaps"),
    ("rotated 3°", "watermark in a corner"),
    ("border black 5%", "turned by 90°"),
)
THREE: Final = (
    ("mirrored", "meme band above", "phone, light"),
    ("crop keeping 90%", "text 4%", "feed post, dark"),
    ("warm", "border white 5%", "chat, dark"),
    ("crop 5% bottom", "sticker 15%", "noise 10"),
    ("crop to 4:5", "mirrored", "collage 2x2"),
    ("rotated 2°", "gamma 1.5", "blurred fill 1:1"),
)


def one_after_another(steps: tuple[Alteration, ...]) -> Alter:
    """Alterations, done in turn."""

    def alter(pixels: Pixels, setting: Setting) -> Pixels:
        for step in steps:
            pixels = step.alter(pixels, setting)
        return pixels

    return alter


ALTERATIONS: Final = tuple(
    Alteration(
        " + ".join(names),
        family,
        one_after_another(tuple(_KNOWN[name] for name in names)),
        _KNOWN[names[-1]].quality,
    )
    for family, chains in (("two together", TWO), ("three together", THREE))
    for names in chains
)
