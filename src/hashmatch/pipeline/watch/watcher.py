"""The watcher: looks at an inbox again and again, and moves files to where a policy wants them."""

import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from hashmatch.hashers import ENDINGS
from hashmatch.matching.archives import Stored
from hashmatch.matching.archives.buckets import is_url
from hashmatch.pipeline.guards import Decision, Guard
from hashmatch.pipeline.guards.edge import EdgeAction
from hashmatch.pipeline.watch.buckets import BucketInbox
from hashmatch.pipeline.watch.folders import FolderInbox
from hashmatch.pipeline.watch.inbox import Inbox

SETTLED_SECONDS: Final = 2.0
"""A file that was not written to for so long is taken for complete."""


@dataclass(frozen=True, slots=True)
class Handled:
    """One file that was decided about.

    Attributes:
        path: within the folder; empty where the folder itself could not be listed.
        decision: of the guard.
        moved_to: where it is now, a path or a URL; None where it stays.
        problem: why it could not be read or moved, in words; it is tried again.
    """

    path: str
    decision: Decision | None
    moved_to: str | None = None
    problem: str | None = None


class Watcher:
    """Looks at a folder again and again; see `look`. One thread uses it.

    A file of this machine is taken when it was moved into the folder, or when nothing was written
    to it for a while; an object of a store, when it is there. Hidden files (``.name``) and those
    that end in ``.part`` or ``.tmp`` are left alone.

    Args:
        folder: with its folders: a path, or a URL (``s3://bucket/incoming``).
        guard: decides. Where its decision is ``"unavailable"`` and not ``"pass"``, the file waits.
        move: folders elsewhere, of the same kind, by what is decided; files of the other decisions
            stay, and are looked at again when they change.
        settled: seconds without a change after which a file of this machine is complete.

    Raises:
        ArchiveError: there is no such folder, or files would be moved into it.
        MissingExtraError: a URL, and the extra ``s3`` is not installed.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        guard: Guard,
        move: Mapping[EdgeAction, str | os.PathLike[str]] = MappingProxyType({}),
        settled: float = SETTLED_SECONDS,
    ) -> None:
        self._guard: Final = guard
        self._move: Final = {action: os.fspath(target) for action, target in move.items()}
        self._inbox: Final = _opened(os.fspath(folder), tuple(self._move.values()), settled)
        self._done: dict[str, Stored] = {}

    def look(self) -> Iterator[Handled]:
        """Decide about every complete file that is new, some side by side; see `Handled`."""
        try:
            here = self._inbox.ready()
        except OSError as error:
            yield Handled("", None, problem=f"The folder cannot be listed: {error.strerror}.")
            return
        states = {path: seen for path, (seen, _) in here.items() if not _is_unfinished(path)}
        self._done = {path: seen for path, seen in self._done.items() if states.get(path) == seen}
        new = [path for path in states if path not in self._done and here[path][1]]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            handling = pool.map(lambda path: self._handle(path, states[path]), new)
            for path, handled in zip(new, handling, strict=True):
                if handled is None:  # it went away, or is another one by now
                    continue
                if handled.problem is None and not _waits(handled.decision):
                    self._done[path] = states[path]
                yield handled

    def run(self, ending: threading.Event, every: float = 1.0) -> Iterator[Handled]:
        """Look until an event is set.

        Args:
            ending: the event.
            every: seconds from one look to the next.
        """
        while not ending.is_set():
            yield from self.look()
            ending.wait(every)

    def _handle(self, path: str, seen: Stored) -> Handled | None:
        try:
            data = self._inbox.read(path, seen)
        except OSError as error:
            return Handled(path, None, problem=f"It cannot be read: {error.strerror}.")
        if data is None:
            return None
        declared = PurePosixPath(path).suffix.lower() in ENDINGS
        decision = self._guard.decide(data, declared=declared)
        del data
        target = self._move.get(decision.action)
        if target is None or _waits(decision):
            return Handled(path, decision)
        try:
            moved_to = self._inbox.move(path, seen, target)
        except OSError as error:
            return Handled(path, decision, problem=f"It cannot be moved: {error.strerror}.")
        return None if moved_to is None else Handled(path, decision, moved_to)


def _opened(folder: str, targets: tuple[str, ...], settled: float) -> Inbox:
    if is_url(folder):
        return BucketInbox(folder, targets)
    return FolderInbox(folder, targets, settled)


def _is_unfinished(path: str) -> bool:
    """Whether a name says that its file is still being written, or not for others."""
    whole = PurePosixPath(path)
    return whole.suffix in {".part", ".tmp"} or any(each.startswith(".") for each in whole.parts)


def _waits(decision: Decision | None) -> bool:
    return decision is not None and decision.why == "unavailable" and decision.action != "pass"
