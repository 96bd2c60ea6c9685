"""Copies that somebody has worked on: pieces among others' pictures, posts with much over them."""

from typing import Final

from hashmatch.bench.reposts.alterations import (
    collages,
    crops,
    encoding,
    hiding,
    interfaces,
    lettering,
    memes,
    turned,
)
from hashmatch.bench.reposts.alterations.combined import one_after_another
from hashmatch.bench.reposts.alterations.setting import Alteration

__all__ = ["ALTERATIONS"]

_KNOWN: Final = {
    each.name: each
    for room in (collages, crops, encoding, hiding, interfaces, lettering, memes, turned)
    for each in room.ALTERATIONS
}

CHAINS: Final = (
    ("squashed to a square", "crop keeping 70%"),
    ("crop keeping 60%", "collage 1x2"),
    ("crop keeping 50%", "feed post, light"),
    ("crop keeping 70%", "capitals above and below"),
    ("mirrored", "8 stickers 10-25%"),
    ("scribbled over, thin", "story, blurred"),
    ("meme band above", "phone, dark", "4 stickers 16-32%"),
)

ALTERATIONS: Final = tuple(
    Alteration(
        " + ".join(names), "worked on", one_after_another(tuple(_KNOWN[name] for name in names))
    )
    for names in CHAINS
)
