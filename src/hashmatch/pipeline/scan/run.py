"""A scan: each piece of the archive against the entries that it was not compared with yet."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from hashmatch import hashers as known_hashers
from hashmatch.errors import ArchiveError
from hashmatch.indexes import threads
from hashmatch.indexes.parallel import alone
from hashmatch.matching import turn
from hashmatch.matching.archives import (
    Comparison,
    Lists,
    Mark,
    Piece,
    Pieces,
    Scanned,
    scan_piece,
)
from hashmatch.matching.archives.buckets import is_url
from hashmatch.pipeline.scan import albums, parts, pictures
from hashmatch.pipeline.scan.journal import Journal
from hashmatch.registry import DEFAULT_PLACE

HASHES: Final = "hashes"
MATCHES: Final = "matches"
LISTS: Final = "lists"
LOCK: Final = "lock"
LANES: Final = 8
"""Pieces at work at a time, at most, for each is in memory. They are one more than there are
threads, so that while some are read and written down, others are searched."""

Ended = TypeVar("Ended")

Told = Callable[[str, int, int], object]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a scan did.

    Attributes:
        archive: what was scanned.
        matches: the folder with what was ever found in it, Parquet; see
            `hashmatch.matching.archives.RESULTS`.
        sequence: the last change of the registry that was effective.
        hashed: pictures that were hashed just now.
        refused: those of them that could not be decoded; the reasons stand beside the codes.
        codes: how many were compared just now.
        pieces: row groups that had something to be compared with.
        block: matches found just now that their lists block.
        review: likewise, that are to be looked at.
        allowed: likewise, in allow-lists.
    """

    archive: str
    matches: str
    sequence: int
    hashed: int
    refused: int
    codes: int
    pieces: int
    block: int
    review: int
    allowed: int


def scan(
    archive: str | os.PathLike[str],
    out: str | os.PathLike[str],
    place: str | os.PathLike[str] = DEFAULT_PLACE,
    *,
    token: str | None = None,
    cache: str | os.PathLike[str] | None = None,
    since: int | None = None,
    hashers: Iterable[str] = (),
    told: Told = lambda *_: None,
) -> Summary:
    """Compare an archive with the entries that came since it was last scanned.

    Killed at any moment and run again, it goes on with the row group that it was at. What is found
    is what `hashmatch.Matcher.match_lists` finds.

    Args:
        archive: Parquet with a column ``hash`` (bytes or hexadecimal) and, if there are,
            ``hasher``, ``quality`` (0 to 100) and ``path``: a file, a folder, or a URL of either
            (``s3://bucket/folder``); or a folder or URL of pictures, which are hashed first, as
            uploads are.
        out: a folder for what is found, and for what a later scan must know; of one archive.
        place: the registry: a folder, a database URL, or the URL of a service.
        token: for a service; it takes the scope ``check``.
        cache: see `hashmatch.Matcher.open`; for a service by default inside ``out``.
        since: a change of the registry; only entries that were added later are looked for. By
            default each row group goes on where its last scan ended, a new one at 0.
        hashers: of codes that do not tell theirs (one; by default ``pdq``), or those by which
            pictures are hashed.
        told: hears what is being done, and how many of how many pictures or codes are through.

    Raises:
        ArchiveError: the archive cannot be read, ``out`` not be written, another scan is at work
            there, or it is of another registry.
        RegistryUnavailableError: the registry cannot be read.
        UnknownHasherError: a hasher is not installed.
        MissingExtraError: likewise, and the extra that it takes; or that a URL takes.
    """
    folder, names = Path(out), tuple(hashers)
    for name in names:
        known_hashers.get(name)
    source = os.fspath(archive)
    _refuse_inside(source, folder)
    parts.make_folder(folder)
    parts.make_folder(folder / MATCHES)
    with ExitStack() as stack:
        if not stack.enter_context(turn(folder / LOCK, wait=False)):
            raise ArchiveError(f"Another scan is at work in {folder}.")
        album, hashed = albums.album_at(source), pictures.Hashed(0, 0)
        if album is not None:
            hashed = pictures.hash_album(
                album,
                folder / HASHES,
                names or pictures.PICTURE_HASHERS,
                lambda done, total: told("Hashing", done, total),
            )
        listing = None if album is None else album.listing
        pieces = Pieces(source if album is None else str(folder / HASHES))
        if cache is None and str(place).startswith(("http://", "https://")):
            cache = folder / LISTS
        lists = stack.enter_context(Lists.open(place, token=token, cache=cache))
        journal = Journal(folder)
        _check(journal, lists, folder)
        after = None if since is None else lists.entry_at(since)
        work = _Work(lists, journal, folder / MATCHES, names[0] if names else "pdq", listing)
        work.run(pieces, after, lambda done, total: told("Scanning", done, total))
        return Summary(
            source,
            str(folder / MATCHES),
            lists.mark.sequence,
            hashed.pictures,
            hashed.refused,
            work.codes,
            work.pieces,
            work.actions["block"],
            work.actions["review"],
            work.actions["pass"],
        )


