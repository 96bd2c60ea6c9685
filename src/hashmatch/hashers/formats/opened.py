"""What a format's reader hands on: a header that was read, and pixels that can be."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hashmatch.errors import TruncatedPictureError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PARTS: Final = 200_000
"""Parts of a file (segments, chunks, blocks) that are walked before the pixels begin.

Ordinary pictures have fewer than a thousand; a file made of nothing else would keep a walk in
Python busy for half a minute.
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture whose header was read and whose pixels were not decoded yet.

    Attributes:
        format: for people, for instance ``"PNG"``.
        width: in pixels, as stored, that is before `orientation` is applied.
        height: in pixels, as stored.
        orientation: 1 to 8, the value of the EXIF tag: what turns the stored picture upright.
        load: decodes the first frame at 1/reduction of its size, which is ``ceil(side /
            reduction)`` samples a side; gives mode ``L`` or ``RGB`` in stored orientation.
        reductions: what `load` may be asked for.
    """

    format: str
    width: int
    height: int
    orientation: int
    load: Callable[[int], "Image"]
    reductions: tuple[int, ...] = (1,)


def unpack(layout: str, data: bytes | memoryview, offset: int, what: str) -> tuple[Any, ...]:
    """`struct.unpack_from` for bytes of unknown good will.

    Raises:
        TruncatedPictureError: the bytes end before `layout` does; the message names `what`.
    """
    try:
        return struct.unpack_from(layout, data, offset)
    except struct.error:
        raise damaged(what) from None


def damaged(what: str) -> TruncatedPictureError:
    """The error for a file whose `what` is missing, cut short or makes no sense."""
    return TruncatedPictureError(
        f"The {what} is cut short or damaged; fetch or save the picture anew."
    )


def parts(what: str) -> Iterator[int]:
    """Count the parts of a header while it is walked.

    Raises:
        TruncatedPictureError: there are more than any picture has; the message names `what`.
    """
    yield from range(MAX_PARTS)
    raise damaged(what)
