"""The photographs that the harness alters: named, of one half, and not too large."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hashmatch.bench.reposts.alterations.drawing import fit
from hashmatch.bench.reposts.alterations.setting import Pixels
from hashmatch.bench.reposts.split import Half, half_of
from hashmatch.errors import MissingExtraError, PictureError
from hashmatch.hashers import decode, hash_image, views_of
from hashmatch.hashers.pdq import Pdq

if TYPE_CHECKING:
    from hashmatch.types import Hash

__all__ = ["LONGEST", "Picture", "load"]

LONGEST: Final = 1280
"""Pixels of the longer side, to which larger photographs are scaled down."""
SHORTEST: Final = 200
"""Pixels of the shorter side, below which a photograph is passed over."""
APART: Final = 80
"""Bits between two photographs, at least: nearer ones show the same scene."""


class Picture(NamedTuple):
    """A photograph: the name of its file, and its pixels, shape (h, w, 3)."""

    name: str
    pixels: Pixels


def load(
    files: Sequence[Path], half: Half | None, most: int, besides: Sequence[Picture] = ()
) -> tuple[Picture, ...]:
    """The photographs among some files, from all folders where there are more than enough.

    Files that are no pictures, small ones, those of little quality, and those that show what an
    earlier one shows, in any turn, are passed over.

    Args:
        files: by name.
        half: which to take; all without.
        most: photographs.
        besides: that others are used for; what shows the same as one of these is passed over, too.

    Raises:
        PictureError: there are none.
    """
    fitting = [path for path in files if half is None or half_of(path.name) == half]
    found: list[Picture] = []
    hashes: list[Hash] = [hash_image(each.pixels) for each in besides]
    for path in sorted(fitting, key=lambda path: (path.name[::-1], str(path))):
        if len(found) == most:
            break
        try:
            pixels = decode(path.read_bytes())
        except (PictureError, MissingExtraError):
            continue
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[..., None], 3, axis=2)
        if max(pixels.shape) > LONGEST:
            pixels = fit(pixels, LONGEST, LONGEST)
        value = hash_image(pixels)
        turned = [view.hash for view in views_of(pixels)[:8]]
        if (
            min(pixels.shape[:2]) >= SHORTEST
            and (value.quality or 0) >= (Pdq.min_quality or 0)
            and all(other - view > APART for other in hashes for view in turned)
        ):
            found.append(Picture(path.name, pixels))
            hashes.append(value)
    if not found:
        raise PictureError(
            f"None of the {len(files)} files is a photograph of the {half or 'whole'} set that can "
            f"be decoded here; name a folder with more of them."
        )
    return tuple(found)
