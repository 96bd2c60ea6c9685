"""Files of hashes, in and out."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hashmatch.errors import UnknownHasherError
from hashmatch.registry import (
    audit,
    clock,
    entries,
    importing,
    lists,
    reading,
    sources,
    widths,
    writing,
)
from hashmatch.registry.doors.door import Door
from hashmatch.registry.importing import Imported
from hashmatch.registry.reading import FileFormat
from hashmatch.registry.rows import RowReader

Progress = Callable[[int, int | None], None]
"""Called with how much is done, and of how much (None: unknown): bytes of text, rows of Parquet."""

_EXPORTED: Final = (
    1_024  # rows at a time: of few objects, Python's garbage collector lets them pass
)


class Files(Door):
    """Import and export hash lists."""

    def import_file(
        self,
        list_name: str,
        path: str | os.PathLike[str],
        *,
        file_format: FileFormat | None = None,
        hasher: str = "pdq",
        source: str = "import",
        strict: bool = False,
        progress: Progress | None = None,
    ) -> Imported:
        """Add the hashes in a file to a list.

        Upper-case digits and stray white space are fine; blank lines and lines that begin with
        ``#`` are skipped. Bad lines are left out and reported. What was read when an import is
        interrupted stays; importing the file again adds the rest.

        Args:
            list_name: the list.
            path: a CSV file (columns ``hasher, hash, quality, source``, of which only ``hash`` is
                needed), a Parquet file with such columns, or plain lines of hexadecimal digits.
            file_format: ``"csv"``, ``"parquet"`` or ``"hex"``; else the file's name tells it.
            hasher: the hasher of hashes that stand without one.
            source: the source of hashes that stand without one.
            strict: import all of the file or, if a line is bad, nothing.
            progress: called after each batch.

        Raises:
            ListNotFoundError: there is no such list.
            ListFileError: the file cannot be read, or is not of its format at all.
            ImportRejectedError: the import is strict and lines are bad; nothing was added.
            UnknownHasherError: the registry does not know the hasher.
        """
        path = Path(path)
        file_format = file_format or reading.format_of(path)
        with self._database.reading() as connection:
            lists.read_list(connection, list_name)
            known = widths.read(connection)
        if hasher not in known:
            raise UnknownHasherError(
                f"This registry does not know a hasher {hasher[:64]!r}; "
                f"it knows {', '.join(sorted(known))}."
            )
        reader = RowReader(known, hasher, sources.checked(source))
        batches = reading.read_file(path, file_format, reader)
        total = reading.size_of(path, file_format)

        def report(done: int) -> None:
            if progress is not None:
                progress(done, total)

        run = importing.import_all_or_nothing if strict else importing.import_what_is_good
        return run(self._database, list_name, batches, report)

    def export_file(
        self,
        list_name: str,
        path: str | os.PathLike[str],
        *,
        file_format: FileFormat | None = None,
        hasher: str | None = None,
    ) -> int:
        """Write a list's active entries to a file that only its owner can read.

        The file gets its name when it is complete; one of that name is replaced then.

        Args:
            list_name: the list.
            path: the file.
            file_format: ``"csv"``, ``"parquet"`` or ``"hex"``; else the file's name tells it.
            hasher: only the hashes of this one.

        Returns:
            How many hashes were written.

        Raises:
            ListNotFoundError: there is no such list.
            ListFileError: the file cannot be written; or plain lines were asked for hashes of
                several hashers.
        """
        path = Path(path)
        file_format = file_format or reading.format_of(path)
        with self._database.reading() as connection:
            list_id = lists.read_list(connection, list_name).id
            batches = entries.read_rows(connection, list_id, hasher, _EXPORTED)
            count = writing.write_file(path, file_format, batches)
        with self._database.writing() as connection:
            audit.append(connection, clock.now(), "list.export", f"list {list_name}", entries=count)
        return count
