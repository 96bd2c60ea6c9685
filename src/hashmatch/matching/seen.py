"""Views in words: what a verdict says of the rendering that matched."""

from typing import Final

from hashmatch.types import Placed

__all__ = ["in_words", "placed_in_words"]

_TURNS: Final = {
    "rotate-90": "turned by 90°",
    "rotate-180": "turned by 180°",
    "rotate-270": "turned by 270°",
    "flip-x": "mirrored top to bottom",
    "flip-y": "mirrored left to right",
    "flip-plus-1": "mirrored along the diagonal",
    "flip-minus-1": "mirrored along the other diagonal",
}
_DRAWN_OUT: Final = {
    "wider": "cut a little at the left and right",
    "taller": "cut a little at the top and bottom",
}
_WHOLES: Final = {
    "nearest-512": "squashed to 512 x 512",
    "area-512": "squashed to 512 x 512",
    "trimmed": "the picture inside a border",
}


def in_words(view: str) -> str:
    """A view as a person would tell it: ``"a picture within it, turned by 90°"``.

    Args:
        view: its name; see `hashmatch.hashers.View`.

    Returns:
        Nothing for the picture as it is, and for a name that is not known.
    """
    region, _, rendering = view.rpartition("/")
    if not region and rendering not in _TURNS:
        region, rendering = rendering, ""
    place = "a picture within it" if region.startswith("rectangle-") else _WHOLES.get(region, "")
    return ", ".join(words for words in (place, (_TURNS | _DRAWN_OUT).get(rendering, "")) if words)


def placed_in_words(placed: Placed) -> str:
    """A place as a person would tell it: ``"found in it by 23 parts, mirrored, all of it"``."""
    told = [f"found in it by {placed.votes} parts that cover {placed.coverage:.0%} of it"]
    if placed.mirrored:
        told.append("mirrored")
    if abs(placed.turn) >= 1:
        told.append(f"turned by {placed.turn:.0f}°")
    if placed.visible < 0.97:
        told.append(f"{placed.visible:.0%} of it visible")
    return ", ".join(told)
