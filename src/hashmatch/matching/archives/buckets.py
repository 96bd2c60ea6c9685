"""Folders of object stores, by URL: ``s3://bucket/folder``. The one door to fsspec.

Endpoint and credentials are those that the store's own tools use: for S3 its environment variables
(``AWS_ENDPOINT_URL``, ``AWS_ACCESS_KEY_ID``, …), its files, or the role of the machine.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, Final, NamedTuple

from hashmatch.errors import ArchiveError, MissingExtraError


class Stored(NamedTuple):
    """An object as the store has it: other bytes under its name have another of these.

    Attributes:
        size: bytes.
        modified: nanoseconds since 1970, by the store's clock; 0 where it tells none.
        tag: the store's word for just these bytes, an ETag; empty where it has none.
    """

    size: int
    modified: int
    tag: str


def is_url(place: str) -> bool:
    """Whether a place is a URL, and not a path."""
    return "://" in place


class Bucket:
    """The objects whose names begin like a URL; nothing of them is kept on this machine's disk.

    Whatever the store answers with becomes an `OSError`, its message free of the store's own words.
    Threads may share one.

    Args:
        url: of a folder, or of one object.

    Raises:
        ArchiveError: a URL of a kind that is not known.
        MissingExtraError: the extra for its kind is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url: Final = url.rstrip("/")
        self._system, self._root = _opened(self.url)

    def objects(self) -> dict[str, Stored]:
        """All objects in the folder and its folders, by their path within it."""
        with _told_as_os_error(self.url):
            found = self._system.find(self._root, detail=True)
        inside = f"{self._root.rstrip('/')}/"
        return {
            path.removeprefix(inside): _stored(told)
            for path, told in sorted(found.items())
            if path.startswith(inside) and not path.endswith("/") and told["type"] == "file"
        }

    def stored(self, path: str = "") -> Stored | None:
        """An object as it is now, by default the one at the URL itself; None without one."""
        try:
            with _told_as_os_error(self.at(path)):
                told = self._system.info(self._path(path))
        except FileNotFoundError:
            return None
        return _stored(told) if told["type"] == "file" else None

    def read(self, path: str, most: int) -> bytes:
        """The bytes of an object, as many as are wanted at most."""
        with _told_as_os_error(self.at(path)):
            data: bytes = self._system.cat_file(self._path(path), start=0, end=most)
        return data

    def open(self, path: str = "") -> IO[bytes]:
        """An object to be read here and there; by default the one at the URL itself."""
        with _told_as_os_error(self.at(path)):
            file: IO[bytes] = self._system.open(self._path(path), "rb", cache_type="readahead")
        return file

    def copy(self, path: str, seen: Stored, target: "Bucket", name: str) -> None:
        """Copy an object within the store, which may write over another.

        Only the bytes that were seen are copied, where the store can be held to it, as S3 can.
        """
        only = {"CopySourceIfMatch": seen.tag} if "s3" in self._system.protocol else {}
        with _told_as_os_error(self.at(path)):
            self._system.cp_file(self._path(path), target.at(name), **only)

    def delete(self, path: str) -> None:
        """Delete an object."""
        with _told_as_os_error(self.at(path)):
            self._system.rm_file(self._path(path))

    def holds(self, other: "Bucket") -> bool:
        """Whether the other one's objects are among these."""
        return f"{other.url}/".startswith(f"{self.url}/")

    def is_beside(self, url: str) -> bool:
        """Whether objects can be copied to a URL without coming here."""
        return self.url.partition("://")[:2] == url.partition("://")[:2]

    def at(self, path: str) -> str:
        """The URL of an object."""
        return f"{self.url}/{path}" if path else self.url

    def _path(self, path: str) -> str:
        return f"{self._root.rstrip('/')}/{path}" if path else self._root


def _opened(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs

        system, root = url_to_fs(url, use_listings_cache=False)
    except ImportError:
        raise MissingExtraError(
            f"{url} is in an object store: pip install 'hashmatch[s3]' (for s3://; for other "
            "stores the package that fsspec names for them)"
        ) from None
    except ValueError as error:
        raise ArchiveError(f"{url} is a URL that cannot be read here: {error}") from None
    return system, root


@contextmanager
def _told_as_os_error(where: str) -> Iterator[None]:
    """What a store raises may be of any class, and tell more than is to be told."""
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(2, "there is no such object", where) from None
    except PermissionError:
        raise PermissionError(13, "the store refuses it to these credentials", where) from None
    except Exception as error:  # noqa: BLE001 - clients of stores raise errors of their own
        raise OSError(5, f"the store failed ({type(error).__name__})", where) from None


def _stored(told: Mapping[str, Any]) -> Stored:
    """As fsspec tells it; each store has names of its own."""
    at = next((told[name] for name in _TIMES if told.get(name) is not None), 0)
    modified = at.timestamp() if isinstance(at, datetime) else at
    tag = next((str(told[name]).strip('"') for name in _TAGS if told.get(name)), "")
    return Stored(
        int(told["size"]),
        int(modified * 1e9) if isinstance(modified, int | float) else 0,
        tag or str(at),
    )


_TIMES: Final = ("LastModified", "last_modified", "mtime", "created")
_TAGS: Final = ("ETag", "etag", "md5Hash")
