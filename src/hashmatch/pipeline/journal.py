"""What was read of a feed since the snapshot, on the disk: so that a restart needs no network.

A line for each page: CRC-32 of what follows, a space, the page as JSON. What a crash has torn, or
a disk has spoilt, is cut off with all that follows it, and is read from the service again.

Of the processes that share a cache one writes; the others read what is there when they start.
"""

import json
import logging
import os
import zlib
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from hashmatch.matching import turn

NAME: Final = "changes.jsonl"
LOCK: Final = "changes.lock"
TOGETHER: Final = 10_000
"""Changes from which on no further page is read along."""

log: Final = logging.getLogger(__name__)


class Journal:
    """Pages of a feed, one after the other. One thread uses it.

    Args:
        folder: is made if need be; one that cannot be written to keeps nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._path: Final = folder / NAME
        self._turn: Final = ExitStack()
        self._writes = False
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._writes = self._turn.enter_context(turn(folder / LOCK, wait=False))
        self._places: list[_Place] = []
        good = self._read()
        if self._writes:
            self._tried(lambda: self._cut(good))

    def page(self, after: int) -> dict[str, Any] | None:
        """The page that holds the change after a number, if any does, with those that follow it.

        A quiet feed comes in pages of a few changes; together they are taken much faster.
        """
        first = next((n for n, at in enumerate(self._places) if at.after <= after < at.until), None)
        if first is None:
            return None
        whole: dict[str, Any] | None = None
        with suppress(OSError), self._path.open("rb") as file:
            for place in self._places[first:]:
                if whole is not None and len(whole["changes"]) >= TOGETHER:
                    break
                file.seek(place.start)
                page = _page_of(file.read(place.end - place.start))
                # another process may have written the file anew since it was looked through
                if page is None or page["after"] != place.after:
                    break
                whole = page if whole is None else _joined(whole, page)
        return whole

    @property
    def until(self) -> int | None:
        """The last change that it holds; None where it holds none."""
        return self._places[-1].until if self._places else None

    def append(self, page: dict[str, Any]) -> None:
        """Keep a page, with its ``after`` and ``until``."""
        line = _line_of(page)
        start = self._places[-1].end if self._places else 0
        place = _Place(page["after"], page["until"], start, start + len(line))
        if self._tried(lambda: self._write("ab", [line])):
            self._places.append(place)

    def forget(self, until: int) -> None:
        """Drop the pages that end with a change, or before: a snapshot holds them now."""
        kept = [place for place in self._places if place.until > until]
        if len(kept) < len(self._places):
            self._rewrite(kept)

    def clear(self) -> None:
        """Drop all pages."""
        if self._places:
            self._rewrite([])

    def touch(self) -> None:
        """Remember that the service answered just now."""
        self._tried(lambda: os.utime(self._path))

    def touched(self) -> float | None:
        """When the service last answered, in seconds since 1970; None where that is unknown."""
        try:
            return self._path.stat().st_mtime
        except OSError:
            return None

    def close(self) -> None:
        """Let another process write."""
        self._turn.close()
        self._writes = False

    def _tried(self, work: Callable[[], Any]) -> bool:
        """Write, if it is one's turn; a journal that cannot be written is none, and no harm."""
        if not self._writes:
            return False
        try:
            work()
        except OSError as error:
            log.warning(
                "The journal %s cannot be written (%s). After a restart its changes are read from "
                "the service again.",
                self._path,
                error.strerror,
            )
            with suppress(OSError):
                self._path.unlink()
            self._places = []
            self.close()
            return False
        return True

    def _read(self) -> int:
        """Find the pages; returns how many bytes of the file are good."""
        good = 0
        with suppress(OSError), self._path.open("rb") as file:
            for line in file:
                page = _page_of(line)
                if page is None or self.until not in {None, page["after"]}:
                    log.warning("The journal %s is damaged from byte %d on.", self._path, good)
                    break
                end = good + len(line)
                self._places.append(_Place(page["after"], page["until"], good, end))
                good = end
        return good

    def _cut(self, size: int) -> None:
        with open(self._path, "ab", opener=_for_its_owner) as file:
            file.truncate(size)

    def _rewrite(self, kept: list["_Place"]) -> None:
        lines = []
        with suppress(OSError), self._path.open("rb") as file:
            for place in kept:
                file.seek(place.start)
                lines.append(file.read(place.end - place.start))
        kept = kept[: len(lines)]
        self._places = []
        if self._tried(lambda: self._write("wb", lines)):
            end = 0
            for place, line in zip(kept, lines, strict=True):
                self._places.append(_Place(place.after, place.until, end, end + len(line)))
                end += len(line)

    def _write(self, mode: str, lines: list[bytes]) -> None:
        """Write at the end of the file, or a new file in its place."""
        path = self._path if mode == "ab" else self._path.with_suffix(".new")
        with open(path, mode, opener=_for_its_owner) as file:
            file.writelines(lines)
        if path != self._path:
            path.replace(self._path)


class _Place(NamedTuple):
    """Where a page stands in the file, and which changes it holds: above one number, to another."""

    after: int
    until: int
    start: int
    end: int


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _joined(page: dict[str, Any], following: dict[str, Any]) -> dict[str, Any]:
    changes = page["changes"]
    changes += following["changes"]
    return {**page, **following, "after": page["after"], "changes": changes}


def _line_of(page: dict[str, Any]) -> bytes:
    told = json.dumps(page, separators=(",", ":")).encode()
    return b"%08x %b\n" % (zlib.crc32(told), told)


def _page_of(line: bytes) -> dict[str, Any] | None:
    told, _, content = line.rstrip(b"\n").partition(b" ")
    if not line.endswith(b"\n") or told != b"%08x" % zlib.crc32(content):
        return None
    page: dict[str, Any] = json.loads(content)
    return page
