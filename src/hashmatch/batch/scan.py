"""A scan by many workers: row groups go out by name, matches come back in Arrow.

Workers read their row groups by themselves, from wherever the archive is, and find matches by what
one machine does (`hashmatch.matching.archives.scan_piece`). So no code passes through the cluster's
object store, nothing is shuffled, and a worker that dies costs the row group that it was at.
"""

import os
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from hashmatch import hashers
from hashmatch.errors import MissingExtraError, SnapshotError
from hashmatch.indexes import use_threads
from hashmatch.matching import Folder
from hashmatch.matching.archives import RESULTS, Comparison, Lists, Piece, Pieces, scan_piece
from hashmatch.matching.snapshots import published
from hashmatch.matching.stored import read


def publish(
    place: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    token: str | None = None,
    since: int = 0,
) -> int:
    """Put the lists where all workers can open them by mmap.

    Args:
        place: the registry, as for `hashmatch.Matcher.open`; of a service, the snapshots are
            fetched into the same folder.
        folder: that all nodes see under this path: on a shared file system, or copied to each.
        token: for a service; it takes the scope ``check``.
        since: a change of the registry, of which to return the entry.

    Returns:
        The highest id that an entry had after that change: the ``after`` of `scan_archive`. 0
        compares with all entries.

    Raises:
        RegistryUnavailableError: the registry cannot be read.
        ArchiveError: there is no such change.
        SnapshotError: the folder cannot be written to.
    """
    cache = Path(folder) if str(place).startswith(("http://", "https://")) else None
    with Lists.open(place, token=token, cache=cache) as lists:
        Folder(Path(folder)).put(lists.generation)
        return lists.entry_at(since)


def scan_archive(
    archive: str,
    lists: str | os.PathLike[str],
    *,
    after: int = 0,
    hasher: str = "pdq",
    workers: int | None = None,
    threads: int = 1,
) -> Any:
    """Compare an archive with the entries of published lists, on a Ray cluster.

    Args:
        archive: Parquet, as for `hashmatch.pipeline.scan.scan`: a file, a folder, or a URL that all
            nodes can read.
        lists: the folder of `publish`, as the nodes see it.
        after: only entries with a higher id are looked for.
        hasher: of codes that do not tell theirs.
        workers: processes, each with one view of the same index; by default as many as the cluster
            has processors for.
        threads: of each, and processors that Ray reserves for it.

    Returns:
        A lazy `ray.data.Dataset` with the columns of `hashmatch.matching.archives.RESULTS`, the
        rows of one machine's scan in any order: ``.write_parquet(…)``, or ``.iter_batches(…)``.

    Raises:
        ArchiveError: the archive cannot be read.
        SnapshotError: nothing is published in the folder.
        UnknownHasherError: no such hasher is installed.
        MissingExtraError: the extra ``ray`` is not installed.
    """
    ray = _ray()
    hashers.get(hasher)
    pieces = Pieces(archive)
    newest = _newest(Path(lists))
    if not ray.is_initialized():
        ray.init()
    count = workers or max(1, int(ray.cluster_resources().get("CPU", 1)) // threads)
    blocks = [pa.Table.from_pylist([asdict(piece)]) for piece in pieces]
    return ray.data.from_arrow(blocks).map_batches(
        _Worker,
        fn_constructor_args=(str(newest), after, hasher, threads),
        batch_format="pyarrow",
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=min(count, len(blocks))),
        num_cpus=threads,
    )


class _Worker:
    """One process of the cluster; the index is in the page cache of its machine, once for all."""

    def __init__(self, lists: str, after: int, hasher: str, threads: int) -> None:
        use_threads(threads)
        self._comparison = Comparison(read(Path(lists)), after)
        self._hasher = hasher

    def __call__(self, batch: Any) -> Any:
        """The matches of some pieces, each a row."""
        found = [
            scan_piece(Piece(**row), self._comparison, self._hasher).matches
            for row in batch.to_pylist()
        ]
        return pa.concat_tables([RESULTS.empty_table(), *found])


def _newest(folder: Path) -> Path:
    here = published(folder)
    if not here:
        raise SnapshotError(f"No lists are published in {folder}; see hashmatch.batch.publish.")
    return here[0]


def _ray() -> ModuleType:
    try:
        import_module("ray.data")
        return import_module("ray")
    except ModuleNotFoundError:
        raise MissingExtraError(
            "A scan on many machines takes Ray: pip install 'hashmatch[ray]'"
        ) from None
