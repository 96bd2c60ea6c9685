"""The matcher: from an upload to a verdict."""

import asyncio
import logging
import math
import os
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Literal, Self

import numpy as np
import numpy.typing as npt

from hashmatch import hashers
from hashmatch.errors import RegistryUnavailableError
from hashmatch.hashers import DEFAULT_LIMITS, Limits, Source
from hashmatch.matching import bulk, judging, places, policy
from hashmatch.matching.bulk import Judged
from hashmatch.matching.follower import Follower
from hashmatch.matching.generation import ALWAYS, Generation
from hashmatch.matching.later import Later
from hashmatch.matching.shelf import Shelf
from hashmatch.matching.snapshots import InMemory, Snapshots
from hashmatch.matching.source import Local
from hashmatch.matching.source import Source as Origin
from hashmatch.matching.uploads import Depth, Upload, hash_upload
from hashmatch.registry import DEFAULT_PLACE, Registry
from hashmatch.types import Codes, Match, Matches, Verdict

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
        self._second: Final = Later()
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
        """Stop following, and close what `open` opened. Closing twice is fine.

        Second looks that are under way, or wait, are taken first.
        """
        self._second.close()
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

    def check(self, upload: Source, depth: Depth = "fast") -> Verdict:
        """Compare an upload with all lists.

        It is hashed by PDQ in all its views (`hashmatch.hashers.views_for_check`: as it is, turned
        and mirrored, and the pictures that may be within it), and as it is by every other hasher
        that the lists have entries of. A picture of too little quality is compared by the digests
        of its bytes only, and the verdict says so; likewise one that cannot be decoded, if its
        bytes are those of an entry.

        Args:
            upload: the bytes of a file, a path, a file open for reading bytes, or pixels: uint8,
                shape (h, w) or (h, w, 3), upright.
            depth: ``"thorough"`` looks, where that does not block it, for the parts of listed
                pictures too: in crops, collages, screenshots, under lettering, at any angle.

        Raises:
            PictureError: the picture was refused, and its bytes are in no list.
            MissingExtraError: its format takes an extra that is not installed; likewise.
            OSError: the path cannot be read.
            TypeError: the upload is nothing of the above.
        """
        generation = self._generation
        chosen = [shelf.hasher for shelf in generation.shelves.values()]
        return judging.judge(generation, hash_upload(upload, chosen, self._limits, depth))

    def check_then(self, upload: Source, later: Callable[[Verdict], None]) -> Verdict:
        """Answer fast, and look thoroughly right after.

        Args:
            upload: see `check`.
            later: is called once with the thorough verdict, in another thread, unless the fast one
                blocks the upload, or the process ends before. What it raises is logged.

        Returns:
            The fast verdict. Where more uploads wait for their second look than two threads can
            give one soon, this waits with them: memory stays bounded.

        Raises:
            PictureError: see `check`, which raises more.
        """
        held = (
            upload if isinstance(upload, np.ndarray) else hashers.read_bytes(upload, self._limits)
        )
        verdict = self.check(held)
        if verdict.action != "block":
            self._second.give(lambda: later(self.check(held, "thorough")))
        return verdict

    def locate(self, upload: Source) -> tuple[Match, ...]:
        """Where the parts of listed pictures lie in an upload, whatever else is found in it.

        Args:
            upload: see `check`.

        Returns:
            What `check` would make of each by its parts, most severe first, with `Match.placed`.

        Raises:
            PictureError: see `check`, which raises more.
        """
        hashed = hash_upload(upload, [hashers.get(ALWAYS)], self._limits, "thorough")
        return judging.locate(self._generation, hashed)

    async def check_async(self, upload: Source, depth: Depth = "fast") -> Verdict:
        """See `check`: in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.check, upload, depth)

    @property
    def hashers(self) -> tuple[str, ...]:
        """The names of the hashers that an upload is to be hashed by."""
        return tuple(self._generation.shelves)

    def judge(self, upload: Upload) -> Verdict:
        """Compare an upload that was hashed elsewhere, by `hashers`; see `check`.

        It is looked at for its parts too where it can be (`Upload.look`).

        Raises:
            PictureError: the picture was refused, and its bytes are in no list.
            MissingExtraError: its format takes an extra that is not installed; likewise.
        """
        return judging.judge(self._generation, upload)

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
