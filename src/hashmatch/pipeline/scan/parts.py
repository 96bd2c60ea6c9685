"""Parquet files that appear at once and whole: who dies while one is written leaves none."""

import os
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from hashmatch.errors import ArchiveError
from hashmatch.indexes.files import settle_folder

UNFINISHED: Final = "unfinished-"


def put(place: Path, table: Any) -> None:
    """Write a table as a file of one row group, which replaces one of that name.

    Raises:
        ArchiveError: it cannot be written.
    """
    unfinished = place.with_name(f"{UNFINISHED}{place.name}")
    try:
        with unfinished.open("wb") as file:
            pq.write_table(table, file, row_group_size=max(1, table.num_rows), compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(place)
        settle_folder(place.parent)
    except OSError as error:
        raise ArchiveError(
            f"{place} cannot be written: {error.strerror}. What was done before is kept; "
            "make room, and run the same scan again."
        ) from error


def make_folder(folder: Path) -> None:
    """Make a folder for its owner only; what was left unfinished in it is deleted.

    Raises:
        ArchiveError: it cannot be made, or not be written to.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob(f"{UNFINISHED}*"):
            left.unlink()
    except OSError as error:
        raise ArchiveError(f"The folder {folder} cannot be used: {error.strerror}.") from error
