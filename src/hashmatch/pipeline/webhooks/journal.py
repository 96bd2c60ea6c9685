"""Events that wait, in a folder: what a killed process did not get away, the next one sends.

A file for each event, which holds what is sent and nothing else: no hash, and nothing of a
picture. Each process has a drawer of the folder to itself, by a lock that the system gives back
however it dies; who comes takes over the drawers that nobody has.
"""

import json
import logging
import os
import time
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from typing import Final

from hashmatch.matching import turn
from hashmatch.pipeline.webhooks.events import Event

_log: Final = logging.getLogger(__name__)
_ENDING: Final = ".event"
_LOCK: Final = "lock"
_DRAWERS: Final = 1_000


class Journal:
    """The events of one sender that wait. One thread at a time uses it.

    Files are there when `put` returns, so that a killed process loses none of them; after a power
    cut the last ones may be missing. Where the disk does not take an event, that is logged, and
    the event waits in memory only.

    Args:
        folder: for this receiver's events; made for its owner only.

    Raises:
        OSError: the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder: Final = folder
        self._held: Final = ExitStack()
        self._drawer: Final = self._take()
        self._numbers: Final = count()
        self._files: Final[dict[str, Path]] = {}

    def waiting(self) -> list[Event]:
        """Those that earlier senders left, oldest first; they are this one's from now on."""
        for drawer in sorted(self._folder.iterdir()):
            if drawer != self._drawer and drawer.is_dir():
                self._adopt(drawer)
        found = []
        for file in sorted(self._drawer.glob(f"*{_ENDING}")):
            event = _read(file)
            if event is None or event.id in self._files:
                file.unlink(missing_ok=True)
            else:
                self._files[event.id] = file
                found.append(event)
        return found

    def put(self, event: Event) -> None:
        """Keep an event until it is `done`."""
        name = f"{time.time_ns():020d}-{next(self._numbers):06d}"
        unfinished = self._drawer / f"{name}.unfinished"
        try:
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(event.id).encode() + b"\n" + event.body)
            self._files[event.id] = unfinished.replace(self._drawer / f"{name}{_ENDING}")
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            _log.error("An event waits in memory only: %s", error.strerror)

    def done(self, event: Event) -> None:
        """Forget an event: it was delivered, or given up."""
        file = self._files.pop(event.id, None)
        if file is not None:
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave what waits to the next sender. In a forked child the parent keeps its drawer."""
        self._held.close()

    def _take(self) -> Path:
        for number in range(_DRAWERS):
            drawer = self._folder / f"{number:03d}"
            drawer.mkdir(mode=0o700, exist_ok=True)
            with ExitStack() as stack:
                if stack.enter_context(turn(drawer / _LOCK, wait=False)):
                    self._held.push(stack.pop_all())
                    return drawer
        raise OSError(0, f"All {_DRAWERS} drawers of {self._folder} are in use")

    def _adopt(self, drawer: Path) -> None:
        with turn(drawer / _LOCK, wait=False) as mine:
            if mine:
                for file in sorted(drawer.glob(f"*{_ENDING}")):
                    file.replace(self._drawer / file.name)
                for file in drawer.glob("*.unfinished"):
                    file.unlink(missing_ok=True)


def _read(file: Path) -> Event | None:
    """What stands in a file; None where that is no event, as after a power cut."""
    try:
        told, _, body = file.read_bytes().partition(b"\n")
        event = json.loads(told)
        json.loads(body)
    except (OSError, ValueError):
        return None
    return Event(event, body) if isinstance(event, str) else None
