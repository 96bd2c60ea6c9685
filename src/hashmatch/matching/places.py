"""What a place is: a folder, a database URL, or the URL of a source that somebody else provides.

Sources that are reached over a network live in higher rooms, or in other packages. They make
themselves known by an entry point of the group ``hashmatch.sources``: its name is the scheme of
their URLs, its value a function that takes ``(url, token, cache)`` and returns `Opened`.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from hashmatch.matching.snapshots import Folder, InMemory, Snapshots
from hashmatch.matching.source import Source
from hashmatch.registry import Registry

GROUP: Final = "hashmatch.sources"
SNAPSHOTS: Final = "snapshots"
"""The folder inside a registry's folder."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that was opened, where its snapshots are, and how to close it."""

    source: Source | Registry
    snapshots: Snapshots
    close: Callable[[], None] = field(repr=False)


def open_place(
    place: str | os.PathLike[str],
    *,
    token: str | None = None,
    cache: str | os.PathLike[str] | None = None,
) -> Opened:
    """Open a place; see `hashmatch.matching.Matcher.open`.

    Raises:
        RegistryUnavailableError: it cannot be opened.
    """
    folder = None if cache is None else Path(cache)
    scheme, separator, _ = str(place).partition("://")
    if separator:
        for found in entry_points(group=GROUP, name=scheme):
            opened: Opened = found.load()(str(place), token, folder)
            return opened
    registry = Registry.open(place)
    return Opened(registry, snapshots_of(place, folder), registry.close)


def snapshots_of(place: str | os.PathLike[str], cache: str | os.PathLike[str] | None) -> Snapshots:
    """Where the processes of a machine share snapshots of a registry that is opened here.

    Args:
        place: the registry: a folder, or a database URL.
        cache: the folder for them; by default one inside the registry's folder, and none for a
            database.
    """
    if cache is not None:
        return Folder(Path(cache))
    return InMemory() if "://" in str(place) else Folder(Path(place) / SNAPSHOTS)
