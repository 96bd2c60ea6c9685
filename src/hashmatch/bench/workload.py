"""What is asked of every index alike: codes, queries, radius. All of it follows from the seed."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from hashmatch.bench import codes as made
from hashmatch.bench import photographs
from hashmatch.bench.codes import Random
from hashmatch.errors import InvalidCodesError
from hashmatch.indexes.base import checked_radius
from hashmatch.types import Codes

NATURAL: Final = "natural"
UNIFORM: Final = "uniform"
MOST_STRANGERS: Final = 1 / 10
"""Of a file's codes that may be kept out of the list to be queries."""


@dataclass(frozen=True, slots=True)
class Workload:
    """What to measure on, but for the size.

    Attributes:
        codes: ``"natural"``, ``"uniform"``, or the path of a file of codes.
        radius: of every search, in bits.
        planted: share of the queries that are near-duplicates of a random code of the list, 0 to
            ``radius`` bits away, each distance as often. The others are strangers: of the same
            origin as the codes, and not in the list.
        queries: asked one by one in each round.
        batches: sizes of the batches, rising.
        seed: of all chance.
        photos: the folder that natural codes are made from; None takes scikit-image's photographs.
    """

    codes: str = NATURAL
    radius: int = 31
    planted: float = 0.5
    queries: int = 1000
    batches: tuple[int, ...] = (8192,)
    seed: int = 1
    photos: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.planted <= 1:
            raise ValueError(f"A share lies between 0 and 1; {self.planted} does not.")
        if min(self.queries, self.seed + 1, *self.batches, 1) < 1 or not self.batches:
            raise ValueError("There is one query at least, and no seed or batch is negative.")

    def told(self) -> dict[str, Any]:
        """The workload as plain values."""
        return asdict(self)

    def made(self, count: int | None) -> tuple[Codes, Codes]:
        """The codes of a list of ``count``, and the queries; alike whenever they are made.

        Args:
            count: None takes all codes of a file, and a million of the others.

        Raises:
            InvalidCodesError: the file holds no codes, or they would not fit into memory.
            InvalidRadiusError: a radius that codes of this width have no use for.
            MissingExtraError: natural codes without a folder, and scikit-image is not installed.
            PictureError: the photographs are of no use.
        """
        random = np.random.default_rng([self.seed, max(0, count or 0)])
        asked = max(self.queries, *self.batches)
        strangers = asked - round(self.planted * asked)
        codes, strange = self._origin(count, strangers, random)
        planted = asked - len(strange)
        near = made.flipped(
            codes[random.integers(0, len(codes), planted)],
            random.integers(0, self.radius + 1, planted),
            random,
        )
        queries = np.concatenate([near, strange])
        return codes, queries[random.permutation(asked)]

    def _origin(self, count: int | None, strangers: int, random: Random) -> tuple[Codes, Codes]:
        """Codes of the list, and some of the same origin that are not in it."""
        wanted = 1_000_000 if count is None else count
        if self.codes in {NATURAL, UNIFORM}:
            self._refuse(wanted, 256)
            if self.codes == UNIFORM:
                everything = made.uniform(wanted + strangers, random)
            else:
                folder = None if self.photos is None else Path(self.photos)
                pictures = photographs.load(photographs.paths(folder))
                everything = made.natural(wanted + strangers, random, pictures)
            return everything[:wanted], everything[wanted:]
        from hashmatch.indexes.reading import read_codes_file

        held = read_codes_file(self.codes)
        order = random.permutation(len(held))
        apart = min(strangers, int(MOST_STRANGERS * len(held)))
        wanted = len(held) - apart if count is None else count
        self._refuse(wanted, 8 * held.shape[1])
        strange = held[order[:apart]]
        if apart < strangers:  # a short file has few codes to spare
            more = made.uniform(strangers - apart, random, 8 * held.shape[1])
            strange = np.concatenate([strange, more])
        return made.grown(held[order[apart:]], wanted, random), strange

    def _refuse(self, count: int, bits: int) -> None:
        """Refuse what cannot be measured, before anything is made."""
        checked_radius(self.radius, bits)
        refuse_too_many(count, bits)


def memory() -> int:
    """Bytes of memory that this machine has; a large number where it does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        return 1 << 62


def refuse_too_many(count: int, bits: int) -> None:
    """Refuse lists of which not even the codes fit into memory.

    Raises:
        InvalidCodesError: fewer than one code, or too many.
    """
    if count < 1:
        raise InvalidCodesError(f"A list has one code at least, not {count}.")
    needed = count * bits // 8
    if 2 * needed > memory():
        raise InvalidCodesError(
            f"{count:,} codes of {bits} bits take {needed / 2**30:,.0f} GiB, and an index of them "
            f"more; this machine has {memory() / 2**30:,.0f} GiB. Measure fewer (-n)."
        )
