"""Files that arrive in a folder of this machine."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hashmatch.errors import ArchiveError
from hashmatch.hashers import DEFAULT_LIMITS
from hashmatch.matching.archives import Stored
from hashmatch.matching.archives.buckets import is_url


class FolderInbox:
    """A folder with its folders; see `Inbox`. A file that was left alone for a while is complete.

    Args:
        folder: the folder.
        targets: folders that files are moved to.
        settled: seconds for which nothing was written to a file that is complete.

    Raises:
        ArchiveError: there is no such folder, or files would be moved into it.
    """

    def __init__(self, folder: str, targets: tuple[str, ...], settled: float) -> None:
        self._folder: Final = Path(folder)
        self._settled: Final = settled
        if not self._folder.is_dir():
            raise ArchiveError(f"There is no folder {folder}.")
        here = self._folder.resolve()
        for target in targets:
            if is_url(target):
                raise ArchiveError(
                    f"{target} is no folder of this machine; choose another folder here."
                )
            place = Path(target).resolve()
            if here == place or here in place.parents:
                raise ArchiveError(f"{target} lies inside of {folder}; choose another folder.")

    def ready(self) -> dict[str, tuple[Stored, bool]]:
        """See `Inbox.ready`."""
        now = time.time_ns()
        return {
            path: (seen, now - seen.modified >= self._settled * 1e9)
            for path, seen in _files(self._folder)
        }

    def read(self, path: str, seen: Stored) -> bytes | None:
        """See `Inbox.read`."""
        place = self._folder / path
        try:
            if _seen(place) != seen:
                return None
            with place.open("rb") as file:
                data = file.read(DEFAULT_LIMITS.max_bytes + 1)
            return data if _seen(place) == seen else None
        except FileNotFoundError:
            return None

    def move(self, path: str, seen: Stored, target: str) -> str | None:
        """See `Inbox.move`."""
        source = self._folder / path
        if _seen(source) != seen:
            return None
        return str(_move(source, Path(target) / path))


def _files(folder: Path) -> Iterator[tuple[str, Stored]]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            continue
        try:
            if path.is_file():
                yield path.relative_to(folder).as_posix(), _seen(path)
        except OSError:
            continue  # it went away


def _seen(path: Path) -> Stored:
    known = path.stat()
    return Stored(known.st_size, known.st_mtime_ns, "")


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
