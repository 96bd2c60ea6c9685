"""An album of pictures → Parquet of their codes, some pictures at a time; each is hashed once."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from hashmatch import hashers
from hashmatch.errors import ArchiveError, HashmatchError
from hashmatch.hashers import Hasher
from hashmatch.matching import hash_upload
from hashmatch.matching.archives.pieces import Piece, read
from hashmatch.pipeline.scan import parts
from hashmatch.pipeline.scan.albums import Album, Listed, Listing
from hashmatch.types import ORIGINAL, Hash

PICTURE_HASHERS: Final = ("pdq", "sha256")
"""By default what `hashmatch submit` makes: altered copies and exact ones are found."""
UNREADABLE: Final = "unreadable"
PART: Final = 2_048
"""Pictures in a part: what is lost where the process is killed."""

CODES: Final = pa.schema(
    [
        ("path", pa.string()),
        ("size", pa.int64()),
        ("modified", pa.int64()),
        ("hasher", pa.string()),
        ("view", pa.string()),
        ("hash", pa.binary()),
        ("quality", pa.int16()),
        ("error", pa.string()),
    ]
)
"""A row for each view of a picture by each hasher; one without a hash for what was refused, with
the reason in a word. ``size`` in bytes and ``modified`` in nanoseconds since 1970 tell whether a
file is the one that was hashed. ``path`` is relative to the album."""


Row = dict[str, Any]
Told = Callable[[int, int], object]


class Hashed(NamedTuple):
    """How many pictures were hashed just now, and how many of them could not be decoded."""

    pictures: int
    refused: int


def hash_album(
    album: Album,
    out: Path,
    names: Iterable[str] = PICTURE_HASHERS,
    told: Told = lambda *_: None,
) -> Hashed:
    """Hash the pictures of an album that were not yet, or have changed, as uploads are.

    Args:
        album: the pictures.
        out: where the parts are put, Parquet as in `CODES`. A part appears when all its pictures
            are hashed; killed and run again, it goes on with the next one.
        names: of the hashers.
        told: hears how many of how many pictures are done.

    Raises:
        ArchiveError: the parts cannot be read or written.
        UnknownHasherError: a hasher is not installed.
        MissingExtraError: likewise, and the extra that it takes.
    """
    chosen = [hashers.get(name) for name in names]
    here = album.listing
    parts.make_folder(out)
    known = _known(out)
    missing = [path for path, listed in here.items() if known.get(path) != listed]
    number = max((int(part.stem.split("-")[1]) for part in out.glob("part-*.parquet")), default=0)
    done = refused = 0
    with ThreadPoolExecutor(album.side_by_side) as pool:
        for start in range(0, len(missing), PART):
            some = missing[start : start + PART]
            rows: list[Row] = []
            for found in pool.map(lambda path: _rows(album, path, chosen), some):
                rows += found
                refused += "error" in found[-1]
                done += 1
                told(done, len(missing))
            number += 1
            table = pa.Table.from_pylist(rows, schema=CODES)
            parts.put(out / f"part-{number:08d}.parquet", table)
    return Hashed(done, refused)


def current_rows(piece: Piece, listing: Listing) -> npt.NDArray[np.bool_]:
    """Which rows of a part are of pictures that are still there as they were, shape ``(rows,)``."""
    table = read(piece, ("path", "size", "modified"))
    told = zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True)
    rows = (listing.get(path) == Listed(size, modified) for path, size, modified in told)
    return np.fromiter(rows, bool, table.num_rows)


def _known(out: Path) -> Listing:
    known: Listing = {}
    for part in sorted(out.glob("part-*.parquet")):
        try:
            table = pq.read_table(part, columns=["path", "size", "modified", "error"])
        except (OSError, pa.ArrowException) as error:
            raise ArchiveError(
                f"{part} is damaged. Delete it, and its pictures are hashed again."
            ) from error
        for path, size, modified, reason in zip(*table.to_pydict().values(), strict=True):
            if reason != UNREADABLE:  # which may be mended without a change of the file
                known[path] = Listed(size, modified)
    return known


def _rows(album: Album, path: str, chosen: Sequence[Hasher]) -> list[Row]:
    listed = album.listing[path]
    told = {"path": path, "size": listed.size, "modified": listed.modified}
    try:
        found = hash_upload(album.picture(path), chosen)
    except HashmatchError as error:
        return [{**told, "error": error.reason}]
    except OSError:
        return [{**told, "error": UNREADABLE}]
    known = (view.hash.quality for view in found.views)
    quality = next((each for each in known if each is not None), None)
    rows: list[tuple[str, Hash, int | None]] = [
        (ORIGINAL, digest, None) for digest in found.digests
    ]
    rows += [
        (view.name, view.hash, quality if view.hash.quality is None else view.hash.quality)
        for view in found.views
    ]
    made: list[Row] = [
        {**told, "hasher": code.hasher, "view": name, "hash": code.code, "quality": known}
        for name, code, known in rows
    ]
    refused = [] if found.refusal is None else [{**told, "error": found.refusal.reason}]
    return made + refused
