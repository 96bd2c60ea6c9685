"""The matcher: from an upload to a verdict."""

import os
import threading
from collections.abc import Iterator, Mapping
from itertools import groupby
from types import TracebackType
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from hashmatch import hashers
from hashmatch.hashers import DEFAULT_LIMITS, Limits, Source, View
from hashmatch.matching import bulk, policy
from hashmatch.matching.bulk import Judged
from hashmatch.matching.generation import ALWAYS, Follower, Generation
from hashmatch.matching.shelf import Shelf, Store
from hashmatch.matching.uploads import Upload, hash_upload
from hashmatch.registry import DEFAULT_PLACE, HashList, Registry
from hashmatch.types import ORIGINAL, Codes, Matches, Verdict


class Matcher:
    """Compares uploads with the hash lists of a registry.

    It holds the entries in memory, as they were when it was opened or last refreshed; call
    `refresh` as often as changes are to become effective. Threads may share one: each check sees
    one state of all lists, and a refresh does not make checks wait.

    Args:
        registry: where the lists are; whoever opened it closes it.
        limits: what an upload may ask of the decoder.
    """

    def __init__(self, registry: Registry, limits: Limits = DEFAULT_LIMITS) -> None:
        self._registry: Final = registry
        self._limits: Final = limits
        self._owned: Registry | None = None
        self._refreshing: Final = threading.Lock()
        self._follower: Final = Follower(registry)
        self._generation: Generation = self._follower.catch_up()

    @classmethod
    def open(
        cls, place: str | os.PathLike[str] = DEFAULT_PLACE, limits: Limits = DEFAULT_LIMITS
    ) -> Self:
        """Open a registry and load its lists.

        Args:
            place: a folder or a database URL; see `hashmatch.registry.Registry.open`.
            limits: what an upload may ask of the decoder.

        Raises:
            RegistryUnavailableError: the place cannot be opened or read.
            UnknownHasherError: the lists have entries of a hasher that is not installed.
            MissingExtraError: likewise, and the extra that it takes.
        """
        registry = Registry.open(place)
        try:
            matcher = cls(registry, limits)
        except BaseException:
            registry.close()
            raise
        matcher._owned = registry
        return matcher

    def close(self) -> None:
        """Close what `open` opened. Closing twice is fine."""
        self._follower.close()
        if self._owned is not None:
            self._owned.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def sequence(self) -> int:
        """The last change of the registry that is effective here."""
        return self._generation.sequence

    def refresh(self) -> int:
        """Make what changed in the registry effective; returns the new `sequence`.

        Raises:
            RegistryUnavailableError: the registry cannot be read; the lists stay as they were.
            UnknownHasherError: there are entries of a hasher now that is not installed; likewise.
            MissingExtraError: likewise, and the extra that it takes.
        """
        with self._refreshing:
            self._generation = self._follower.catch_up()
            return self._generation.sequence

    def check(self, upload: Source) -> Verdict:
        """Compare an upload with all lists.

        It is hashed by PDQ, as it is and in all turns and mirrors, and as it is by every other
        hasher that the lists have entries of. A picture of
        too little quality is compared by the digests of its bytes only, and the verdict says so;
        likewise one that cannot be decoded, if its bytes are those of an entry.

        Args:
            upload: the bytes of a file, a path, a file open for reading bytes, or pixels: uint8,
                shape (h, w) or (h, w, 3), upright.

        Raises:
            PictureError: the picture was refused, and its bytes are in no list.
            MissingExtraError: its format takes an extra that is not installed; likewise.
            OSError: the path cannot be read.
            TypeError: the upload is nothing of the above.
        """
        generation = self._generation
        chosen = [shelf.hasher for shelf in generation.shelves.values()]
        return _judge(generation, hash_upload(upload, chosen, self._limits))

    @property
    def hashers(self) -> tuple[str, ...]:
        """The names of the hashers that an upload is to be hashed by."""
        return tuple(self._generation.shelves)

    def judge(self, upload: Upload) -> Verdict:
        """Compare an upload that was hashed elsewhere, by `hashers`; see `check`.

        Raises:
            PictureError: the picture was refused, and its bytes are in no list.
            MissingExtraError: its format takes an extra that is not installed; likewise.
        """
        return _judge(self._generation, upload)

    def match(self, codes: Codes, radius: int | None = None, hasher: str = ALWAYS) -> Matches:
        """Find the entries near codes. No list's policy has a say in it.

        Args:
            codes: shape ``(n, bits // 8)``, dtype uint8; ``n`` may be 0.
            radius: the largest distance in bits that counts, inclusive; else as far as any list
                reaches.
            hasher: by which the codes were made.

        Returns:
            Entry ids and distances for each code, nearest first, equal distances by rising id.

        Raises:
            InvalidCodesError: codes of another dtype, shape or width.
            InvalidRadiusError: a radius outside 0..bits, or not 0 for digests of files.
            UnknownHasherError: no such hasher is installed.
        """
        generation = self._generation
        shelf = generation.shelves.get(hasher) or Store(hashers.get(hasher)).publish()
        if radius is None:
            radius = policy.widest_reach(generation.lists.values(), shelf.hasher)
        return shelf.within(codes, radius)

    def match_lists(
        self,
        codes: Codes,
        qualities: npt.NDArray[np.int16] | None = None,
        hasher: str = ALWAYS,
    ) -> Judged:
        """Find the entries near codes, each with what its list makes of it.

        Args:
            codes: shape ``(n, bits // 8)``, dtype uint8; ``n`` may be 0.
            qualities: of the codes, shape ``(n,)``, -1 where one is not known; None: of none.
            hasher: by which the codes were made.

        Raises:
            InvalidCodesError: codes of another dtype, shape or width.
            UnknownHasherError: no such hasher is installed.
        """
        generation = self._generation
        shelf = generation.shelves.get(hasher) or Store(hashers.get(hasher)).publish()
        return bulk.judge(shelf, generation.lists.values(), codes, qualities, generation.sequence)


