"""Another shot of a scene that is listed: near the border of what counts as the same picture.

A list that has one frame of a burst has not the next; whether it ought to find it is a matter of
taste. So these are counted by themselves, and not among the false flags.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import array, blurred, fit, paste, resized
from hashmatch.bench.reposts.alterations.setting import Pixels
from hashmatch.bench.reposts.pictures import Picture
from hashmatch.bench.reposts.suite import encoded
from hashmatch.errors import PictureError
from hashmatch.hashers import decode

__all__ = ["KINDS", "Shots", "scenes"]

OVERLAPS: Final = (0.8, 0.6, 0.4, 0.2)
"""Shares of its width that one view of a scene has in common with the next."""
STEPS: Final = (0.01, 0.03, 0.1)
"""By how much of the width a camera moves between two frames."""
_STEREO: Final = "motorcycle_{}.png"
_FRAME: Final = 0.7
"""Of a photograph's sides, in one frame of a burst."""

KINDS: Final = (
    *(f"scene: views that share {share:.0%}" for share in OVERLAPS),
    *(f"scene: frames {step:.0%} apart" for step in STEPS),
    "scene: things moved",
    "scene: stereo pair",
)


class Shots(NamedTuple):
    """Two shots of one scene.

    Attributes:
        kind: one of `KINDS`.
        listed: the one that is listed, shape (h, w, 3).
        upload: the other one, a picture file.
    """

    kind: str
    listed: Pixels
    upload: bytes


def scenes(pictures: Sequence[Picture], carried: Sequence[Path], seed: int) -> Iterator[Shots]:
    """Pairs of shots: of each kind one a picture, and what stereo pairs there are.

    Args:
        pictures: of scenes; the things that move before one are cut out of the next.
        carried: files of photographs, among which the halves of a stereo pair may be.
        seed: of all choices.
    """
    for number, (name, pixels) in enumerate(pictures):
        random = np.random.default_rng([seed, number, *name.encode()])
        thing = pictures[(number + 1) % len(pictures)].pixels
        pairs = [
            *(_overlapping(pixels, share) for share in OVERLAPS),
            *(_frames(pixels, thing, step, random) for step in STEPS),
            _moved(pixels, thing, random),
        ]
        for kind, (one, other) in zip(KINDS, pairs, strict=False):
            yield Shots(kind, one, encoded(other, 85))
    yield from _stereo(carried)


def _overlapping(pixels: Pixels, share: float) -> tuple[Pixels, Pixels]:
    """The left and the right of a scene, which have so much in common."""
    width = round(pixels.shape[1] / (2 - share))
    return pixels[:, :width].copy(), pixels[:, -width:].copy()


def _frames(
    pixels: Pixels, thing: Pixels, step: float, random: np.random.Generator
) -> tuple[Pixels, Pixels]:
    """A camera that moves past something nearer, which moves by twice as much, and comes closer."""
    height, width = round(_FRAME * pixels.shape[0]), round(_FRAME * pixels.shape[1])
    x, y = random.uniform(0.2, 0.5, 2)
    shots = []
    for moved, zoom in ((0.0, 1.0), (step, 1 - step / 2)):
        left, top = round(moved * width), round(moved * height / 2)
        high, wide = round(zoom * height), round(zoom * width)
        shot = resized(pixels[top : top + high, left : left + wide], width, height)
        shot = _with(shot, thing, (x - 2 * moved, y - moved), 0.4 / zoom)
        noise = random.normal(0, 3, shot.shape)
        shots.append(np.clip(shot + noise, 0, 255).astype(np.uint8))
    return shots[0], shots[1]


def _moved(
    pixels: Pixels, thing: Pixels, random: np.random.Generator
) -> tuple[Pixels, Pixels]:  # fmt: skip
    """The same place with two things in it, elsewhere in the other shot."""
    shots = []
    for _ in range(2):
        shot = pixels
        for size in (0.45, 0.3):
            x, y = random.uniform(0, 0.6, 2)
            shot = _with(shot, thing, (x, y), size)
        shots.append(shot)
    return shots[0], shots[1]


def _with(pixels: Pixels, thing: Pixels, at: tuple[float, float], size: float) -> Pixels:
    """Something round before a scene, its middle part cut out of another picture."""
    height, width = pixels.shape[:2]
    side = max(8, round(size * min(height, width)))
    cut = fit(thing, 4 * side, 4 * side)
    top, left = (cut.shape[0] - min(cut.shape[:2])) // 2, (cut.shape[1] - min(cut.shape[:2])) // 2
    square = cut[top : top + min(cut.shape[:2]), left : left + min(cut.shape[:2])]
    page = Image.fromarray(pixels).copy()
    shown = blurred(resized(square, side, side), 0.5)
    paste(page, shown, round(at[0] * width), round(at[1] * height), radius=side // 2)
    ImageDraw.Draw(page)
    return array(page)


def _stereo(carried: Sequence[Path]) -> Iterator[Shots]:
    """One place seen by the left eye and by the right."""
    for path in carried:
        if path.name == _STEREO.format("left"):
            other = path.with_name(_STEREO.format("right"))
            try:
                left, right = (decode(each.read_bytes()) for each in (path, other))
            except (OSError, PictureError):
                continue
            yield Shots("scene: stereo pair", left, encoded(right, 85))
