"""A registry that is far away, as a source for a matcher: a snapshot, then its feed, over HTTP.

The cache is a folder of snapshots (`hashmatch.matching.Folder`), which all processes of a machine
share, with a journal of what came since. A restart begins with both, and asks the service for what
is newer; where that does not answer, the lists are as old as the cache.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from hashmatch.errors import (
    BusyError,
    NotReadyError,
    RegistryUnavailableError,
    ServiceError,
    ServiceUnavailableError,
)
from hashmatch.matching import Folder, Generation, Opened, Snapshots, list_from_json
from hashmatch.pipeline import feed
from hashmatch.pipeline.client import Client, Patience, calls
from hashmatch.pipeline.download import download
from hashmatch.pipeline.journal import Journal
from hashmatch.registry import Change, HashList

PAGE: Final = 10_000
FEED: Final = Patience(seconds=10.0, attempts=1)
"""A follower asks again by itself."""
FILES: Final = Patience(seconds=120.0, attempts=8)
_TOUCH_SECONDS: Final = 1.0


class Remote:
    """A registry behind a service; see `hashmatch.matching.Source`. One thread uses it.

    Args:
        url: of the service.
        token: with the scope ``check``.
        folder: the cache.
    """

    def __init__(self, url: str, token: str | None, folder: Folder, transport: Any = None) -> None:
        self._url = url
        self._folder = folder
        self._feed = Client(url, token, patience=FEED, transport=transport)
        self._files = Client(url, token, patience=FILES, transport=transport)
        self._journal = Journal(folder.folder)
        self._lists: Sequence[HashList] | None = None
        self._touched = 0.0

    def follow(self, after: int) -> Sequence[Change]:
        """See `hashmatch.matching.Source`: from the journal, as far as that goes."""
        page = self._journal.page(after)
        if page is None:
            page = self._ask(after)
        with self._told():
            changes = feed.read_page(page, page["after"])[after - page["after"] :]
            if "lists" in page:
                self._lists = _lists_of(page["lists"])
        return changes

    def _ask(self, after: int) -> dict[str, Any]:
        with self._told():
            told = self._feed.run(calls.changes(after, PAGE))
            page = {
                "after": after,
                "until": told.get("sequence"),
                "sequence": told.get("sequence"),
                "changes": told.get("changes"),
            }
            changes = feed.read_page(page, after)
            if any(change.entry is None for change in changes):
                page["lists"] = self._feed.run(calls.lists())
                _lists_of(page["lists"])
        if changes:
            if self._journal.until not in {None, after}:  # it goes on elsewhere
                self._journal.clear()
            self._journal.append(page)
        now = time.monotonic()
        if now - self._touched > _TOUCH_SECONDS:
            self._touched = now
            self._journal.touch()
        return page

    def change(self, sequence: int) -> Change | None:
        """See `hashmatch.matching.Source`."""
        with self._told():
            found = feed.read_page(self._feed.run(calls.changes(sequence - 1, 1)), sequence - 1)
        return found[0] if found else None

    def sequence(self) -> int:
        """See `hashmatch.matching.Source`."""
        with self._told():
            newest = self._feed.run(calls.changes(0, 1)).get("newest")
            if not isinstance(newest, int):
                raise ServiceError("The service does not tell how many changes there are.")
            return newest

    def lists(self) -> Sequence[HashList]:
        """See `hashmatch.matching.Source`."""
        if self._lists is None:
            with self._told():
                self._lists = _lists_of(self._feed.run(calls.lists()))
        return self._lists

    def load(self, snapshots: Snapshots) -> Generation:
        """Fetch the service's snapshot into the cache; see `hashmatch.matching.Source`."""
        self._journal.clear()
        with self._told():
            if not download(self._files, self._folder):
                return Generation(0, {}, {})  # few changes: all of them are in the feed
        fetched = snapshots.newest(self._folder.last() - 1)
        if fetched is None:
            raise RegistryUnavailableError(
                f"The snapshot of {self._url} was damaged as soon as it was fetched. Check the "
                f"disk of {self._folder.folder}."
            )
        return fetched

    def settle(self, sequence: int) -> None:
        """See `hashmatch.matching.Source`."""
        self._journal.forget(sequence)

    def reached(self) -> float | None:
        """See `hashmatch.matching.Source`."""
        return self._journal.touched()

    def close(self) -> None:
        """Close the connections. Closing twice is fine."""
        self._feed.close()
        self._files.close()
        self._journal.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of a service that is away, as those of a registry that is."""
        try:
            yield
        except (ServiceUnavailableError, BusyError, NotReadyError) as error:
            raise RegistryUnavailableError(str(error)) from error
        except ServiceError as error:
            if type(error) is not ServiceError:
                raise
            raise RegistryUnavailableError(f"{error} ({self._url})") from error


def _lists_of(told: Any) -> Sequence[HashList]:
    try:
        return [list_from_json(each) for each in told]
    except (KeyError, TypeError, ValueError):
        raise ServiceError("The service told of a list in no form that is known.") from None


def open_url(url: str, token: str | None, cache: Path | None) -> Opened:
    """Open a service as a place; see `hashmatch.matching.Matcher.open`.

    Args:
        url: of the service.
        token: with the scope ``check``.
        cache: a folder; by default one of the user's, for this service.
    """
    folder = Folder(default_cache(url) if cache is None else cache)
    remote = Remote(url, token, folder)
    return Opened(remote, folder, remote.close)


def default_cache(url: str) -> Path:
    """The folder for a service among the user's caches."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    host = urlsplit(url).hostname or "service"
    return Path(base) / "hashmatch" / f"{host}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
