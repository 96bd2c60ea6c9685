"""Files of hashes that others put in place: whole lists, or what has changed.

``csv`` reads whatever `hashmatch list import` reads: CSV, Parquet, or a hash a line. ``hma`` reads
the lines of Hasher-Matcher-Actioner's local files, a type and a hash each. ``threatexchange``
reads what ThreatExchange answers to ``threat_updates``: pages, or records, one a line or the file
as a whole; records say whether they are to be deleted.

A file is taken for all that its source has: what was in it before and no longer is, is withdrawn.
Where a file holds changes only (``partial``), nothing goes but what it says is to go.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from hashmatch.errors import FeedUnreadableError, InvalidHashError, ListFileError
from hashmatch.exchanges.hashes import DEGENERATE, is_id, read_hash
from hashmatch.registry import Checkpoint, Page, Record, Rejected
from hashmatch.registry.degenerate import is_degenerate

PAGE_SIZE: Final = 10_000
MAX_LINE: Final = 64 << 20

_HMA: Final = {"pdq": "pdq", "md5": "md5", "video_md5": "md5", "sha256": "sha256"}
_THREATEXCHANGE: Final = {"HASH_PDQ": "pdq", "HASH_MD5": "md5", "HASH_VIDEO_MD5": "md5",
                          "HASH_SHA256": "sha256"}  # fmt: skip


class _Read(NamedTuple):
    """What one line came to; all empty for a kind that is not matched here."""

    record: Record | None = None
    rejected: Rejected | None = None


class HashFile:
    """A file, read anew whenever it has changed.

    Args:
        path: the file.
        partial: it holds changes only.
    """

    def __init__(self, path: Path, *, partial: bool = False) -> None:
        self._path = path
        self._partial = partial

    @classmethod
    def open(cls, name: str, settings: Mapping[str, Any]) -> Self:
        """By the exchange's settings; a file needs no credentials."""
        del name
        return cls(Path(settings["path"]), partial=bool(settings.get("partial")))

    def fetch(self, checkpoint: Checkpoint | None) -> Iterator[Page]:
        """See `Exchange.fetch`."""
        identity = self._identity()
        if checkpoint is not None and checkpoint["file"] == identity:
            yield Page((), checkpoint, complete=True)
            return
        begins = not self._partial
        reads = self._reads()
        some = list(islice(reads, PAGE_SIZE))
        while True:
            after = list(islice(reads, PAGE_SIZE))
            if not after and self._identity() != identity:
                raise FeedUnreadableError(
                    f"The file {self._path.name!r} changed while it was read. Fetch it again."
                )
            yield Page(
                [each.record for each in some if each.record],
                {"file": None if after else identity},
                [each.rejected for each in some if each.rejected],
                sum(each == _Read() for each in some),
                begins=begins,
                complete=not after,
            )
            if not after:
                return
            some, begins = after, False

    def _reads(self) -> Iterator[_Read]:
        raise NotImplementedError

    def _identity(self) -> list[int]:
        try:
            status = self._path.stat()
        except OSError as error:
            raise FeedUnreadableError(
                f"The file {self._path.name!r} cannot be read: {error.strerror}."
            ) from None
        return [status.st_ino, status.st_size, status.st_mtime_ns]

    def _lines(self) -> Iterator[tuple[int, str]]:
        """The lines that are not blank, with their numbers."""
        try:
            with self._path.open(encoding="utf-8-sig", errors="replace") as file:
                number = 0
                while line := file.readline(MAX_LINE + 1):
                    number += 1
                    if len(line) > MAX_LINE:
                        raise FeedUnreadableError(
                            f"Line {number} of {self._path.name!r} is too long."
                        )
                    if line.strip():
                        yield number, line
        except OSError as error:
            raise FeedUnreadableError(
                f"The file {self._path.name!r} cannot be read: {error.strerror}."
            ) from None


class TableFile(HashFile):
    """CSV, Parquet, or plain lines of hexadecimal digits."""

    def _reads(self) -> Iterator[_Read]:
        from hashmatch.registry.reading import format_of, read_file
        from hashmatch.registry.rows import RowReader
        from hashmatch.registry.schema import KNOWN_HASHERS
        from hashmatch.registry.widths import Width

        widths = {name: Width(0, bits) for name, bits in KNOWN_HASHERS.items()}
        try:
            batches = read_file(self._path, format_of(self._path), RowReader(widths, "pdq", "file"))
            for batch in batches:
                for value, _ in batch.rows:
                    if is_degenerate(value):
                        yield _Read(rejected=Rejected("a line", DEGENERATE))
                    else:
                        yield _Read(Record(None, (value,)))
                for bad in batch.bad:
                    yield _Read(rejected=Rejected(f"line {bad.number}", bad.why))
        except ListFileError as error:
            raise FeedUnreadableError(str(error)) from None


class HmaFile(HashFile):
    """Lines of a type, a space, and a hash."""

    def _reads(self) -> Iterator[_Read]:
        for number, line in self._lines():
            name, _, text = line.strip().partition(" ")
            try:
                hasher = _HMA.get(name)
                yield _Read(Record(None, (read_hash(hasher, text),))) if hasher else _Read()
            except InvalidHashError as error:
                yield _Read(rejected=Rejected(f"line {number}", str(error)))


class ThreatExchangeFile(HashFile):
    """Answers to ``threat_updates``, or their records."""

    def _reads(self) -> Iterator[_Read]:
        for number, value in self._values():
            records: Iterable[Any] = (value,)
            if isinstance(value, dict) and isinstance(value.get("data"), list):
                records = value["data"]
            for place, record in enumerate(records, start=1):
                yield _threat_update(f"record {place} of line {number}", record)

    def _values(self) -> Iterator[tuple[int, Any]]:
        for number, line in self._lines():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                if number == 1 and self._path.stat().st_size <= MAX_LINE:
                    whole = self._whole()
                    if whole is not None:
                        yield 1, whole
                        return
                value = None
            yield number, value

    def _whole(self) -> Any:
        """The file as one value, written over many lines; None where it is not one."""
        try:
            return json.loads(self._path.read_bytes())
        except (ValueError, RecursionError, OSError):
            return None


def _threat_update(where: str, value: Any) -> _Read:
    if not isinstance(value, dict):
        return _Read(rejected=Rejected(where, "it is not an object"))
    external_id = value.get("id")
    if isinstance(external_id, int) and not isinstance(external_id, bool):
        external_id = str(external_id) if abs(external_id) < 1 << 63 else None
    if not isinstance(external_id, str) or not is_id(external_id):
        return _Read(rejected=Rejected(where, "it has no id"))
    if value.get("should_delete") is True:
        return _Read(Record(external_id, (), gone=True))
    kind = value.get("type")
    hasher = _THREATEXCHANGE.get(kind) if isinstance(kind, str) else None
    if hasher is None:
        return (
            _Read()
            if isinstance(kind, str)
            else _Read(rejected=Rejected(where, "it has no type", external_id))
        )
    try:
        return _Read(Record(external_id, (read_hash(hasher, value.get("indicator")),)))
    except InvalidHashError as error:
        return _Read(rejected=Rejected(where, str(error), external_id))
