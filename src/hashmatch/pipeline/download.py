"""A snapshot from a service into a folder: piece by piece, from where it was interrupted."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, Final

from hashmatch.errors import ServiceError, SnapshotError, SnapshotNotFoundError
from hashmatch.indexes import files, snapshot
from hashmatch.matching import Folder
from hashmatch.pipeline.client import Client, calls

PIECE: Final = 8 << 20
UNFINISHED: Final = ".download-"
_TRIES: Final = 5


def download(client: Client, folder: Folder) -> bool:
    """Fetch the newest snapshot of a service, and publish it in a folder.

    What was fetched before an interruption is not fetched again; each file is verified.

    Returns:
        Whether the service has one.

    Raises:
        SnapshotError: it cannot be written here, or is none that this version reads.
        ServiceError: the service does not send what it says, or replaces it all the while.
    """
    folder.make()
    for _ in range(_TRIES):
        told = client.run(calls.snapshot())
        if told is None:
            return False
        try:
            generation, manifest = int(told["generation"]), dict(told["manifest"])
            digest = str(manifest["sha256"])
        except (KeyError, TypeError, ValueError):
            raise ServiceError("The service told of a snapshot in no form that is known.") from None
        place = folder.folder / f"{UNFINISHED}{hashlib.sha256(digest.encode()).hexdigest()[:16]}"
        for other in folder.folder.glob(f"{UNFINISHED}*"):
            if other != place:
                shutil.rmtree(other, ignore_errors=True)
        try:
            _fetch(client, generation, manifest, place)
            snapshot.read(place)  # and seal it
            place.rename(folder.next_place())
            files.settle_folder(folder.folder)
        except SnapshotNotFoundError:  # the service has replaced it meanwhile
            continue
        except OSError as error:
            raise SnapshotError(
                f"The snapshot could not be written to {folder.folder}: {error.strerror}. Make "
                "room or mend it; what is there is used when it is tried again."
            ) from error
        return True
    raise ServiceError("The service replaced its snapshot again and again while it was fetched.")


def _fetch(client: Client, generation: int, manifest: dict[str, Any], place: Path) -> None:
    place.mkdir(mode=0o700, exist_ok=True)
    path = place / snapshot.MANIFEST
    path.write_text(json.dumps(manifest))
    facts = snapshot.manifest_of(place)["files"]  # refuses names that lead elsewhere
    for name, fact in facts.items():
        (place / name).parent.mkdir(exist_ok=True)
        _fetch_file(client, generation, name, fact, place / name)
    for inside in {(place / name).parent for name in facts} | {place}:
        files.settle_folder(inside)


def _fetch_file(
    client: Client, generation: int, name: str, fact: dict[str, Any], path: Path
) -> None:
    size, sha256 = int(fact["bytes"]), str(fact["sha256"])
    for _ in range(2):
        with path.open("ab") as file:
            if file.tell() > size:
                file.truncate(0)
            while (start := file.seek(0, os.SEEK_END)) < size:
                end = min(start + PIECE, size)
                file.write(client.run(calls.piece(generation, name, sha256, start, end)))
            file.flush()
            os.fsync(file.fileno())
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                return
        path.unlink()  # what was there from before is spoilt: all of it again
    raise ServiceError(f"The service sent a file {name} that is not the one its manifest tells of.")
