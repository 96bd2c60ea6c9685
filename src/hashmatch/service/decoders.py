"""The pool of decoders: what a picture does to the one that decodes it, it does to nobody else."""

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import asdict
from typing import Final, Literal

from hashmatch.errors import BusyError, DecoderLostError
from hashmatch.service import frames
from hashmatch.service.logs import note
from hashmatch.service.settings import Settings
from hashmatch.service.turns import Turn

_START_SECONDS: Final = 60

_LINE_BYTES: Final = 1 << 20
"""What the line to a decoder takes at once: most pictures, so that nobody is woken for the rest."""

_KEEP_MEMORY: Final = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
}
"""For glibc: what one picture took is kept for the next. Given back and taken anew, its pages cost
a decoder more than a third of its time."""

_SECRETS: Final = ("HASHMATCH_", "PG", "AWS_")
"""How variables begin that may name the registry or hold a password: a picture that takes its
decoder over is not to read them there."""

Loss = Literal["crashed", "hung", "memory", "confused"]
_WORDS: Final[dict[Loss, str]] = {
    "crashed": "The picture crashed its decoder.",
    "hung": "The picture took its decoder longer than it may.",
    "memory": "The picture took more memory than a decoder may have.",
    "confused": "The picture's decoder gave no answer that makes sense.",
}


class _Decoder:
    """One process, and the line to it."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, memory: int) -> "_Decoder":
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LINE_BYTES)
        with theirs:
            process = subprocess.Popen(  # noqa: ASYNC220, S603 - it takes 1 ms; our own program
                [sys.executable, "-m", "hashmatch.service.decoder", str(memory)],
                env=_environment(),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what a decoder complains of may hold what it read
            )
        reader, writer = await asyncio.open_connection(sock=ours, limit=frames.MAX_ANSWER)
        return cls(process, reader, writer)

    async def ask(self, pieces: list[bytes]) -> bytes:
        self._writer.writelines(pieces)
        await self._writer.drain()
        return await self.answer()

    async def answer(self) -> bytes:
        lengths = frames.LENGTHS.unpack(await self._reader.readexactly(frames.LENGTHS.size))
        if lengths[0] > frames.MAX_ANSWER or lengths[1]:
            raise DecoderLostError(_WORDS["confused"])
        return await self._reader.readexactly(lengths[0])

    async def end(self) -> int:
        """Kill it, if it is not dead, and return its exit code."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        # one that died by itself is about to be dead: its exit code tells why
        with contextlib.suppress(subprocess.TimeoutExpired):
            return await asyncio.to_thread(self.process.wait, 0.2)
        self.process.kill()
        return await asyncio.to_thread(self.process.wait)


def _environment() -> dict[str, str]:
    """What a decoder is told by its environment."""
    plain = {name: os.environ[name] for name in os.environ if not name.startswith(_SECRETS)}
    return plain | _KEEP_MEMORY


async def _why(decoder: _Decoder, error: Exception) -> Loss:
    """Why a decoder was lost; it is dead, or about to be, from then on."""
    if isinstance(error, TimeoutError | DecoderLostError):
        decoder.process.kill()
        return "hung" if isinstance(error, TimeoutError) else "confused"
    code = await decoder.end()
    return "memory" if code == frames.OUT_OF_MEMORY else "crashed"


class Decoders:
    """Hashes uploads in worker processes.

    Attributes:
        lost: how many decoders were lost, by why.
        waiting: uploads that are being received, waiting, or being decoded.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings: Final = settings
        self._limits: Final = asdict(settings.limits)
        self._room: Final = settings.decoders + settings.queue
        self._free: asyncio.Queue[_Decoder] = asyncio.Queue()
        self._all: set[_Decoder] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self.lost: dict[Loss, int] = dict.fromkeys(_WORDS, 0)
        self.waiting = 0

    @property
    def pids(self) -> list[int]:
        """The processes at work."""
        return [decoder.process.pid for decoder in self._all]

    def open(self) -> None:
        """Start the processes; uploads wait until they have loaded what they need."""
        for _ in range(self._settings.decoders):
            self._do(self._add())

    async def close(self) -> None:
        """End the processes."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for decoder in list(self._all):
            decoder.process.kill()
            await decoder.end()
        self._all.clear()

    @contextlib.contextmanager
    def room(self) -> Iterator[None]:
        """Room for one upload, taken before it is received: memory stays bounded.

        Raises:
            BusyError: there is none.
        """
        if self.waiting >= self._room:
            raise BusyError(
                f"{self.waiting} uploads are being checked, and no more fit. Try again in a second."
            )
        self.waiting += 1
        try:
            yield
        finally:
            self.waiting -= 1

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """A turn at one of the processes, for one upload.

        Raises:
            BusyError: none became free in time.
            DecoderLostError: the upload crashed, hung or swelled its process, which is replaced.
        """
        try:
            async with asyncio.timeout(self._settings.upload_seconds):
                decoder = await self._free.get()
        except TimeoutError:
            raise BusyError("No decoder became free in time. Try again.") from None
        turn = Turn(decoder, self._limits, self._settings.decode_seconds)
        loss: Loss | None = None
        try:
            yield turn
            await turn.end()
        except (OSError, asyncio.IncompleteReadError, DecoderLostError) as error:
            if turn.in_step:  # the decoder had no part in it
                raise
            loss = await _why(decoder, error)
        finally:
            if turn.in_step:
                self._free.put_nowait(decoder)
            else:
                self._do(self._replace(decoder))
        if loss is not None:
            self.lost[loss] += 1
            raise DecoderLostError(f"{_WORDS[loss]} It was not checked.")

    def _do(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replace(self, decoder: _Decoder) -> None:
        decoder.process.kill()
        await decoder.end()
        self._all.discard(decoder)
        await self._add()

    async def _add(self) -> None:
        """Start a decoder, again and again until one is well: without any, nothing is checked."""
        while not self._closing:
            decoder = await _Decoder.start(self._settings.decode_bytes)
            self._all.add(decoder)
            try:
                async with asyncio.timeout(_START_SECONDS):
                    await decoder.answer()  # it says so when it has loaded what it needs
            except (TimeoutError, OSError, asyncio.IncompleteReadError, DecoderLostError):
                note("decoder_does_not_start", logging.ERROR)
                decoder.process.kill()
                await decoder.end()
                self._all.discard(decoder)
                await asyncio.sleep(1)
            else:
                self._free.put_nowait(decoder)
                return