class _Job(NamedTuple):
    """A piece, and what is to be noted of it.

    Attributes:
        piece: it.
        comparison: with what it is compared; None where there is nothing to look for.
        after: the entry after which it is compared.
        mark: up to where it then was; None where that is known already.
    """

    piece: Piece
    comparison: Comparison | None
    after: int
    mark: Mark | None


class _Work:
    """The pieces of one scan, some side by side.

    Each is searched by its own thread, or where there are few pieces, or more threads than may be
    at work, by all.
    """

    def __init__(
        self,
        lists: Lists,
        journal: Journal,
        out: Path,
        hasher: str,
        listing: albums.Listing | None,
    ) -> None:
        self._lists = lists
        self._journal = journal
        self._out = out
        self._hasher = hasher
        self._listing = listing
        self._comparisons: dict[int, Comparison] = {}
        self.codes = 0
        self.pieces = 0
        self.actions: Counter[str] = Counter()

    def run(self, pieces: Pieces, since: int | None, told: Callable[[int, int], object]) -> None:
        """Scan them; a piece is noted when its matches are on the disk."""
        done, total = 0, pieces.rows
        lanes = min(threads() + 1, LANES)
        jobs = (self._job(piece, since) for piece in pieces)
        work = self._scan
        if len(pieces) >= 2 * lanes > 2 * threads():
            work = self._scan_alone
        for job, scanned in _as_they_end(work, jobs, lanes):
            if scanned is not None:
                self.codes += scanned.codes
                self.pieces += 1
                self.actions.update(scanned.matches.column("action").to_pylist())
            if job.mark is not None:
                self._journal.done(job.piece, job.mark)
            done += job.piece.rows
            told(done, total)
        self._journal.settle()

    def _job(self, piece: Piece, since: int | None) -> _Job:
        before = self._journal.mark(piece)
        after, first = _bounds(before, since)
        comparison = self._against(after)
        mark = replace(self._lists.mark, first=first)
        if not comparison.entries:
            return _Job(piece, None, after, mark if before is None else None)
        return _Job(piece, comparison, after, mark)

    def _scan(self, job: _Job) -> tuple[_Job, Scanned | None]:
        if job.comparison is None:
            return job, None
        current = self._current(job.piece)
        scanned = scan_piece(job.piece, job.comparison, self._hasher, current)
        if scanned.matches.num_rows:
            parts.put(self._out / _name(job.piece, job.after), scanned.matches)
        return job, scanned

    def _scan_alone(self, job: _Job) -> tuple[_Job, Scanned | None]:
        """The same, where other threads have pieces of their own: nothing waits for another."""
        with alone():
            return self._scan(job)

    def _against(self, after: int) -> Comparison:
        if after not in self._comparisons:
            self._comparisons[after] = Comparison(self._lists.generation, after)
        return self._comparisons[after]

    def _current(self, piece: Piece) -> npt.NDArray[np.bool_] | None:
        return None if self._listing is None else pictures.current_rows(piece, self._listing)


def _as_they_end(
    work: Callable[[_Job], Ended], jobs: Iterator[_Job], lanes: int
) -> Iterator[Ended]:
    """What becomes of jobs, in the order in which they end; so many are at work at a time."""
    with ThreadPoolExecutor(lanes) as pool:
        pending = {pool.submit(work, job) for job in islice(jobs, lanes)}
        while pending:
            ended, pending = wait(pending, return_when=FIRST_COMPLETED)
            pending |= {pool.submit(work, job) for job in islice(jobs, len(ended))}
            for each in ended:
                yield each.result()


def _bounds(before: Mark | None, since: int | None) -> tuple[int, int]:
    """The entry after which a piece is to be compared, and the one after which it then was."""
    if before is None:
        return since or 0, since or 0
    if since is None or before.first <= since <= before.entry:
        return before.entry, before.first
    return since, since


def _name(piece: Piece, after: int) -> str:
    """The same for the same work, so that what is done twice is there once."""
    key = hashlib.sha256(json.dumps(piece.key).encode()).hexdigest()[:24]
    return f"{key}-{after:012d}.parquet"


def _check(journal: Journal, lists: Lists, folder: Path) -> None:
    if not all(lists.knows(mark) for mark in journal.marks()):
        raise ArchiveError(
            f"{folder} was scanned against another registry, or this one was restored from a "
            "backup since. Scan into another folder."
        )


def _refuse_inside(archive: str, out: Path) -> None:
    if not is_url(archive) and Path(archive).is_dir():
        inside, around = out.resolve(), Path(archive).resolve()
        if inside == around or around in inside.parents:
            raise ArchiveError(f"{out} lies inside of the archive; choose a folder elsewhere.")
