"""Hashers by name: those of this package, and those that others add through an entry point.

A package adds its own with an entry point of the group ``hashmatch.hashers``, whose name is the
hasher's and whose value is a class that derives from `PixelHasher` or `ByteHasher`.
"""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Final

from hashmatch.errors import UnknownHasherError
from hashmatch.hashers.base import ByteHasher, Hasher, PixelHasher

__all__ = ["GROUP", "get", "names"]

GROUP: Final = "hashmatch.hashers"
_BUILT_IN: Final = {
    "pdq": "Pdq", "phash": "Phash", "dhash": "Dhash", "ahash": "Ahash", "whash": "Whash",
    "md5": "Md5", "sha256": "Sha256",
}  # fmt: skip
"""Found without reading the metadata of all installed packages: that takes tens of ms."""


def names() -> list[str]:
    """The names of all hashers, sorted; some of them may want an extra to be installed."""
    return sorted(_BUILT_IN.keys() | {found.name for found in entry_points(group=GROUP)})


@cache
def get(name: str) -> PixelHasher | ByteHasher:
    """Find a hasher by its name; one of this package cannot be replaced by another's.

    Raises:
        UnknownHasherError: there is none of that name, or it cannot be loaded.
        MissingExtraError: it wants an extra that is not installed.
    """
    if name in _BUILT_IN:
        return _made(getattr(import_module(f"{__package__}.{name}"), _BUILT_IN[name]), name)
    for found in entry_points(group=GROUP, name=name):
        try:
            loaded = found.load()
        except Exception as error:
            raise UnknownHasherError(
                f"The hasher {name!r} ({found.value}) cannot be loaded: {error}"
            ) from error
        return _made(loaded, name)
    raise UnknownHasherError(f"There is no hasher {name!r}; there are {', '.join(names())}.")


def _made(kind: Any, name: str) -> PixelHasher | ByteHasher:
    hasher = kind() if isinstance(kind, type) and issubclass(kind, Hasher) else None
    if not isinstance(hasher, PixelHasher | ByteHasher) or hasher.name != name:
        raise UnknownHasherError(
            f"The entry point {name!r} is no class of hashmatch.hashers.PixelHasher or ByteHasher "
            "with that name; report this to who made it."
        )
    return hasher
