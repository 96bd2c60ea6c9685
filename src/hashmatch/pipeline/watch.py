"""A folder as a queue: files that arrive are checked, and moved to where a policy wants them."""

import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from hashmatch.errors import ArchiveError
from hashmatch.hashers import DEFAULT_LIMITS, ENDINGS
from hashmatch.pipeline.guards import Decision, Guard
from hashmatch.pipeline.guards.edge import EdgeAction

SETTLED_SECONDS: Final = 2.0
"""A file that was not written to for so long is taken for complete."""


class Seen(NamedTuple):
    """A file as it was found: another size or time is another file."""

    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Handled:
    """One file that was decided about.

    Attributes:
        path: within the folder.
        decision: of the guard.
        moved_to: where it is now; None where it stays.
        problem: why it could not be read or moved, in words; it is tried again.
    """

    path: str
    decision: Decision | None
    moved_to: Path | None = None
    problem: str | None = None


@dataclass
class Watcher:
    """Looks at a folder again and again; see `look`. One thread uses it.

    A file is taken when it was moved into the folder, or when nothing was written to it for a
    while. Hidden files (``.name``) and those that end in ``.part`` or ``.tmp`` are left alone.

    Attributes:
        folder: with its folders.
        guard: decides. Where its decision is ``"unavailable"`` and not ``"pass"``, the file waits.
        move: folders elsewhere, by what is decided; files of the other decisions stay, and are
            looked at again when they change.
        settled: seconds without a change after which a file is complete.

    Raises:
        ArchiveError: there is no such folder, or files would be moved into it.
    """

    folder: Path
    guard: Guard
    move: Mapping[EdgeAction, Path] = field(default_factory=lambda: MappingProxyType({}))
    settled: float = SETTLED_SECONDS
    _done: dict[str, Seen] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.folder.is_dir():
            raise ArchiveError(f"There is no folder {self.folder}.")
        here = self.folder.resolve()
        for place in self.move.values():
            if here == place.resolve() or here in place.resolve().parents:
                raise ArchiveError(f"{place} lies inside of {self.folder}; choose another folder.")

    def look(self) -> Iterator[Handled]:
        """Decide about every complete file that is new, some side by side; see `Handled`."""
        here = dict(_files(self.folder))
        self._done = {path: seen for path, seen in self._done.items() if here.get(path) == seen}
        now = time.time_ns()
        ready = [
            path
            for path, seen in here.items()
            if path not in self._done and now - seen.modified >= self.settled * 1e9
        ]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for path, handled in zip(ready, pool.map(self._handle, ready), strict=True):
                if handled is None:  # it went away, or is not complete after all
                    continue
                if handled.problem is None and not _waits(handled.decision):
                    self._done[path] = here[path]
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

    def _handle(self, path: str) -> Handled | None:
        place = self.folder / path
        try:
            before = _seen(place)
            with place.open("rb") as file:
                data = file.read(DEFAULT_LIMITS.max_bytes + 1)
            if _seen(place) != before:
                return None
        except FileNotFoundError:
            return None
        except OSError as error:
            return Handled(path, None, problem=f"It cannot be read: {error.strerror}.")
        decision = self.guard.decide(data, declared=place.suffix.lower() in ENDINGS)
        target = self.move.get(decision.action)
        if target is None or _waits(decision):
            return Handled(path, decision)
        try:
            return Handled(path, decision, _move(place, target / path))
        except OSError as error:
            return Handled(path, decision, problem=f"It cannot be moved: {error.strerror}.")


def _waits(decision: Decision | None) -> bool:
    return decision is not None and decision.why == "unavailable" and decision.action != "pass"


def _files(folder: Path) -> Iterable[tuple[str, Seen]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or path.suffix in {".part", ".tmp"} or path.is_symlink():
            continue
        try:
            if path.is_file():
                yield inside.as_posix(), _seen(path)
        except OSError:
            continue  # it went away


def _seen(path: Path) -> Seen:
    known = path.stat()
    return Seen(known.st_size, known.st_mtime_ns)


def _move(source: Path, target: Path) -> Path:
    """Move a file beside any that has its name already; nothing is written over."""
    target.parent.mkdir(parents=True, exist_ok=True)
    free = target
    for number in range(1, 10_000):
        try:
            # made here, so that no other process takes the name meanwhile
            os.close(os.open(free, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            free = target.with_name(f"{target.stem}-{number}{target.suffix}")
            continue
        try:
            shutil.move(source, free)
        except OSError:
            free.unlink(missing_ok=True)
            raise
        return free
    raise OSError(0, f"there are too many files named {target.name}")
