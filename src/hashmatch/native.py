"""The one door to the C core: ctypes over `native/core/hashmatch.h`.

Importing it is cheap, and calls run without the GIL, each in a workspace of its own.
"""

import ctypes
import sys
from collections.abc import Sequence
from enum import IntEnum
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hashmatch.errors import NativeCoreError

__all__ = [
    "Fingerprint",
    "Form",
    "Rectangle",
    "Turns",
    "gray",
    "jpeg_eighth",
    "pdq",
    "pdq_dihedral",
    "pdq_picked",
    "pdq_rectangles",
    "pdq_scaled",
    "rectangles",
]

VERSION = 1
BITS = 256
TURNS = 8
RENDERINGS = TURNS + 2
RECTANGLES = 28
MAX_SIDE = 65_535
MOST_REDUCED = 64
Pixels = npt.NDArray[np.uint8]


class Form(IntEnum):
    """How PDQ is computed; which one runs does not change the result of `AUTO`."""

    AUTO = 0
    ONE_PASS = 1
    REFERENCE = 2


class Fingerprint(NamedTuple):
    """A PDQ hash as the core gives it.

    Attributes:
        code: 32 bytes, most significant bits first.
        quality: 0 to 100.
        form: the form that decided the bits.
        dct: shape (256,), float32: the coefficients that the bits are signs of, against their
            median; bit 16 i + j belongs to the vertical frequency i + 1 and the horizontal j + 1.
    """

    code: bytes
    quality: int
    form: Form
    dct: npt.NDArray[np.float32]


class Turns(NamedTuple):
    """PDQ hashes of a picture turned and mirrored.

    Attributes:
        codes: shape (8, 32), uint8, in the order of ``pdqhash.compute_dihedral``: original, turned
            by 90°, 180°, 270°, mirrored top to bottom, left to right, along both diagonals.
        quality: 0 to 100, shared by all.
        form: the form that decided the bits.
    """

    codes: npt.NDArray[np.uint8]
    quality: int
    form: Form


class Rectangle(NamedTuple):
    """A part of a picture: columns `left` to `right`, rows `top` to `bottom`, these exclusive.

    Attributes:
        left: in samples, like the others.
        top: likewise.
        right: likewise.
        bottom: likewise.
        trimmed: whether it is the whole without the quiet lines around it.
    """

    left: int
    top: int
    right: int
    bottom: int
    trimmed: bool


class _Picture(ctypes.Structure):
    _fields_ = (
        ("pixels", ctypes.c_void_p),
        ("stride", ctypes.c_size_t),
        ("width", ctypes.c_int32),
        ("height", ctypes.c_int32),
        ("channels", ctypes.c_int32),
    )


class _Hash(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint8 * 32),
        ("quality", ctypes.c_int32),
        ("form", ctypes.c_int32),
        ("dct", ctypes.c_float * 256),
    )


class _Rectangle(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_int32) for name in ("left", "top", "right", "bottom", "trimmed")
    )


_Codes = ctypes.c_uint8 * 32 * TURNS


class _Turned(ctypes.Structure):
    _fields_ = (("codes", ctypes.c_uint8 * 32 * RENDERINGS), ("quality", ctypes.c_int32))


_Rectangles = _Rectangle * RECTANGLES
_TURNED = np.dtype([("codes", np.uint8, (RENDERINGS, 32)), ("quality", np.int32)])


def _load() -> ctypes.CDLL:
    name = {"darwin": "libhashmatch.dylib", "win32": "hashmatch.dll"}.get(
        sys.platform, "libhashmatch.so"
    )
    path = files("hashmatch") / "_native" / name
    try:
        core = ctypes.CDLL(str(path))
    except OSError as error:
        message = f"The C core {path} cannot be loaded ({error}); reinstall hashmatch."
        raise NativeCoreError(message) from None
    return declare(core)


