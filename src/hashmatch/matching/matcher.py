"""The matcher: from an upload to a verdict."""

import asyncio
import logging
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from types import TracebackType
from typing import Final, Literal, Self

import numpy as np
import numpy.typing as npt

from hashmatch import hashers
from hashmatch.errors import RegistryUnavailableError
from hashmatch.hashers import DEFAULT_LIMITS, Limits, Source, View
from hashmatch.matching import bulk, places, policy
from hashmatch.matching.bulk import Judged
from hashmatch.matching.follower import Follower
from hashmatch.matching.generation import ALWAYS, Generation
from hashmatch.matching.shelf import Shelf
from hashmatch.matching.snapshots import InMemory, Snapshots
from hashmatch.matching.source import Local
from hashmatch.matching.source import Source as Origin
from hashmatch.matching.uploads import Upload, hash_upload
from hashmatch.registry import DEFAULT_PLACE, Registry
from hashmatch.types import ORIGINAL, Codes, Matches, Verdict

State = Literal["ready", "stale"]

STALE_SECONDS: Final = 10.0
_AGAIN_SECONDS: Final = (0.5, 15.0)
_log: Final = logging.getLogger(__name__)


class Matcher:
    """Compares uploads with the hash lists of a registry.

    It holds the entries as they were when it last caught up: one that was opened by `open` does so
    by itself, in the background; of one that was made otherwise call `refresh` as often as changes
    are to become effective. Threads may share one: each check sees one state of all lists, waits
    for no refresh, and asks neither disk nor network.

    Args:
        source: where the entries come from; whoever opened it closes it.
        limits: what an upload may ask of the decoder.
        snapshots: where the processes of a machine share the entries; by default each has its own.

    Raises:
        RegistryUnavailableError: the source cannot be read, and no snapshot is there.
    """

    def __init__(
        self,
        source: Registry | Origin,
        limits: Limits = DEFAULT_LIMITS,
        snapshots: Snapshots | None = None,
    ) -> None:
        self._limits: Final = limits
        self._source: Final = Local(source) if isinstance(source, Registry) else source
        self._refreshing: Final = threading.Lock()
        self._ending: Final = threading.Event()
        self._thread: threading.Thread | None = None
        self._closing: list[Callable[[], None]] = []
        self._follower: Final = Follower(self._source, snapshots or InMemory())
        self._reached = time.monotonic()
        try:
            self._generation: Generation = self._follower.catch_up()
        except RegistryUnavailableError:
            held = self._follower.held()
            if held is None:
                raise
            reached = self._source.reached()
            self._reached -= math.inf if reached is None else max(0.0, time.time() - reached)
            self._generation = held

    @classmethod
    def open(
        cls,
        place: str | os.PathLike[str] = DEFAULT_PLACE,
        limits: Limits = DEFAULT_LIMITS,
        *,
        token: str | None = None,
        cache: str | os.PathLike[str] | None = None,
        every: float = 0.5,
    ) -> Self:
        """Open a registry, load its lists, and keep up with them until it is closed.

        While the registry is away it answers from what it has, and `age` tells how old that is.

        Args:
            place: a folder, a database URL (see `hashmatch.registry.Registry.open`), or the URL of
                a service, like ``https://registry.example``.
            limits: what an upload may ask of the decoder.
            token: for a service; it takes the scope ``check``.
            cache: a folder for snapshots of the lists, which all processes of this machine share.
                A registry in a folder has its own; a service needs one; of a database each process
                holds the entries by itself where none is given.
            every: seconds from one look at what has changed to the next.

        Raises:
            RegistryUnavailableError: the place cannot be opened or read, and the cache holds
                nothing of it.
            UnauthenticatedError: the service does not know the token.
            UnknownHasherError: the lists have entries of a hasher that is not installed.
            MissingExtraError: likewise, and the extra that it takes.
        """
        opened = places.open_place(place, token=token, cache=cache)
        try:
            matcher = cls(opened.source, limits, opened.snapshots)
        except BaseException:
            opened.close()
            raise
        matcher._closing.append(opened.close)
        matcher.follow(every)
        return matcher

    def follow(self, every: float) -> None:
        """Keep up with the registry in the background, until the matcher is closed.

        Args:
            every: seconds from one look at what has changed to the next; longer ones after a
                failure.
        """
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._keep_up, args=(every,), name="hashmatch-follow", daemon=True
            )
            self._thread.start()

    def _keep_up(self, every: float) -> None:
        pause = every
        while not self._ending.wait(pause):
            try:
                self.refresh()
                pause = every
            except Exception as error:  # noqa: BLE001 - old lists are better than a dead follower
                if pause == every:
                    _log.warning("The lists were not refreshed: %s", error)
                least, most = _AGAIN_SECONDS
                pause = min(most, max(least, 2 * pause))

    def close(self) -> None:
        """Stop following, and close what `open` opened. Closing twice is fine."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        self._follower.close()
        while self._closing:
            self._closing.pop()()

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

    @property
    def generation(self) -> int:
        """The number of the snapshot under what is served; 0 where there is none."""
        return self._generation.number

    @property
    def age(self) -> float:
        """Seconds since the lists were last known to be up to date; infinite if that is unknown."""
        return time.monotonic() - self._reached

    @property
    def state(self) -> State:
        """Whether the lists are up to date: ``"stale"`` when they could not be for 10 seconds."""
        return "stale" if self.age > STALE_SECONDS else "ready"

    @property
    def entries(self) -> int:
        """How many entries uploads are compared with."""
        return self._generation.entries

    @property
    def sizes(self) -> dict[str, int]:
        """The same by hasher."""
        return {name: len(shelf) for name, shelf in self._generation.shelves.items()}

    @property
    def held(self) -> int:
        """How many of them are held back for review."""
        return len(self._generation.held)

    def refresh(self) -> int:
        """Make what changed in the registry effective; returns the new `sequence`.

        Raises:
            RegistryUnavailableError: the registry cannot be read; the lists stay as they were.
            UnknownHasherError: there are entries of a hasher now that is not installed; likewise.
            MissingExtraError: likewise, and the extra that it takes.
        """
        with self._refreshing:
            began = time.monotonic()
            self._generation = self._follower.catch_up()
            self._reached = began
            return self._generation.sequence

    def check(self, upload: Source) -> Verdict:
        """Compare an upload with all lists.

        It is hashed by PDQ in all its views (`hashmatch.hashers.views_for_check`: as it is, turned
        and mirrored, and the pictures that may be within it), and as it is by every other hasher
        that the lists have entries of. A picture of too little quality is compared by the digests
        of its bytes only, and the verdict says so; likewise one that cannot be decoded, if its
        bytes are those of an entry.

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

    async def check_async(self, upload: Source) -> Verdict:
        """See `check`: in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.check, upload)

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
        shelf = generation.shelves.get(hasher) or Shelf.build(hashers.get(hasher))
        if radius is None:
            radius = policy.widest_reach(generation.lists.values(), shelf.hasher)
        return shelf.within(codes, radius)

    async def match_async(
        self, codes: Codes, radius: int | None = None, hasher: str = ALWAYS
    ) -> Matches:
        """See `match`: in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.match, codes, radius, hasher)

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
        shelf = generation.shelves.get(hasher) or Shelf.build(hashers.get(hasher))
        lists = generation.lists.values()
        held = generation.held_ids
        return bulk.judge(shelf, lists, codes, qualities, generation.sequence, held)


