"""The photographs that natural codes are made from: a folder of one's own, or scikit-image's."""

from pathlib import Path
from typing import Final

import numpy as np

from hashmatch.bench.codes import Photograph
from hashmatch.errors import MissingExtraError, PictureError

CARRIED: Final = (
    "astronaut.png", "brick.png", "camera.png", "chelsea.png", "coffee.png", "coins.png",
    "grass.png", "gravel.png", "hubble_deep_field.jpg", "moon.png", "motorcycle_left.png",
    "retina.jpg", "rocket.jpg",
)  # fmt: skip
"""Photographs that scikit-image installs along with itself."""
MOST: Final = 2000
"""Photographs of a folder that are used; more would change little, and take memory."""
SIDE: Final = 640
"""Pixels of the shorter side, at most about twice over, that photographs are kept with."""


def paths(folder: Path | None) -> list[Path]:
    """The files of a folder and its folders, in order of their names; by default scikit-image's.

    Raises:
        MissingExtraError: no folder is given, and scikit-image is not installed.
        PictureError: the folder is missing, or has no files.
    """
    if folder is None:
        return _carried()
    if not folder.is_dir():
        raise PictureError(f"There is no folder {folder} with photographs in it.")
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    if not found:
        raise PictureError(f"The folder {folder} has no files in it.")
    return found


def _carried() -> list[Path]:
    try:
        import skimage
    except ImportError:
        raise MissingExtraError(
            "Natural codes are made from photographs, and those come with scikit-image: "
            "pip install 'hashmatch[bench]', or name a folder of your own: --photos FOLDER."
        ) from None
    data = Path(skimage.__file__).parent / "data"
    return [data / name for name in CARRIED if (data / name).is_file()]


def load(files: list[Path]) -> list[Photograph]:
    """The pixels of pictures, made smaller where they are large; other files are passed over.

    Raises:
        PictureError: none of them is a picture.
    """
    from hashmatch.hashers import decode_reduced

    found: list[Photograph] = []
    for path in files:
        if len(found) == MOST:
            break
        try:
            pixels = decode_reduced(path.read_bytes()).pixels
        except (PictureError, MissingExtraError):
            continue
        step = max(1, min(pixels.shape[:2]) // SIDE)
        found.append(np.ascontiguousarray(pixels[::step, ::step]))
    if not found:
        raise PictureError(
            f"None of the {len(files)} files is a picture that can be decoded here; name a folder "
            f"of photographs."
        )
    return found
