"""Snapshots: an index as a folder of standard files that is published whole or not at all.

A folder holds the containers of `hashmatch.indexes.files` and ``manifest.json``: the format, what
the index is, and size and SHA-256 of each file. It is written under a temporary name beside its
place, brought to the disk, and renamed. A snapshot of several indexes gives each a folder of its
own inside, and one manifest to all.

Opening refuses whatever differs from the manifest. Hashing every byte of a large snapshot would
take longer than opening it may, so the **seal** (``seal.json``) remembers of each file which one
it was and when it last changed (inode, size, and both times; the system sets the time of change,
programs cannot) when its bytes were last hashed. While that is so, headers and sizes suffice; a
file that was touched, replaced or copied is hashed anew, and so is all with ``verify=True``.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from hashmatch.errors import SnapshotError
from hashmatch.indexes.files import damaged, lay_in_large_pages, readable, settle_folder
from hashmatch.indexes.parallel import share_out

FORMAT: Final = 1
"""The newest format that this version reads and the one that it writes."""
MANIFEST: Final = "manifest.json"
SEAL: Final = "seal.json"
UNFINISHED: Final = ".unfinished-"
"""How the names of folders begin that were being written."""
_TICK: Final = 20_000_000
"""Nanoseconds within which a file system may give two changes the same time."""


_NAME: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)?[A-Za-z0-9_-][A-Za-z0-9._-]*")
"""Names that a manifest may give to files: none leads out of its folder."""


Write = Callable[[Path], None]
"""Writes a file to a path, and brings it to the disk."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An opened folder: where it is, and what its manifest says of the index."""

    folder: Path
    index: dict[str, Any]
    files: dict[str, dict[str, Any]]
    created: datetime

    def path(self, name: str) -> Path:
        """The place of one of its files.

        Raises:
            SnapshotError: the manifest does not name it.
        """
        if name not in self.files:
            raise damaged(self.folder / MANIFEST, f"names no {name}")
        return self.folder / name

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the indexes in a snapshot of several."""
        return tuple(self.index.get("parts", ()))

    def part(self, name: str) -> "Snapshot":
        """One of several indexes.

        Raises:
            SnapshotError: the manifest does not tell of it.
        """
        if name not in self.parts:
            raise damaged(self.folder / MANIFEST, f"tells of no index {name!r}")
        inside = f"{name}/"
        files = {
            file.removeprefix(inside): facts
            for file, facts in self.files.items()
            if file.startswith(inside)
        }
        return Snapshot(self.folder / name, self.index["parts"][name], files, self.created)


def publish(folder: Path, index: dict[str, Any], writers: dict[str, Write]) -> None:
    """Write a snapshot.

    Args:
        folder: where it is to appear; must not exist.
        index: what the manifest says of the index, in JSON's terms.
        writers: by name of each file (``codes.faiss``, or ``pdq/codes.faiss`` where it is that of
            one of several indexes), what writes it.

    Raises:
        SnapshotError: the folder exists, or cannot be written; nothing is published then.
    """
    if folder.exists():
        raise SnapshotError(
            f"The folder {folder} exists. Save to a new name, and switch readers over to it."
        )
    from importlib.metadata import version  # slow to load, and who only reads needs none

    unfinished = folder.with_name(f"{UNFINISHED}{folder.name}-{uuid.uuid4().hex}")
    with _told_of(folder):
        try:
            unfinished.mkdir(parents=True)
            for name, write in writers.items():
                (unfinished / name).parent.mkdir(exist_ok=True)
                write(unfinished / name)
            files = {
                name: {"bytes": (unfinished / name).stat().st_size, "sha256": digest}
                for name, digest in zip(writers, _digests(unfinished, list(writers)), strict=True)
            }
            manifest = {
                "format": FORMAT,
                "hashmatch": version("hashmatch"),
                "created": datetime.now(UTC).isoformat(),
                "index": index,
                "files": files,
            }
            manifest["sha256"] = _digest_of(manifest)
            _write_json(unfinished / MANIFEST, manifest)
            _seal(unfinished, manifest)
            for inside in {(unfinished / name).parent for name in writers} | {unfinished}:
                settle_folder(inside)
            unfinished.rename(folder)
            settle_folder(folder.parent)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise


def read(folder: Path, *, verify: bool = False) -> Snapshot:
    """Read and check a manifest and the files that it names.

    Args:
        folder: of the snapshot.
        verify: hash every file, also where the seal says that none has changed since.

    Raises:
        SnapshotError: the snapshot is missing, damaged, of a newer format, or cannot be read; the
            message names the file.
    """
    manifest = manifest_of(folder)
    files = manifest["files"]
    for name, file in files.items():
        path = folder / name
        with readable(path):
            if not path.is_file():
                raise damaged(path, "is missing")
            size = path.stat().st_size
        if size != file["bytes"]:
            raise damaged(path, f"has {size} bytes where {file['bytes']} belong")
    if verify or not _sealed(folder, manifest):
        names = list(files)
        for name, digest in zip(names, _digests(folder, names), strict=True):
            if digest != files[name]["sha256"]:
                raise damaged(folder / name, "is not the one that was written")
        with suppress(OSError):  # a read-only medium: then each opening hashes
            _seal(folder, manifest)
    return Snapshot(folder, manifest["index"], files, datetime.fromisoformat(manifest["created"]))


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest, whole and of a format that this version knows; the files are not looked at.

    Raises:
        SnapshotError: it is missing, damaged, of a newer format, or cannot be read.
    """
    path = folder / MANIFEST
    with readable(path):
        try:
            said = path.read_bytes()
        except FileNotFoundError:
            raise SnapshotError(
                f"There is no snapshot at {folder}: {path} is missing. Build the index first."
            ) from None
    try:
        manifest = json.loads(said)
        form = manifest["format"]
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(path, "is no manifest") from error
    if form != FORMAT:
        raise SnapshotError(
            f"{path} tells of format {form}; this version of hashmatch reads format "
            f"{FORMAT}. Update hashmatch, or build the index anew."
        )
    if manifest.get("sha256") != _digest_of(manifest):
        raise damaged(path, "is not the one that was written")
    for name in manifest["files"]:
        if not _NAME.fullmatch(name):
            raise damaged(path, "names a file that is not of a snapshot")
    return dict(manifest)