def _judge(generation: Generation, found: Upload) -> Verdict:
    """What all lists make of an upload."""
    pdq = next((view.hash for view in found.views if view.hash.hasher == ALWAYS), None)
    quality = None if pdq is None else pdq.quality
    views = [*(View(ORIGINAL, digest) for digest in found.digests), *found.views]
    near = [
        each
        for name, group in groupby(views, key=lambda view: view.hash.hasher)
        if name in generation.shelves
        for each in _near(list(group), quality, generation.shelves[name], generation)
    ]
    lists = tuple(generation.lists.values())
    if pdq is not None:
        return policy.judge(near, pdq, lists)
    if found.refusal is not None and not near:
        raise found.refusal
    digest = next(value for value in found.digests if value.hasher == near[0].hasher.name)
    return policy.judge(near, digest, lists, decoded=False)


def _near(
    views: list[View], picture_quality: int | None, shelf: Shelf, generation: Generation
) -> Iterator[policy.Near]:
    """The entries near a picture by one hasher, with what policy asks about them.

    Of several views that are near an entry the nearest counts, of equally near ones the first.
    """
    lists = generation.lists
    likely = [view for view in views if not view.far_fetched]
    others = [view for view in views if view.far_fetched]
    nearest: dict[int, tuple[int, View]] = {}
    for some, radius in (
        (likely, policy.widest_reach(lists.values(), shelf.hasher)),
        (others, policy.widest_threshold(lists.values(), shelf.hasher)),
    ):
        for view, (ids, distances) in zip(some, _search(some, radius, shelf), strict=True):
            for entry, distance in zip(ids.tolist(), distances.tolist(), strict=True):
                if entry not in nearest or distance < nearest[entry][0]:
                    nearest[entry] = distance, view
    if not nearest:  # as with most uploads: nobody listed them
        return
    about = shelf.about(np.fromiter(nearest, np.int64, len(nearest)))
    known_of = zip(about[0].tolist(), about[1].tolist(), strict=True)
    for (entry, (distance, view)), (list_id, entry_quality) in zip(
        nearest.items(), known_of, strict=True
    ):
        hash_list = lists.get(list_id)
        if hash_list is None:  # made or removed a moment ago; the next refresh knows it
            continue
        seen_quality = picture_quality if view.hash.quality is None else view.hash.quality
        known = [seen_quality, entry_quality if entry_quality >= 0 else None]
        yield policy.Near(
            entry=entry,
            hash_list=hash_list,
            hasher=shelf.hasher,
            distance=distance,
            quality=min((quality for quality in known if quality is not None), default=None),
            view=view.name,
            held=generation.held.get(entry),
        )


def _search(views: list[View], radius: int, shelf: Shelf) -> Matches:
    width = shelf.hasher.bits // 8
    codes = np.frombuffer(b"".join(view.hash.code for view in views), np.uint8)
    return shelf.within(codes.reshape(len(views), width), min(radius, shelf.hasher.bits))
