"""The pictures that a command was given: files, folders, or ``-``; worked on side by side."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

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

    Raises:
        click.BadParameter: there is no such file, or a folder without pictures.
    """
    found: list[str] = []
    for argument in arguments:
        path = Path(argument)
        if argument == STANDARD_INPUT or path.is_file():
            found.append(argument)
        elif path.is_dir():
            inside = sorted(
                str(file)
                for file in path.rglob("*")
                if file.suffix.lower() in ENDINGS and file.is_file()
            )
            if not inside:
                raise click.BadParameter(f"the folder {argument!r} has no pictures in it")
            found += inside
        else:
            raise click.BadParameter(f"there is no file {argument!r}")
    return found


def read(path: str) -> bytes | Path:
    """What a hasher is given: the path, or what came through standard input."""
    return sys.stdin.buffer.read() if path == STANDARD_INPUT else Path(path)


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
