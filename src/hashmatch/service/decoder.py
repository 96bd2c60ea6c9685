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
            if request["do"] == "hash":
                return self._hash(request, data)
            if self._look is not None and (found := _seen(self._look, request)) is not None:
                return found
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


def _seen(look: Look, request: dict[str, Any]) -> dict[str, Any] | None:
    """What is to be seen of a picture that is held; None where something else is asked."""
    match request["do"]:
        case "parts":
            return frames.answer_of_parts(look.parts(request["stretch"]))
        case "coarse":
            return frames.answer_of_codes(look.coarse())
        case "stretched":
            return frames.answer_of_stretched(look.stretched())
        case "rectangles":
            return frames.answer_of_rectangles(look.rectangles())
        case "frame":
            matrix = np.array(request["matrix"], np.float64).reshape(3, 3)
            sizes = request["width"], request["height"]
            places = frames.places_from(request["places"])
            within = frames.rectangle_from(request["within"])
            frame = look.frame(matrix, *sizes, places, mirrored=request["mirrored"], within=within)
            return frames.answer_of_frame(frame)
    return None


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
