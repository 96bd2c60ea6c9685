"""Files that arrive in a folder of an object store.

An object appears when it is complete. A store has no renaming: an object is copied, and then
deleted. Who dies in between finds the copy again where the store knows it by the same tag, and
only deletes; else there are two copies, and nothing is lost.
"""

from pathlib import PurePosixPath
from typing import Final

from hashmatch.errors import ArchiveError
from hashmatch.hashers import DEFAULT_LIMITS
from hashmatch.matching.archives import Bucket, Stored


class BucketInbox:
    """A folder of an object store; see `Inbox`.

    One watcher works in a folder: of two, both would see every object.

    Args:
        url: of the folder.
        targets: URLs in the same store.

    Raises:
        ArchiveError: the store cannot be listed; a target is elsewhere, or inside of the folder.
        MissingExtraError: the extra ``s3`` is not installed.
    """

    def __init__(self, url: str, targets: tuple[str, ...]) -> None:
        self._bucket: Final = Bucket(url)
        for target in targets:
            if not self._bucket.is_beside(target):
                raise ArchiveError(f"{target} is not of the store of {url}; choose one there.")
        self._targets: Final = {target: Bucket(target) for target in targets}
        for target, bucket in self._targets.items():
            if self._bucket.holds(bucket):
                raise ArchiveError(f"{target} lies inside of {url}; choose another folder.")
        try:
            self._bucket.objects()
        except OSError as error:
            raise ArchiveError(f"{url} cannot be listed: {error.strerror}.") from None

    def ready(self) -> dict[str, tuple[Stored, bool]]:
        """See `Inbox.ready`."""
        return {path: (seen, True) for path, seen in self._bucket.objects().items()}

    def read(self, path: str, seen: Stored) -> bytes | None:
        """See `Inbox.read`."""
        try:
            data = self._bucket.read(path, DEFAULT_LIMITS.max_bytes + 1)
        except FileNotFoundError:
            return None
        return data if self._is_still(path, seen) else None

    def move(self, path: str, seen: Stored, target: str) -> str | None:
        """See `Inbox.move`."""
        bucket = self._targets[target]
        free = self._free(bucket, path, seen)
        if bucket.stored(free) is None:
            self._bucket.copy(path, seen, bucket, free)
        if not self._is_still(path, seen):  # other bytes came under its name
            bucket.delete(free)  # which may have been copied, and nobody has decided about
            return None
        self._bucket.delete(path)
        return bucket.at(free)

    def _free(self, bucket: Bucket, path: str, seen: Stored) -> str:
        """A name that is free, or has these bytes already."""
        whole = PurePosixPath(path)
        for number in range(10_000):
            name = path if not number else str(whole.with_stem(f"{whole.stem}-{number}"))
            there = bucket.stored(name)
            if there is None or self._is_same(there, seen):
                return name
        raise OSError(0, f"there are too many objects named {whole.name}")

    def _is_still(self, path: str, seen: Stored) -> bool:
        return self._is_same(self._bucket.stored(path), seen)

    @staticmethod
    def _is_same(there: Stored | None, seen: Stored) -> bool:
        """By what the store says of the bytes: a copy has a time of its own."""
        return there is not None and (there.size, there.tag) == (seen.size, seen.tag)