def declare(core: ctypes.CDLL) -> ctypes.CDLL:
    """Give the functions of a loaded core their signatures, and check its version.

    Raises:
        NativeCoreError: the library has another version of the interface.
    """
    int32, size, pointer = ctypes.c_int32, ctypes.c_size_t, ctypes.c_void_p
    picture, result = ctypes.POINTER(_Picture), ctypes.POINTER(_Hash)
    codes = ctypes.POINTER(_Codes)
    core.hm_version.restype = int32
    core.hm_pdq_workspace.argtypes = (int32, int32, int32)
    core.hm_pdq_workspace.restype = size
    core.hm_pdq_scaled_workspace.argtypes = (int32, int32, int32)
    core.hm_pdq_scaled_workspace.restype = size
    core.hm_pdq.argtypes = (picture, int32, pointer, size, result)
    core.hm_pdq_dihedral.argtypes = (picture, int32, pointer, size, result, codes)
    cells = (int32, int32, int32, int32, int32)
    core.hm_pdq_scaled.argtypes = (picture, *cells, pointer, size, result, codes)
    core.hm_jpeg_workspace.restype = size
    core.hm_jpeg_eighth.argtypes = (ctypes.c_char_p, size, int32, int32, pointer, pointer, size)
    core.hm_rectangles_workspace.argtypes = (int32, int32)
    core.hm_rectangles_workspace.restype = size
    rectangles_ = ctypes.POINTER(_Rectangles)
    core.hm_rectangles.argtypes = (picture, pointer, size, rectangles_, ctypes.POINTER(int32))
    core.hm_pdq_rectangles_workspace.argtypes = (int32, int32)
    core.hm_pdq_rectangles_workspace.restype = size
    boxes = ctypes.POINTER(_Rectangle)
    turned = ctypes.POINTER(_Turned)
    core.hm_gray.argtypes = (picture, pointer)
    core.hm_pdq_picked_workspace.argtypes = (int32, int32)
    core.hm_pdq_picked_workspace.restype = size
    core.hm_pdq_picked.argtypes = (picture, pointer, pointer, int32, pointer, size, result)
    core.hm_pdq_rectangles.argtypes = (picture, int32, boxes, int32, int32, pointer, size, turned)
    found = core.hm_version()
    if found != VERSION:
        message = f"The C core has interface {found}, this package needs {VERSION}; reinstall it."
        raise NativeCoreError(message)
    return core


_core = _load()


def _picture(pixels: Pixels) -> tuple[_Picture, Pixels]:
    """Describe an array to the core; the array returned must outlive the call."""
    if pixels.dtype != np.uint8 or pixels.ndim not in {2, 3}:
        message = f"Pixels are uint8 (h, w) or (h, w, 3), not {pixels.dtype} {pixels.shape}."
        raise ValueError(message)
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels not in {1, 3} or not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        message = f"Pixels are (h, w) or (h, w, 3) with sides from 1 to 65535, not {pixels.shape}."
        raise ValueError(message)
    # Rows may lie apart (a crop needs no copy), but samples of a row must follow one another.
    inner = (1,) if pixels.ndim == 2 else (3, 1)
    if pixels.strides[1:] != inner or pixels.strides[0] < width * channels:
        pixels = np.ascontiguousarray(pixels)
    # The stride of a single row may be anything
    stride = pixels.strides[0] if height > 1 else width * channels
    return _Picture(pixels.ctypes.data, stride, width, height, channels), pixels


def _workspace(width: int, height: int, channels: int) -> npt.NDArray[np.uint8]:
    return np.empty(_core.hm_pdq_workspace(width, height, channels), dtype=np.uint8)


def _check(status: int) -> None:
    if status != 0:  # the arguments were checked before
        message = f"The C core refused a picture that it should accept (status {status})."
        raise NativeCoreError(message)


def pdq(pixels: Pixels, form: Form = Form.AUTO) -> Fingerprint:
    """Hash a picture at full size.

    Source: the C++ reference of PDQ, facebook/ThreatExchange, pdq/cpp; equal to it bit for bit.

    Args:
        pixels: shape (h, w) gray or (h, w, 3) RGB, uint8; sides of 1 to 65535. Rows may lie apart.
        form: how to compute; for measuring and testing.

    Raises:
        ValueError: an array of another shape or dtype.
    """
    picture, keep = _picture(pixels)
    workspace = _workspace(picture.width, picture.height, picture.channels)
    out = _Hash()
    _check(_core.hm_pdq(picture, form, workspace.ctypes.data, workspace.size, out))
    del keep
    return _fingerprint(out)


def _fingerprint(out: _Hash) -> Fingerprint:
    dct = np.ctypeslib.as_array(out.dct)
    return Fingerprint(bytes(out.code), out.quality, Form(out.form), dct)