def _digest_of(manifest: dict[str, Any]) -> str:
    """SHA-256 of what a manifest says, without its own."""
    said = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _digests(folder: Path, names: list[str]) -> list[str]:
    """SHA-256 of each file: what ``sha256sum`` prints."""

    def digest(name: str) -> str:
        path = folder / name
        with readable(path), path.open("rb") as file:
            lay_in_large_pages(file)
            return hashlib.file_digest(file, "sha256").hexdigest()

    return share_out(digest, names)


def _marks(folder: Path, manifest: dict[str, Any]) -> dict[str, list[int]]:
    """What tells whether a file is still the same and unchanged."""
    marks = {}
    for name in manifest["files"]:
        stat = (folder / name).stat()
        marks[name] = [stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
    return marks


def _seal(folder: Path, manifest: dict[str, Any]) -> None:
    """Remember that the files have just been hashed, and for which manifest."""
    marks = _marks(folder, manifest)
    newest = max((mark[-1] for mark in marks.values()), default=0)
    while time.time_ns() - newest <= 2 * _TICK:  # a change that follows must get a later time
        time.sleep(_TICK / 1e9)
    unfinished = folder / f"{SEAL}.{uuid.uuid4().hex}"
    try:
        _write_json(unfinished, {"manifest": manifest["sha256"], "files": marks})
        unfinished.replace(folder / SEAL)
    finally:
        unfinished.unlink(missing_ok=True)


def _sealed(folder: Path, manifest: dict[str, Any]) -> bool:
    """Whether no file has changed since the seal, which must be younger than all of them."""
    try:
        seal = json.loads((folder / SEAL).read_bytes())
        sealed = (folder / SEAL).stat().st_mtime_ns
    except (OSError, ValueError):
        return False
    now = _marks(folder, manifest)
    same: bool = seal == {"manifest": manifest["sha256"], "files": now}
    return same and all(mark[-1] < sealed - _TICK for mark in now.values())


def _write_json(path: Path, content: dict[str, Any]) -> None:
    with path.open("x", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _told_of(folder: Path) -> Iterator[None]:
    """Turn the system's errors into ours."""
    try:
        yield
    except OSError as error:
        remedy = "Check the folder's permissions and disk"
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            remedy = "Free some space"
        raise SnapshotError(
            f"The snapshot {folder} could not be written: {error.strerror}. {remedy}, then save "
            f"again; nothing was published, and what is being served stays."
        ) from error
