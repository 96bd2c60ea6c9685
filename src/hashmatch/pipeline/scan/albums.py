"""Where the pictures of an archive lie: a folder of this machine, or one of an object store."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from hashmatch.errors import ArchiveError
from hashmatch.hashers import DEFAULT_LIMITS, ENDINGS
from hashmatch.matching.archives import Bucket
from hashmatch.matching.archives.buckets import is_url
from hashmatch.matching.archives.pieces import is_archive


class Listed(NamedTuple):
    """A picture's file as its place has it: bytes, and nanoseconds since 1970."""

    size: int
    modified: int


Listing = dict[str, Listed]
"""By path within the place."""


class Album(Protocol):
    """A place with pictures.

    Attributes:
        listing: the pictures that it has.
        side_by_side: how many are best read and hashed at a time.
    """

    listing: Listing
    side_by_side: int

    def picture(self, path: str) -> Path | bytes:
        """The file of a picture, or its bytes, one more than it may have at most.

        Raises:
            OSError: it cannot be read.
        """
        ...


def album_at(place: str) -> Album | None:
    """The album at a path or URL; None where Parquet is there, or nothing.

    Raises:
        ArchiveError: a folder has neither pictures nor Parquet in it, or cannot be searched; or a
            store cannot be listed.
        MissingExtraError: a URL, and the extra for it is not installed.
    """
    album: FolderAlbum | BucketAlbum
    if is_url(place):
        bucket = Bucket(place)
        try:
            if bucket.stored() is not None:
                return None
            album = BucketAlbum(bucket)
        except OSError as error:
            raise ArchiveError(f"{place} cannot be listed: {error.strerror}.") from None
    else:
        if not Path(place).is_dir():
            return None
        album = FolderAlbum(Path(place))
    if album.holds_archives:
        return None
    if not album.listing:
        raise ArchiveError(f"The folder {place} has neither pictures nor Parquet files in it.")
    return album


def _files(folder: Path) -> Iterator[Path]:
    """All files of a folder and its folders; one that cannot be searched is an error, not empty."""

    def refuse(error: OSError) -> None:
        raise ArchiveError(
            f"The folder {error.filename} cannot be searched: {error.strerror}. Nothing was "
            "scanned: allow it to be read, or name the folders that can be."
        ) from None

    for place, _, names in os.walk(folder, onerror=refuse):
        yield from (path for name in names if (path := Path(place, name)).is_file())


class FolderAlbum:
    """A folder with its folders."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder
        files = sorted(_files(folder))
        self.holds_archives: Final = any(is_archive(path.name) for path in files)
        known = ((path, path.stat()) for path in files if path.suffix.lower() in ENDINGS)
        self.listing = {
            path.relative_to(folder).as_posix(): Listed(each.st_size, each.st_mtime_ns)
            for path, each in known
        }
        self.side_by_side = os.cpu_count() or 1

    def picture(self, path: str) -> Path:
        """See `Album.picture`."""
        return self._folder / path


class BucketAlbum:
    """A folder of an object store; its pictures come into memory only, some of them ahead."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket: Final = bucket
        objects = bucket.objects()
        self.holds_archives: Final = any(is_archive(path) for path in objects)
        self.listing = {
            path: Listed(each.size, each.modified)
            for path, each in objects.items()
            if Path(path).suffix.lower() in ENDINGS
        }
        self.side_by_side = (os.cpu_count() or 1) + 16  # most of them wait for the store

    def picture(self, path: str) -> bytes:
        """See `Album.picture`."""
        return self._bucket.read(path, DEFAULT_LIMITS.max_bytes + 1)