def _judge(generation: Generation, found: Upload) -> Verdict:
    """What all lists make of an upload."""
    pdq = next((view.hash for view in found.views if view.hash.hasher == ALWAYS), None)
    quality = None if pdq is None else pdq.quality
    views = [*(View(ORIGINAL, digest) for digest in found.digests), *found.views]
    near = [
        each
        for name, group in groupby(views, key=lambda view: view.hash.hasher)
        if name in generation.shelves
        for each in _near(list(group), quality, generation.shelves[name], generation.lists)
    ]
    lists = tuple(generation.lists.values())
    if pdq is not None:
        return policy.judge(near, pdq, lists)
    if found.refusal is not None and not near:
        raise found.refusal
    digest = next(value for value in found.digests if value.hasher == near[0].hasher.name)
    return policy.judge(near, digest, lists, decoded=False)


def _near(
    views: list[View], picture_quality: int | None, shelf: Shelf, lists: Mapping[int, HashList]
) -> Iterator[policy.Near]:
    """The entries near a picture by one hasher, with what policy asks about them.

    Of several views that are near an entry the nearest counts, of equally near ones the first.
    """
    codes = np.frombuffer(b"".join(view.hash.code for view in views), np.uint8)
    radius = min(policy.widest_reach(lists.values(), shelf.hasher), shelf.hasher.bits)
    found = shelf.within(codes.reshape(len(views), -1), radius)
    nearest: dict[int, tuple[int, str]] = {}
    for view, (ids, distances) in zip(views, found, strict=True):
        for entry, distance in zip(ids.tolist(), distances.tolist(), strict=True):
            if entry not in nearest or distance < nearest[entry][0]:
                nearest[entry] = distance, view.name
    about = shelf.about(np.fromiter(nearest, np.int64, len(nearest)))
    for (entry, (distance, view_name)), list_id, entry_quality in zip(
        nearest.items(), *about, strict=True
    ):
        hash_list = lists.get(list_id)
        if hash_list is None:  # made or removed a moment ago; the next refresh knows it
            continue
        known = [picture_quality, entry_quality if entry_quality >= 0 else None]
        yield policy.Near(
            entry=entry,
            hash_list=hash_list,
            hasher=shelf.hasher,
            distance=distance,
            quality=min((quality for quality in known if quality is not None), default=None),
            view=view_name,
        )
