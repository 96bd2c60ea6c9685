"""Write the known answers of `src/selftest`: what the library makes of pictures of our own making.

`vectors.ts` has a small one in each format, and its hash; `parts_vector.ts` the parts and tiles of
one that is computed. Run it when a decoder, the pixel rule or the parts change:
``python native/web/client/vectors/make.py``.
"""

import base64
import io
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from hashmatch import hash_image
from hashmatch.hashers import listed_parts

OUT = Path(__file__).parents[1] / "src/selftest"
SIDE = 72
PARTS = """/** The parts and tiles of the picture of `known_parts.ts`, in hexadecimal digits.
 *
 * Written by `vectors/make.py`; a test makes them anew.
 */

export const PARTS =
  "{}";
"""
HEAD = """/** Small pictures of our own making, and what the library hashes them to.
 *
 * Written by `vectors/make.py`; a test hashes them anew.
 */

import type { Format } from "../tested.ts";

export interface Vector {
  /** Of the picture, in base64. */
  base64: string;
  hash: string;
  quality: number;
}

export const VECTORS: Readonly<Record<Format, Vector>> = {
"""


def picture() -> Image.Image:
    """Smooth waves in three colours: small in every format, and of high quality."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    waves = [
        np.sin(9 * x + 4 * np.sin(7 * y)),
        np.cos(11 * y + 3 * np.sin(5 * x)),
        np.sin(6 * (x + y)) * np.cos(8 * (x - y)),
    ]
    return Image.fromarray((127.5 + 127 * np.stack(waves, axis=-1)).astype(np.uint8))


def files() -> dict[str, bytes]:
    """The picture in each format, by its name."""
    image = picture()
    transparent = image.convert("RGBA")
    transparent.putalpha(image.getchannel("R"))
    few = image.quantize(16)
    made = {
        "jpeg": encoded(image, "JPEG", quality=60, exif=turned(6)),
        "png": encoded(few, "PNG", optimize=True),
        "webp": encoded(transparent, "WEBP", quality=40, alpha_quality=40),
        "avif": encoded(image, "AVIF", quality=50, speed=0),
        "gif": encoded(few, "GIF"),
        "bmp": encoded(few, "BMP"),
    }
    heic = io.BytesIO()
    pillow_heif.from_pillow(image).save(heic, quality=90)
    return made | {"heic": heic.getvalue()}


def encoded(image: Image.Image, file_format: str, **options: object) -> bytes:
    """Save as Pillow does."""
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def turned(orientation: int) -> bytes:
    """EXIF data with one tag."""
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


def computed() -> np.ndarray:
    """The picture of `known_parts.ts`."""
    y, x = np.mgrid[0:525, 0:700]
    channels = (3 * x * x + 5 * y * y + 2 * x * y) >> 9, (x * x + 7 * y * y) >> 10, (x * y) >> 7
    return (np.stack(channels, axis=-1) & 255).astype(np.uint8)


def main() -> None:
    """Write the files."""
    text = HEAD
    for name, data in files().items():
        found = hash_image(data)
        text += (
            f"  {name}: {{\n"
            f'    base64:\n      "{base64.b64encode(data).decode()}",\n'
            f'    hash: "{found.hex}",\n    quality: {found.quality},\n  }},\n'
        )
        print(name, len(data), found.quality)  # noqa: T201 - a script that tells what it did
    (OUT / "vectors.ts").write_text(text + "};\n", encoding="utf-8")
    parts = PARTS.format(listed_parts(computed()).hex())
    (OUT / "parts_vector.ts").write_text(parts, encoding="utf-8")


if __name__ == "__main__":
    main()
