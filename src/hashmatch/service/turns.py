"""A turn at a decoder: a picture is hashed there, perhaps looked at again, and forgotten.

What a thorough check asks of the picture, its parts and what it shows in a listed picture's frame,
is answered where the picture is: its pixels never leave the process that decoded it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, Final, Protocol, TypeVar

import anyio.from_thread
import numpy as np
import numpy.typing as npt

from hashmatch.hashers import Frame, Parts
from hashmatch.hashers.parts import COARSE
from hashmatch.matching import Upload
from hashmatch.matching.uploads import Depth
from hashmatch.native import Rectangle
from hashmatch.native_parts import Places
from hashmatch.service import frames
from hashmatch.types import Codes

Found = TypeVar("Found")


class Line(Protocol):
    """The line to a decoder's process."""

    async def ask(self, pieces: list[bytes]) -> bytes:
        """Send a question, and wait for the answer."""


class Turn:
    """One picture's turn. Nothing is asked at the same time as something else.

    Args:
        line: to the decoder.
        limits: what the picture may ask of it.
        seconds: for hashing the picture, and as many again for all that is asked later.

    Attributes:
        in_step: whether the decoder waits for the next question, and for nothing else.
    """

    def __init__(self, line: Line, limits: dict[str, Any], seconds: float) -> None:
        self._line: Final = line
        self._limits: Final = limits
        self._seconds: Final = seconds
        self._until = 0.0
        self._holds = False
        self.in_step = True

    async def hash(self, data: bytes | bytearray, hashers: Iterable[str], depth: Depth) -> Upload:
        """Hash a picture.

        Where the check is to be thorough, it can be looked at again, in a thread of the event
        loop's, until the turn ends.

        Raises:
            TimeoutError: it took too long. The decoder is of no use any more after any error.
            DecoderLostError: the decoder gave no answer that makes sense.
        """
        self._until = asyncio.get_running_loop().time() + self._seconds
        request = {
            "do": "hash", "hashers": [*hashers], "limits": self._limits, "depth": depth,
        }  # fmt: skip
        upload = await self._ask(request, frames.upload_from, data)
        if depth != "thorough" or upload.refusal is not None:
            return upload
        self._holds = True
        self._until += self._seconds
        return replace(upload, look=Far(self))

    async def parts(self, stretch: float) -> Parts:
        """The parts of the picture stretched across; errors are those of `hash`."""
        return await self._ask({"do": "parts", "stretch": stretch}, frames.parts_from)

    async def coarse(self) -> Codes:
        """Codes to search the picture by in a wider radius; errors are those of `hash`."""
        return await self._ask({"do": "coarse"}, partial(frames.codes_from, most=2 * COARSE))

    async def stretched(self) -> tuple[Codes, ...]:
        """A few codes of the picture stretched across; errors are those of `hash`."""
        return await self._ask({"do": "stretched"}, frames.stretched_from)

    async def rectangles(self) -> tuple[Rectangle, ...]:
        """What may be pictures within the picture; errors are those of `hash`."""
        return await self._ask({"do": "rectangles"}, frames.rectangles_from)

    async def frame(self, asked: dict[str, Any], regions: int) -> Frame:
        """What the picture shows in a frame, with so many regions; errors are those of `hash`."""
        read = partial(frames.frame_from, regions=regions)
        return await self._ask({"do": "frame", **asked}, read)

    async def end(self) -> None:
        """Have the picture forgotten, where the decoder still holds it."""
        if self._holds and self.in_step:
            self._until = asyncio.get_running_loop().time() + self._seconds
            await self._ask({"do": "forget"}, lambda _: None)

    async def _ask(
        self, request: dict[str, Any], read: Callable[[bytes], Found], data: bytes | bytearray = b""
    ) -> Found:
        self.in_step = False  # also when this request is cancelled
        question = frames.pack({**request, "seconds": 2 * self._seconds}, data)
        async with asyncio.timeout_at(self._until):
            answer = await self._line.ask(question)
        found = read(answer)
        self.in_step = True
        return found


class Far:
    """A picture that a decoder holds; see `hashmatch.hashers.Look`. For a thread of anyio's."""

    def __init__(self, turn: Turn) -> None:
        self._turn: Final = turn
        self._parts: dict[float, Parts] = {}
        self._rectangles: tuple[Rectangle, ...] | None = None

    def parts(self, stretch: float = 1.0) -> Parts:
        """See `hashmatch.hashers.Look`."""
        if stretch not in self._parts:
            self._parts[stretch] = _wait(self._turn.parts, stretch)
        return self._parts[stretch]

    def coarse(self) -> Codes:
        """See `hashmatch.hashers.Look`."""
        return _wait(self._turn.coarse)

    def stretched(self) -> tuple[Codes, ...]:
        """See `hashmatch.hashers.Look`."""
        return _wait(self._turn.stretched)

    def rectangles(self) -> tuple[Rectangle, ...]:
        """See `hashmatch.hashers.Look`."""
        if self._rectangles is None:
            self._rectangles = _wait(self._turn.rectangles)
        return self._rectangles

    def frame(
        self,
        matrix: npt.NDArray[np.float64],
        width: int,
        height: int,
        places: Places,
        *,
        mirrored: bool,
        within: Rectangle,
    ) -> Frame:
        """See `hashmatch.hashers.Look`."""
        asked = {
            "matrix": matrix.ravel().tolist(),
            "width": width,
            "height": height,
            "mirrored": mirrored,
            "within": frames.told_rectangle(within),
            "places": frames.told_places(places),
        }
        return _wait(self._turn.frame, asked, len(places))


def _wait(work: Callable[..., Coroutine[Any, Any, Found]], *arguments: Any) -> Found:
    return anyio.from_thread.run(work, *arguments)