def pdq_dihedral(pixels: Pixels, form: Form = Form.AUTO) -> Turns:
    """Hash a picture, and what it would be when turned and mirrored, at the cost of one.

    Args and errors are those of `pdq`.
    """
    picture, keep = _picture(pixels)
    workspace = _workspace(picture.width, picture.height, picture.channels)
    out, codes = _Hash(), _Codes()
    data = workspace.ctypes.data
    _check(_core.hm_pdq_dihedral(picture, form, data, workspace.size, out, codes))
    del keep
    return _turns(out, codes)


def _turns(out: _Hash, codes: ctypes.Array[ctypes.Array[ctypes.c_uint8]]) -> Turns:
    rows = np.ctypeslib.as_array(codes)
    return Turns(rows, out.quality, Form(out.form))


def pdq_scaled(
    reduced: Pixels, width: int, height: int, reduction: int, *, left: int = 0, top: int = 0
) -> Turns:
    """Approximate the hashes of a picture from a decode of it at a fraction of its size, or all.

    The full-size operator is folded onto the small grid, which keeps the phase that decimating a
    small picture naively would shift, and applied to the picture as it would lie turned and
    mirrored. For checking, never for submitting: a few bits may differ, and in pictures with a
    side under 64 px more.

    Args:
        reduced: shape (ceil(height / reduction), ceil(width / reduction)) or the same and 3,
            uint8: means of cells.
        width: of the picture at full size.
        height: of the picture at full size.
        reduction: 1 to 8, samples of the picture a sample of `reduced` on each axis.
        left: columns that the first cell of a row lacks: 0 as a decoder gives it, and what the
            last cell lacked, ``-width % reduction``, once `reduced` was mirrored.
        top: rows that the first cell of a column lacks, likewise.

    Raises:
        ValueError: sizes that do not fit one another.
    """
    picture, keep = _picture(reduced)
    fits = 1 <= reduction <= 8 and 0 <= left < reduction and 0 <= top < reduction
    expected = (-(-(height + top) // reduction), -(-(width + left) // reduction)) if fits else None
    if reduced.shape[:2] != expected or max(width, height) > MAX_SIDE:
        message = f"{reduced.shape} is no decode of {width}x{height} pixels at 1/{reduction}."
        raise ValueError(message)
    room = _core.hm_pdq_scaled_workspace(width, height, picture.channels)
    workspace = np.empty(room, dtype=np.uint8)
    out, codes = _Hash(), _Codes()
    cells = (width, height, reduction, left, top)
    data, size = workspace.ctypes.data, workspace.size
    _check(_core.hm_pdq_scaled(picture, *cells, data, size, out, codes))
    del keep
    return _turns(out, codes)


def gray(pixels: Pixels) -> Pixels:
    """The gray of a picture as `PIL.Image.Image.convert` has it: shape (h, w), uint8.

    Args:
        pixels: shape (h, w, 3) RGB, uint8; sides of 1 to 65535. Rows may lie apart.

    Raises:
        ValueError: an array of another shape or dtype.
    """
    picture, keep = _picture(pixels)
    if picture.channels == 1:
        message = f"Gray is made of RGB, (h, w, 3), not {pixels.shape}."
        raise ValueError(message)
    out = np.empty(pixels.shape[:2], dtype=np.uint8)
    _check(_core.hm_gray(picture, out.ctypes.data))
    del keep
    return out


def pdq_picked(
    gray: Pixels, rows: npt.NDArray[np.integer], columns: npt.NDArray[np.integer]
) -> Fingerprint:
    """Hash the square ``gray[rows][:, columns]``, in the one-pass form, without making it.

    Args:
        gray: shape (h, w), uint8; sides of 1 to 65535. Rows may lie apart.
        rows: shape (n,), n from 5 to 65535: numbers of rows.
        columns: of columns, as many.

    Raises:
        ValueError: an array of another shape or dtype, or numbers of what is not there.
    """
    picture, keep = _picture(gray)
    side = len(rows)
    room = _core.hm_pdq_picked_workspace(picture.width, side)
    inside = [
        len(chosen) == side and chosen.min(initial=most) >= 0 and chosen.max(initial=0) < most
        for chosen, most in ((rows, picture.height), (columns, picture.width))
    ]
    if gray.ndim != 2 or not room or not all(inside):
        message = f"{side} rows and {len(columns)} columns cannot be picked of {gray.shape}."
        raise ValueError(message)
    workspace, out = np.empty(room, dtype=np.uint8), _Hash()
    places = [np.ascontiguousarray(chosen, dtype=np.int32) for chosen in (rows, columns)]
    at = (places[0].ctypes.data, places[1].ctypes.data)
    _check(_core.hm_pdq_picked(picture, *at, side, workspace.ctypes.data, room, out))
    del keep
    return _fingerprint(out)


def jpeg_eighth(data: bytes, width: int, height: int) -> Pixels | None:
    """Decode the luma of a JPEG at 1/8 of its size, which its DC coefficients are.

    Source: ITU-T T.81; the samples are those of libjpeg's 1x1 inverse DCT.

    Args:
        data: a JPEG file.
        width: of the full picture, as the file says.
        height: of the full picture, as the file says.

    Returns:
        Shape (ceil(height / 8), ceil(width / 8)), uint8; or None where another decoder is needed:
        the file is progressive, not gray or YCbCr, or damaged.
    """
    luma = np.empty((-(-height // 8), -(-width // 8)), dtype=np.uint8)
    workspace = np.empty(_core.hm_jpeg_workspace(), dtype=np.uint8)
    room = workspace.ctypes.data, workspace.size
    status = _core.hm_jpeg_eighth(data, len(data), width, height, luma.ctypes.data, *room)
    return luma if status == 0 else None


def rectangles(pixels: Pixels) -> tuple[Rectangle, ...]:
    """Find what may be a picture within a picture: in a border, a screenshot, a collage.

    Args:
        pixels: shape (h, w) gray or (h, w, 3) RGB, uint8; sides of 1 to 65535. Rows may lie apart.

    Returns:
        At most 28, the likeliest first; none in a picture with a side under 32.

    Raises:
        ValueError: an array of another shape or dtype.
    """
    picture, keep = _picture(pixels)
    room = _core.hm_rectangles_workspace(picture.width, picture.height)
    if not room:
        return ()
    workspace = np.empty(room, dtype=np.uint8)
    found, count = _Rectangles(), ctypes.c_int32()
    data = workspace.ctypes.data
    _check(_core.hm_rectangles(picture, data, room, found, ctypes.byref(count)))
    del keep
    return tuple(
        Rectangle(box.left, box.top, box.right, box.bottom, bool(box.trimmed))
        for box in found[: count.value]
    )


def pdq_rectangles(
    gray: Pixels, boxes: Sequence[Rectangle], reduction: int, turned: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """Approximate the hashes of rectangles of a picture, of the first ones in all eight turns.

    Those are drawn out as well: hashed as if the picture that they show had lost a twenty-eighth of
    its width at the left and at the right, or of its height at the top and at the bottom.

    The operator is that of `pdq_scaled`, in a cheaper form: for checking, never for submitting.

    Args:
        gray: shape (h, w), uint8; sides of 32 to 65535.
        boxes: within it.
        reduction: 1 to 64, samples of the full picture a sample of `gray` on each axis.
        turned: how many of the boxes are turned and mirrored, and drawn out, as well.

    Returns:
        Codes, shape (n, 10, 32), uint8: the turns in the order of `Turns`, wider, taller; zero
        where they were not asked for. And qualities, shape (n,), int32.

    Raises:
        ValueError: an array of another shape or dtype, or a rectangle that is empty or not within.
    """
    picture, keep = _picture(gray)
    room = _core.hm_pdq_rectangles_workspace(picture.width, picture.height)
    within = all(
        0 <= box.left < box.right <= picture.width and 0 <= box.top < box.bottom <= picture.height
        for box in boxes
    )
    if gray.ndim != 2 or not room or not within or not 1 <= reduction <= MOST_REDUCED:
        message = (
            f"Rectangles lie in a gray picture with sides from 32 on, not all in {gray.shape}."
        )
        raise ValueError(message)
    workspace = np.empty(room, dtype=np.uint8)
    given = (_Rectangle * len(boxes))(*(_Rectangle(*box) for box in boxes))
    found = np.empty(len(boxes), dtype=_TURNED)
    out = found.ctypes.data_as(ctypes.POINTER(_Turned))
    data = workspace.ctypes.data
    _check(_core.hm_pdq_rectangles(picture, reduction, given, len(boxes), turned, data, room, out))
    del keep
    return found["codes"], found["quality"]
