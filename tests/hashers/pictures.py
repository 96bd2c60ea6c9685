"""Pictures for the tests of the decoders: made here, in every format and kind."""

import io
import struct
import zlib

import numpy as np
from PIL import Image


def noise(height, width, channels=3, seed=0):
    """A picture with something in it at every scale; uint8, (h, w) or (h, w, channels)."""
    random = np.random.default_rng(seed)
    layers = np.zeros((height, width, channels))
    for cells in (3, 7, 20):
        coarse = random.normal(size=(cells, cells, channels)) / cells**0.5
        rows = np.linspace(0, cells - 1, height).round().astype(int)
        columns = np.linspace(0, cells - 1, width).round().astype(int)
        layers += coarse[np.ix_(rows, columns)]
    layers += random.normal(size=layers.shape) * 0.05
    layers -= layers.min()
    pixels = (layers * (255 / layers.max())).astype(np.uint8)
    return pixels[..., 0] if channels == 1 else pixels


def encode(pixels, file_format, **options):
    """Save an array or image as Pillow does; gives the bytes of the file."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def exif(orientation):
    """EXIF data with one tag."""
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


def chunk(kind, payload):
    """A chunk of a PNG."""
    body = kind + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2))  # fmt: skip


def png(samples, colour, bits, *, interlaced=False, before=b"", after=b"", compressed=None):
    """Write a PNG of any kind: (h, w, n) samples, unfiltered rows; `before` goes before IDAT."""
    height, width, _ = samples.shape
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced)
    rows = []
    for left, top, across, down in PASSES if interlaced else ((0, 0, 1, 1),):
        taken = samples[top::down, left::across]
        rows.extend(b"\0" + pack(row.ravel(), bits) for row in taken if row.size)
    data = zlib.compress(b"".join(rows)) if compressed is None else compressed
    ihdr, idat = chunk(b"IHDR", header), chunk(b"IDAT", data)
    return PNG_SIGNATURE + ihdr + before + idat + after + chunk(b"IEND", b"")


def pack(samples, bits):
    """Samples of one row, most significant bits first."""
    if bits == 16:
        return samples.astype(">u2").tobytes()
    each = np.unpackbits(samples.astype(np.uint8)[:, np.newaxis], axis=1)[:, 8 - bits :]
    return np.packbits(each.ravel()).tobytes()


def tiff(samples, tags, order="<", *, big=False):
    """Write a TIFF of one strip: (h, w, n) samples of 8, 16 or 32 bits, and tags as they come.

    `tags` maps a number to (type, values); the size, the strip and the counts are added.
    """
    data = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
    height, width, count = samples.shape
    tags = {
        256: (4, [width]), 257: (4, [height]), 258: (3, [8 * samples.itemsize] * count),
        259: (3, [1]), 273: (4, [16]), 277: (3, [count]), 278: (4, [height]),
        279: (4, [len(data)]), **tags,
    }  # fmt: skip
    word = "Q" if big else "I"
    where = 16 + len(data) + len(data) % 2
    directory = struct.pack(order + ("Q" if big else "H"), len(tags))
    size = len(directory) + len(tags) * (20 if big else 12) + struct.calcsize(word)
    extra = b""
    for number, (kind, values) in sorted(tags.items()):
        layout = {1: "B", 3: "H", 4: "I", 16: "Q"}[kind]
        packed = struct.pack(f"{order}{len(values)}{layout}", *values)
        inline = struct.calcsize(word)
        if len(packed) > inline:
            place = struct.pack(order + word, where + size + len(extra))
            extra += packed
        else:
            place = packed.ljust(inline, b"\0")
        directory += struct.pack(order + "HH" + word, number, kind, len(values)) + place
    directory += b"\0" * struct.calcsize(word)
    mark = b"II" if order == "<" else b"MM"
    head = mark + (
        struct.pack(order + "HHHQ", 43, 8, 0, where)
        if big
        else struct.pack(order + "HI", 42, where)
    )
    return head.ljust(16, b"\0") + data.ljust(where - 16, b"\0") + directory + extra


def every_kind(size=48):
    """One small file of every kind that is decoded, by name."""
    rgb = noise(size, size + 9)
    gray = noise(size, size + 9, 1)
    rgba = np.dstack([rgb, noise(size, size + 9, 1, seed=5)])
    photo = Image.fromarray(rgb)
    palette = photo.quantize(60)
    frames = [Image.fromarray(noise(size, size + 9, seed=seed)) for seed in range(3)]
    more = {"save_all": True, "append_images": frames[1:]}
    return {
        "jpeg": encode(rgb, "JPEG", exif=exif(6)),
        "jpeg-gray": encode(gray, "JPEG"),
        "jpeg-progressive": encode(rgb, "JPEG", progressive=True),
        "jpeg-cmyk": encode(photo.convert("CMYK"), "JPEG"),
        "jpeg-444-restarts": encode(rgb, "JPEG", subsampling=0, restart_marker_rows=1),
        "mpo": encode(frames[0], "MPO", **more),
        "png": encode(rgb, "PNG", exif=exif(8)),
        "png-alpha": encode(rgba, "PNG"),
        "png-palette": encode(palette, "PNG", transparency=3),
        "png-gray16": encode(gray.astype(np.uint16) * 257, "PNG"),
        "png-interlaced": png(rgb, 2, 8, interlaced=True),
        "apng": encode(frames[0], "PNG", **more),
        "webp": encode(rgb, "WEBP", exif=exif(3)),
        "webp-lossless": encode(rgba, "WEBP", lossless=True),
        "webp-animated": encode(frames[0], "WEBP", **more),
        "gif": encode(palette, "GIF"),
        "gif-animated": encode(frames[0], "GIF", **more),
        "bmp": encode(rgb, "BMP"),
        "bmp-palette": encode(palette, "BMP"),
        "tiff": encode(rgb, "TIFF", exif=exif(5)),
        "tiff-lzw": encode(rgba, "TIFF", compression="tiff_lzw"),
        "tiff-jpeg": encode(rgb, "TIFF", compression="jpeg"),
        "tiff-fax": encode(photo.convert("1"), "TIFF", compression="group4"),
        "avif": encode(rgb, "AVIF", exif=exif(7)),
        "avif-alpha": encode(rgba, "AVIF"),
        "heic": heic(rgb, exif=exif(2)),
    }


def heic(pixels, **options):
    """Save as HEIC."""
    import pillow_heif

    return saved_heic(pillow_heif.from_pillow(Image.fromarray(pixels)), **options)


def saved_heic(picture, quality=90, **options):
    """The bytes of a picture that pillow-heif holds."""
    file = io.BytesIO()
    picture.save(file, quality=quality, **options)
    return file.getvalue()
