"""A scan: each piece of the archive against the entries that it was not compared with yet."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hashmatch import hashers as known_hashers
from hashmatch.errors import ArchiveError
from hashmatch.matching import turn
from hashmatch.matching.archives import Comparison, Lists, Loaded, Mark, Piece, Pieces
from hashmatch.matching.archives.buckets import is_url
from hashmatch.pipeline.scan import albums, parts, pictures
from hashmatch.pipeline.scan.journal import Journal
from hashmatch.registry import DEFAULT_PLACE

HASHES: Final = "hashes"
MATCHES: Final = "matches"
LISTS: Final = "lists"
LOCK: Final = "lock"

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
    """A piece, and what is to be noted of it; without codes where there is nothing to search for.

    Attributes:
        piece: it.
        after: the entry after which it is compared.
        mark: up to where it then was; None where that is known already.
        loaded: its codes.
    """

    piece: Piece
    after: int
    mark: Mark | None
    loaded: Loaded | None


class _Work:
    """The pieces of one scan, one after the other; a search is shared out to all threads."""

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
        """Scan them; while one is searched, the next is read, and the last goes to the disk."""
        done, total = 0, pieces.rows
        with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as writer:
            written: Future[None] | None = None
            for job in _ahead(reader, (self._read(piece, since) for piece in pieces)):
                if job.loaded is not None:
                    job.loaded.find()
                if written is not None:
                    written.result()
                written = writer.submit(self._keep, job)
                done += job.piece.rows
                told(done, total)
            if written is not None:
                written.result()
        self._journal.settle()

    def _read(self, piece: Piece, since: int | None) -> _Job:
        before = self._journal.mark(piece)
        after, first = _bounds(before, since)
        comparison = self._against(after)
        mark = replace(self._lists.mark, first=first)
        if not comparison.entries:
            return _Job(piece, after, mark if before is None else None, None)
        loaded = Loaded(piece, comparison, self._hasher, self._current(piece))
        return _Job(piece, after, mark, loaded)

    def _keep(self, job: _Job) -> None:
        if job.loaded is not None:
            scanned = job.loaded.tell()
            if scanned.matches.num_rows:
                parts.put(self._out / _name(job.piece, job.after), scanned.matches)
            self.codes += scanned.codes
            self.pieces += 1
            self.actions.update(scanned.matches.column("action").to_pylist())
        if job.mark is not None:
            self._journal.done(job.piece, job.mark)

    def _against(self, after: int) -> Comparison:
        if after not in self._comparisons:
            self._comparisons[after] = Comparison(self._lists.generation, after)
        return self._comparisons[after]

    def _current(self, piece: Piece) -> npt.NDArray[np.bool_] | None:
        return None if self._listing is None else pictures.current_rows(piece, self._listing)


def _ahead(reader: ThreadPoolExecutor, jobs: Iterator[_Job]) -> Iterator[_Job]:
    """The jobs, each read while the one before is at work."""
    coming = reader.submit(next, jobs, None)
    while (job := coming.result()) is not None:
        coming = reader.submit(next, jobs, None)
        yield job


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
