"""The pictures that a command was given: files, folders, or ``-``; worked on side by side."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from stat import S_IFDIR, S_IFMT, S_IFREG
from typing import BinaryIO, Final, TypeVar

import click

from hashmatch.cli.progress import progress
from hashmatch.errors import HashmatchError
from hashmatch.hashers import ENDINGS

Found = TypeVar("Found")
STANDARD_INPUT: Final = "-"


class UnreadableError(HashmatchError):
    """The system does not let us read a file."""

    reason = "unreadable"


def find(arguments: Iterable[str]) -> list[str]:
    """The pictures that the arguments name; folders are searched, also their folders.

    A folder that cannot be searched is among them, so that it is told, with the others' verdicts,
    that it cannot be read.

    Raises:
        click.BadParameter: there is no such file, or a folder without pictures.
    """
    found: list[str] = []
    for argument in arguments:
        kind = S_IFREG if argument == STANDARD_INPUT else _kind(argument)
        if kind == S_IFREG:
            found.append(argument)
        elif kind == S_IFDIR:
            inside = sorted(_inside(argument))
            if not inside:
                raise click.BadParameter(
                    f"the folder {argument!r} has no pictures in it, by the endings of their names"
                )
            found += inside
        else:
            raise click.BadParameter(
                f"{argument!r} is neither a file nor a folder; give its bytes to -, standard input"
            )
    return found


def _kind(argument: str) -> int:
    try:
        return S_IFMT(Path(argument).stat().st_mode)
    except FileNotFoundError:
        raise click.BadParameter(f"there is no file {argument!r}") from None
    except OSError as error:
        raise click.BadParameter(f"{argument!r} cannot be read: {error.strerror}") from None


def _inside(folder: str) -> Iterator[str]:
    """The pictures of a folder, by their names, and its folders that cannot be searched."""
    folders = [folder]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            yield folder
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif Path(entry.name).suffix.lower() in ENDINGS and entry.is_file():
                yield entry.path


def read(path: str) -> BinaryIO | Path:
    """What a hasher is given: the path, or standard input."""
    return sys.stdin.buffer if path == STANDARD_INPUT else Path(path)


def each(
    paths: list[str], work: Callable[[str], Found], *, doing: str
) -> Iterator[tuple[str, Found | HashmatchError]]:
    """Do the work for each picture, some at a time, in order; a refusal does not stop the others.

    Long work shows its progress where a person looks on.
    """
    workers = min(os.cpu_count() or 1, len(paths))

    def attempt(path: str) -> Found | HashmatchError:
        try:
            return work(path)
        except HashmatchError as error:
            return error
        except OSError as error:
            return UnreadableError(f"{path} cannot be read: {error.strerror or error}.")

    with progress(len(paths), doing) as advance, ThreadPoolExecutor(workers) as pool:
        # Few are in the air at once: results of a huge folder do not pile up.
        queue: deque[tuple[str, Future[Found | HashmatchError]]] = deque()
        waiting = iter(paths)
        try:
            for path in waiting:
                queue.append((path, pool.submit(attempt, path)))
                if len(queue) > 4 * workers:
                    break
            while queue:
                path, future = queue.popleft()
                result = future.result()
                advance()
                upcoming = next(waiting, None)
                if upcoming is not None:
                    queue.append((upcoming, pool.submit(attempt, upcoming)))
                yield path, result
        finally:
            for _, future in queue:
                future.cancel()
