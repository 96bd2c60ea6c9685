"""A decoder: a process that hashes pictures, one at a time, and may die of one.

It has one socket (its standard input) and nothing else: no file can be written, no core is
dumped, and memory is limited. Run by `decoders.py` as ``python -m hashmatch.service.decoder``.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from importlib import import_module
from typing import Any, Final

import numpy as np

from hashmatch import hashers
from hashmatch.errors import MissingExtraError, PictureError
from hashmatch.hashers import Limits, Look
from hashmatch.matching import Upload, hash_upload
from hashmatch.service import frames
from hashmatch.service.privacy import forbid_core_dumps

_NICE: Final = 5
"""Behind the service itself: else pictures that are decoded hold up the answers to others."""


def main() -> None:
    """Answer until the service hangs up."""
    memory = int(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's ^C is the service's to act on
    _load()
    _limit(memory)
    with contextlib.suppress(OSError, AttributeError):  # a sandbox may refuse it; Windows has none
        os.nice(_NICE)
    connection = socket.socket(fileno=sys.stdin.fileno())
    connection.sendall(b"".join(frames.pack({})))  # ready
    desk = Desk()
    with connection.makefile("rb") as incoming:
        while head := incoming.read(frames.LENGTHS.size):
            lengths = frames.LENGTHS.unpack(head)
            request = json.loads(incoming.read(lengths[0]))
            signal.setitimer(signal.ITIMER_REAL, request["seconds"])  # if the service is dead too
            answer = desk.answer(request, incoming.read(lengths[1]))
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.sendall(b"".join(frames.pack(answer)))


class Desk:
    """What is asked of a decoder. It holds a picture from a thorough question to ``forget``."""

    def __init__(self) -> None:
        self._look: Look | None = None

    def answer(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:
        """Answer a question about a new picture, or about the one that is held."""
        try:
            match request["do"]:
                case "hash":
                    return self._hash(request, data)
                case "parts" if self._look is not None:
                    return frames.answer_of_parts(self._look.parts())
                case "coarse" if self._look is not None:
                    return frames.answer_of_coarse(self._look.coarse())
                case "frame" if self._look is not None:
                    matrix = np.array(request["matrix"], np.float64).reshape(3, 3)
                    sizes = request["width"], request["height"]
                    places = frames.places_from(request["places"])
                    flip = request["mirrored"]
                    frame = self._look.frame(matrix, *sizes, places, mirrored=flip)
                    return frames.answer_of_frame(frame)
        except MemoryError:
            sys.exit(frames.OUT_OF_MEMORY)
        self._look = None
        return {}

    def _hash(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:
        self._look = None
        try:
            chosen = [hashers.get(name) for name in request["hashers"]]
            upload = hash_upload(data, chosen, Limits(**request["limits"]), request["depth"])
        except (PictureError, MissingExtraError) as error:
            return frames.answer_of(Upload((), (), error))
        self._look = upload.look
        return frames.answer_of(upload)


def _load() -> None:
    """Load what decoding takes, while files may be written: Python keeps its bytecode."""
    pdq = hashers.get("pdq")
    if isinstance(pdq, hashers.PixelHasher):
        pdq.hash(np.zeros((64, 64), np.uint8))
    import_module("hashmatch.hashers.decoding")
    import_module("hashmatch.hashers.frames")
    gc.freeze()  # what is loaded stays: the collector need not look at it again and again


def _limit(memory: int) -> None:
    forbid_core_dumps()
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":  # elsewhere the limit is not kept, or counts what is shared
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


if __name__ == "__main__":
    main()
