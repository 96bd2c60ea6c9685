"""How far each piece of an archive was compared: a line for each piece that was done.

A line is written when the piece's matches are on the disk. Lines that are lost, or torn off, are as
if their pieces had not been done; these are then done again, into the same files. So lines are
brought to the disk now and then, and at the end, and not one by one.
"""

import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from hashmatch.errors import ArchiveError
from hashmatch.matching.archives import Mark, Piece

NAME: Final = "scanned.jsonl"
SETTLED_EVERY: Final = 1.0
"""Seconds: as much work may be done again after a power cut."""

Key = tuple[str, str, int]


class Journal:
    """The journal in a folder; one process uses it.

    Raises:
        ArchiveError: it cannot be read or written, or is damaged before its end.
    """

    def __init__(self, folder: Path) -> None:
        self._path: Final = folder / NAME
        self._marks: Final = _read(self._path)
        self._rewrite()
        self._settled = time.monotonic()

    def mark(self, piece: Piece) -> Mark | None:
        """How far a piece was compared; None where it is new."""
        return self._marks.get(piece.key)

    def marks(self) -> frozenset[Mark]:
        """All that were made."""
        return frozenset(self._marks.values())

    def done(self, piece: Piece, mark: Mark) -> None:
        """Note that a piece was compared.

        Raises:
            ArchiveError: it cannot be written down.
        """
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(piece.key, mark))
            if time.monotonic() - self._settled > SETTLED_EVERY:
                self.settle()
        except OSError as error:
            raise _unwritten(self._path, error) from error
        self._marks[piece.key] = mark

    def settle(self) -> None:
        """Bring to the disk what was noted.

        Raises:
            ArchiveError: the disk does not take it.
        """
        try:
            with self._path.open("rb") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise _unwritten(self._path, error) from error
        self._settled = time.monotonic()

    def _rewrite(self) -> None:
        unfinished = self._path.with_suffix(".unfinished")
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                file.writelines(_line(key, mark) for key, mark in self._marks.items())
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._path)
        except OSError as error:
            raise _unwritten(self._path, error) from error


def _line(key: Key, mark: Mark) -> str:
    file, state, group = key
    return json.dumps({"file": file, "state": state, "group": group, **asdict(mark)}) + "\n"


def _read(path: Path) -> dict[Key, Mark]:
    if not path.exists():
        return {}
    try:
        *lines, torn = path.read_bytes().split(b"\n")
        told = [json.loads(line) for line in lines]
        del torn  # "" where the last line is whole
        return {
            (str(each["file"]), str(each["state"]), int(each["group"])): _mark(each)
            for each in told
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(
            f"{path} cannot be read, so what was scanned is not known. Delete it, and all is "
            "scanned again."
        ) from error


def _mark(told: dict[str, Any]) -> Mark:
    return Mark(int(told["entry"]), int(told["first"]), int(told["sequence"]), told["anchor"])


def _unwritten(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"{path} cannot be written: {error.strerror}. What was done before is kept; make room, "
        "and run the same scan again."
    )
