"""The matcher: from an upload to a verdict."""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Final, Literal, NoReturn, Self

import numpy as np
import numpy.typing as npt

from hashmatch import hashers
from hashmatch.hashers import DEFAULT_LIMITS, Limits, Source
from hashmatch.matching import bulk, judging, places, policy
from hashmatch.matching.bulk import Judged
from hashmatch.matching.generation import ALWAYS
from hashmatch.matching.kept import Kept
from hashmatch.matching.later import Later
from hashmatch.matching.places import Opened
from hashmatch.matching.shelf import Shelf
from hashmatch.matching.snapshots import Snapshots
from hashmatch.matching.source import Source as Origin
from hashmatch.matching.uploads import Depth, Upload, hash_upload
from hashmatch.registry import DEFAULT_PLACE, Registry
from hashmatch.types import Codes, Match, Matches, Verdict

State = Literal["ready", "stale"]

STALE_SECONDS: Final = 10.0


class Matcher:
    """Compares uploads with the hash lists of a registry.

    It holds the entries as they were when it last caught up: one that was opened by `open` does so
    by itself, in the background; of one that was made otherwise call `refresh` as often as changes
    are to become effective. Threads may share one: each check sees one state of all lists, waits
    for no refresh, and asks neither disk nor network.

    Args:
        source: where the entries come from; whoever opened it closes it. Or what opens it.
        limits: what an upload may ask of the decoder.
        snapshots: where the processes of a machine share the entries; by default each has its own.

    Raises:
        RegistryUnavailableError: the source cannot be read, and no snapshot is there.
    """

    def __init__(
        self,
        source: Registry | Origin | Callable[[], Opened],
        limits: Limits = DEFAULT_LIMITS,
        snapshots: Snapshots | None = None,
    ) -> None:
        self._limits: Final = limits
        self._kept: Final = Kept(source, snapshots)
        self._second: Final = Later()

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

        While the registry is away it answers from what it has, and `age` tells how old that is. A
        forked child may go on with it: it opens the registry anew, and answers meanwhile.

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
        matcher = cls(partial(places.open_place, place, token=token, cache=cache), limits)
        matcher.follow(every)
        return matcher

    def follow(self, every: float) -> None:
        """Keep up with the registry in the background, until the matcher is closed.

        Args:
            every: seconds from one look at what has changed to the next; longer ones after a
                failure.
        """
        self._kept.follow(every)

    def close(self) -> None:
        """Stop following, and close what `open` opened. Closing twice is fine.

        Second looks that are under way, or wait, are taken first. Afterwards it answers no more:
        whatever is asked raises a `RuntimeError`, for withdrawals would not be effective.
        """
        self._second.close()
        self._kept.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A Matcher is not sent to other processes; each opens its own: Matcher.open."
        )

    @property
    def sequence(self) -> int:
        """The last change of the registry that is effective here."""
        return self._kept.generation.sequence

    @property
    def generation(self) -> int:
        """The number of the snapshot under what is served; 0 where there is none."""
        return self._kept.generation.number

    @property
    def age(self) -> float:
        """Seconds since the lists were last known to be up to date; infinite if that is unknown."""
        return self._kept.age

    @property
    def state(self) -> State:
        """Whether the lists are up to date: ``"stale"`` when they could not be for 10 seconds."""
        return "stale" if self.age > STALE_SECONDS else "ready"

    @property
    def entries(self) -> int:
        """How many entries uploads are compared with."""
        return self._kept.generation.entries

    @property
    def sizes(self) -> dict[str, int]:
        """The same by hasher."""
        return {name: len(shelf) for name, shelf in self._kept.generation.shelves.items()}

    @property
    def held(self) -> int:
        """How many of them are held back for review."""
        return len(self._kept.generation.held)

    def refresh(self) -> int:
        """Make what changed in the registry effective; returns the new `sequence`.

        Raises:
            RegistryUnavailableError: the registry cannot be read; the lists stay as they were.
            UnknownHasherError: there are entries of a hasher now that is not installed; likewise.
            MissingExtraError: likewise, and the extra that it takes.
        """
        return self._kept.refresh().sequence

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
            ValueError: the depth is neither of them.
        """
        if depth not in {"fast", "thorough"}:  # a typing error would look less than was asked for
            raise ValueError(f"The depth of a check is 'fast' or 'thorough', not {depth!r}.")
        generation = self._kept.generation
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
        return judging.locate(self._kept.generation, hashed)

    async def check_async(self, upload: Source, depth: Depth = "fast") -> Verdict:
        """See `check`: in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.check, upload, depth)

    @property
    def hashers(self) -> tuple[str, ...]:
        """The names of the hashers that an upload is to be hashed by."""
        return tuple(self._kept.generation.shelves)

    def judge(self, upload: Upload) -> Verdict:
        """Compare an upload that was hashed elsewhere, by `hashers`; see `check`.

        It is looked at for its parts too where it can be (`Upload.look`).

        Raises:
            PictureError: the picture was refused, and its bytes are in no list.
            MissingExtraError: its format takes an extra that is not installed; likewise.
        """
        return judging.judge(self._kept.generation, upload)

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
        generation = self._kept.generation
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
        generation = self._kept.generation
        shelf = generation.shelves.get(hasher) or Shelf.build(hashers.get(hasher))
        lists = generation.lists.values()
        held = generation.held_ids
        return bulk.judge(shelf, lists, codes, qualities, generation.sequence, held)
