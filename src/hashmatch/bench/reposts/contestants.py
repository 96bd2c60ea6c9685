"""Ways of finding re-posts, behind one small interface: the harness knows nothing else of them."""

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np

from hashmatch.bench.reposts.alterations.setting import Pixels
from hashmatch.hashers import (
    LIKELIHOODS,
    Likelihood,
    View,
    hash_for_check,
    hash_image,
    likelihood,
    views_for_check,
)
from hashmatch.hashers.pdq import Pdq
from hashmatch.indexes import FlatIndex, RingIndex
from hashmatch.matching import policy
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.types import ORIGINAL, Action, Codes

__all__ = ["CONTESTANTS", "Answer", "Contestant", "Filling", "Found", "WholePictures"]

WIDE: Final = 110
"""Bits within which the nearest pictures are noted, for the curves; far over any threshold."""


class Found(NamedTuple):
    """A listed picture that an upload was compared with.

    Attributes:
        picture: its place among those listed; -1 for a code of the list that belongs to none.
        tier: what is made of it.
        distance: bits between the two, in the view that is nearest.
        view: that view, or whatever else brought the two together.
        votes: parts that agree on where it is; None where there are no parts.
    """

    picture: int
    tier: Action
    distance: int
    view: str
    votes: int | None = None


class Answer(NamedTuple):
    """What one check found.

    Attributes:
        found: listed pictures, also some that are too far away, whose tier is ``"pass"``.
        seconds: decoding, hashing, searching.
        codes: that were searched for.
    """

    found: tuple[Found, ...]
    seconds: float
    codes: int


class Filling(NamedTuple):
    """Pictures that nobody has, which make a list as long as real ones.

    Attributes:
        codes: of the whole pictures, shape (n, 32), uint8.
        parts: of the same pictures, row 0 as entry 1; None where they have none.
    """

    codes: Codes
    parts: PartShelf | None = None


class Contestant(Protocol):
    """A way of finding re-posts."""

    @property
    def name(self) -> str:
        """How reports call it."""

    def list_pictures(self, pictures: Sequence[Pixels], others: Filling) -> None:
        """Put pictures on the list, and others that nobody has.

        Args:
            pictures: shape (h, w, 3) each, uint8.
            others: known by their fingerprints.
        """

    def check(self, upload: bytes) -> Answer:
        """Look for a picture file in the list."""


class WholePictures:
    """A list of one PDQ hash a picture, asked by views of the upload.

    Args:
        name: how reports call it.
        views: makes them.
    """

    def __init__(self, name: str, views: Callable[[bytes], Sequence[View]]) -> None:
        self.name = name
        self._views = views

    def list_pictures(self, pictures: Sequence[Pixels], others: Filling) -> None:
        """See `Contestant`; pictures of too little quality are not listed, as a list would."""
        hashes = [hash_image(pixels) for pixels in pictures]
        self._good = np.array([(each.quality or 0) >= (Pdq.min_quality or 0) for each in hashes])
        codes = np.frombuffer(b"".join(each.code for each in hashes), np.uint8).reshape(-1, 32)
        self._pictures = FlatIndex.build(codes)
        self._whole = RingIndex.build(np.concatenate([codes, others.codes]))

    def check(self, upload: bytes) -> Answer:
        """See `Contestant`."""
        begin = time.perf_counter()
        views = [view for view in self._views(upload) if _good(view)]
        some = {by: [v for v in views if likelihood(v.name) == by] for by in LIKELIHOODS}
        near = {by: self._whole.search(_codes(some[by]), _reach(by)) for by in LIKELIHOODS}
        seconds = time.perf_counter() - begin

        nearest: dict[int, tuple[int, str]] = {}

        def note(picture: int, distance: int, view: View) -> None:
            known = nearest.get(picture)
            if known is None or distance < known[0]:
                nearest[picture] = distance, view.name

        for by, each in some.items():
            for view, (rows, distances) in zip(each, near[by], strict=True):
                for row, distance in zip(rows.tolist(), distances.tolist(), strict=True):
                    if row >= len(self._good):
                        note(-1, distance, view)
            wide = self._pictures.search(_codes(each), WIDE)
            for view, (rows, distances) in zip(each, wide, strict=True):
                for row, distance in zip(rows.tolist(), distances.tolist(), strict=True):
                    between = _reach(by) < distance <= Pdq.review_threshold
                    if self._good[row] and not between:
                        note(row, distance, view)
        found = tuple(
            Found(picture, _tier(distance), distance, view)
            for picture, (distance, view) in nearest.items()
        )
        return Answer(found, seconds, len(views))


def _reach(by: Likelihood) -> int:
    """Bits up to which a view of such a likelihood asks for a review, at least."""
    usual = policy.Reach(Pdq.block_threshold, Pdq.review_threshold)
    return policy.of_view(usual, by).review


def _codes(views: Sequence[View]) -> Codes:
    codes = np.frombuffer(b"".join(view.hash.code for view in views), np.uint8)
    return codes.reshape(len(views), Pdq.bits // 8)


def _good(view: View) -> bool:
    return (view.hash.quality or 0) >= (Pdq.min_quality or 0)


def _tier(distance: int) -> Action:
    if distance <= Pdq.block_threshold:
        return "block"
    return "review" if distance <= Pdq.review_threshold else "pass"


def _plain(upload: bytes) -> Sequence[View]:
    return (View(ORIGINAL, hash_for_check(upload)),)


def _thorough() -> Contestant:
    from hashmatch.bench.reposts.thorough import Thorough  # which answers in the terms above

    return Thorough()


CONTESTANTS: Final[dict[str, Callable[[], Contestant]]] = {
    "plain": lambda: WholePictures("plain", _plain),
    "views": lambda: WholePictures("views", views_for_check),
    "thorough": _thorough,
}
"""By name: what makes it."""
