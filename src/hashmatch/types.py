"""The values that travel between the rooms: Hash, Matches, Match, Verdict. All are immutable."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt

from hashmatch.errors import HasherMismatchError, InvalidHashError

HEX_PAIRS = re.compile(r"(?:[0-9a-fA-F]{2})+")

Codes = npt.NDArray[np.uint8]
"""Packed bits, one code a row: shape ``(n, bits // 8)``, dtype uint8, C order."""

Action = Literal["pass", "review", "block"]
"""What policy makes of the matches, in rising order of severity."""


@dataclass(frozen=True, slots=True)
class Hash:
    """The fingerprint of one picture.

    Attributes:
        hasher: name of the algorithm, for instance ``"pdq"``.
        code: the packed bits, most significant first: the first hex digit of a PDQ hash holds
            its bits 255..252.
        quality: 0 to 100, how much there was to tell pictures apart by; None where the algorithm
            has no such measure (``md5``).

    ``h1 - h2`` is the distance: the number of bits in which the two differ.
    """

    hasher: str
    code: bytes = field(repr=False)
    quality: int | None = None

    @property
    def hex(self) -> str:
        """The code as lower-case hexadecimal digits."""
        return self.code.hex()

    @property
    def bits(self) -> int:
        """The width of the code."""
        return 8 * len(self.code)

    @classmethod
    def from_hex(cls, hasher: str, text: str, quality: int | None = None) -> "Hash":
        """Read hexadecimal digits of either case; white space around them is ignored.

        Raises:
            InvalidHashError: the text is not an even number of hexadecimal digits.
        """
        digits = text.strip()
        if not HEX_PAIRS.fullmatch(digits):
            raise InvalidHashError(
                f"A {hasher} hash is an even number of hexadecimal digits; "
                f"this text of {len(digits)} characters is not."
            )
        return cls(hasher, bytes.fromhex(digits), quality)

    def __sub__(self, other: object) -> int:
        if not isinstance(other, Hash):
            return NotImplemented
        if self.hasher != other.hasher or len(self.code) != len(other.code):
            raise HasherMismatchError(
                f"A {self.hasher} hash of {self.bits} bits has no distance to a "
                f"{other.hasher} hash of {other.bits} bits; hash both pictures with one hasher."
            )
        return (int.from_bytes(self.code) ^ int.from_bytes(other.code)).bit_count()


class Neighbours(NamedTuple):
    """What one query found: parallel arrays, nearest first, equal distances by rising id."""

    ids: npt.NDArray[np.int64]
    distances: npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Matches:
    """What a search found, for all its queries, in three arrays.

    The matches of query ``i`` are the slice ``offsets[i]:offsets[i + 1]`` of ``ids`` and
    ``distances``; within it, nearest first, equal distances by rising id. ``matches[i]`` is that
    slice as `Neighbours`, without a copy.

    Attributes:
        offsets: shape ``(queries + 1,)``, int64, starting at 0.
        ids: shape ``(m,)``, int64: rows of an index, or entry ids of a registry.
        distances: shape ``(m,)``, uint16: bits in which query and match differ.
    """

    offsets: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int64]
    distances: npt.NDArray[np.uint16]

    def __new__(
        cls,
        offsets: npt.NDArray[np.int64],
        ids: npt.NDArray[np.int64],
        distances: npt.NDArray[np.uint16],
    ) -> Self:
        """Take three arrays.

        A search makes one of these. What a frozen dataclass does by itself, to set attributes by
        name, takes twice as long, which is a thirtieth of a search among a million codes.
        """
        made = _new(cls)
        _set_offsets(made, offsets)
        _set_ids(made, ids)
        _set_distances(made, distances)
        return made

    def __getnewargs__(self) -> tuple[npt.NDArray[Any], ...]:  # pickles know of `__new__` by this
        return self.offsets, self.ids, self.distances

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, query: int) -> Neighbours:
        count = len(self)
        if not -count <= query < count:
            raise IndexError(f"query {query} of {count}")
        query %= count
        found = slice(self.offsets[query], self.offsets[query + 1])
        return Neighbours(self.ids[found], self.distances[found])

    def __iter__(self) -> Iterator[Neighbours]:
        return (self[query] for query in range(len(self)))

    def queries(self) -> npt.NDArray[np.int64]:
        """The query of each match, shape ``(m,)``, rising."""
        count = len(self.ids)
        if 16 * count < len(self):
            return np.searchsorted(self.offsets, np.arange(count), side="right") - 1
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))


_new: Final = object.__new__
_set_offsets: Final = Matches.__dict__["offsets"].__set__
_set_ids: Final = Matches.__dict__["ids"].__set__
_set_distances: Final = Matches.__dict__["distances"].__set__


ORIGINAL: Final = "original"
"""The view of a picture that is the picture as it is."""


ByBits = tuple[float, float, float, float, float, float, float]
"""Counts of parts, by the bits in which they differ."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a listed picture lies in a checked one, as their parts say.

    Attributes:
        turn: degrees by which it is turned clockwise there, -180 to 180.
        scale: its size there, in samples for each of the listed picture's luma.
        mirrored: whether the checked picture had to be mirrored left to right first.
        outline: its four corners, in shares of the checked picture's width and height: of the
            listed picture's upper left, upper right, lower right, lower left. May lie outside.
        votes: parts that agree.
        coverage: share of the listed picture that lies within those parts' regions, 0 to 1.
        worst: bits between its parts and what is seen in their very places, on average, in that
            window of three tenths of its sides where they differ most; None where too few are seen.
        visible: share of the listed picture that the checked one shows, 0 to 1.
        whole_distance: bits between the hash of the listed picture and that of what is seen in its
            place; None where too little is visible.
        tile_distance: likewise the median of the tiles that are visible; None where none is.
        tile_bits: and of these the lower quartile, the mean, and what nine tenths do not exceed.
        tiles: how many were compared.
        foreign: the share of them that show something else, 0 to 1.
        agreement: of the listed parts that the checked picture shows, the share that agree, 0 to 1.
        alike: pairs of parts of the two, in one place, that differ by up to 76 bits; and by up to
            100.
        bare_same: of the listed parts, how many are in their very places, where nothing flat such
            as lettering or a page is; each counts the less, the more of it is flat.
        bareness: of the parts that are there, the mean share of their regions in which nothing flat
            is, 0 to 1.
        paper: how much what is seen looks like a page, 0 to 1: the share that two shades take of
            its lines.
        bare_other: likewise how many show something else there.
        same_in: the upright rectangle of the listed picture around those of its parts that are the
            same: left, top, right, bottom, in shares of its width and height; None where none is.
        holes: of the parts that show something else, how many lie within it.
        hole: in that window where they are the most, how many more parts show something else than
            are there.
        lost: how many parts are not there.
        lost_bits: the mean of the bits in which these differ; None where all are there.
        by_bits: counted as `bare_same` is, how many of its parts differ in their very places by up
            to 45, 60, 75, 90, 104 and 117 bits, each without the former, and how many by more.
        parted: of all straight cuts through it, across or down, that which best parts the parts
            that are there from those that show something else: by how many the former are more on
            one side, and the latter on the other, whichever is less.
        other: how much of what is seen is another picture, 0 to 2: of what is bare, the share that
            shows something else, and `foreign`; None where no tile was compared.
        fills: share of the checked picture in which the listed one lies, 0 to 1.
        single: whether what is seen is surely no one picture of a collage, post or screenshot.
        evidence: how much of all this speaks for the listed picture: the logarithm of how many
            times likelier its copies are to look so than other pictures are, up to a constant.
    """

    turn: float
    scale: float
    mirrored: bool
    outline: tuple[tuple[float, float], ...]
    votes: int
    coverage: float
    worst: int | None
    visible: float
    whole_distance: int | None
    tile_distance: int | None
    tile_bits: tuple[float, float, float] | None
    tiles: int
    foreign: float
    agreement: float
    alike: tuple[int, int]
    bare_same: float
    bareness: float
    paper: float
    bare_other: float
    same_in: tuple[float, float, float, float] | None
    holes: float
    hole: float
    lost: float
    lost_bits: int | None
    by_bits: ByBits
    parted: float
    other: float | None
    fills: float
    single: bool
    evidence: float


PLACED: Final = "placed"
"""The view of a picture in which parts have found another."""


@dataclass(frozen=True, slots=True)
class Match:
    """One entry of a hash list that lies within the list's thresholds of a checked picture.

    Attributes:
        entry: its id.
        list_name: the list.
        hasher: by which the two were compared.
        distance: bits in which they differ.
        action: what the list makes of it; ``"pass"`` in an allow-list.
        view: the rendering of the checked picture that is so near: ``"original"``; how it was
            turned or mirrored (``"rotate-90"``, ``"flip-y"`` …); ``"nearest-512"``, ``"area-512"``
            as other tools resample it; ``"trimmed"`` without its border; or a picture within it
            (``"rectangle-2"``). The last two may be turned as well, ``"rectangle-2/flip-y"``, or
            cut a little: ``"rectangle-2/wider"`` at its sides, or ``"…/taller"`` above and below.
            ``"placed"`` where its parts were found: then `placed` says where, and the distance is
            the lesser one of its two, or, where too little is visible, the median of its parts'.
        placed: where the listed picture lies in the checked one; None where parts had no say.
    """

    entry: int
    list_name: str
    hasher: str
    distance: int
    action: Action
    view: str = ORIGINAL
    placed: Placed | None = None

    def told(self) -> dict[str, Any]:
        """The match in terms of JSON; ``placed`` is missing where there is none."""
        said: dict[str, Any] = {
            "entry": self.entry,
            "list": self.list_name,
            "hasher": self.hasher,
            "distance": self.distance,
            "view": self.view,
            "action": self.action,
        }
        return said if self.placed is None else {**said, "placed": asdict(self.placed)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What policy makes of one checked picture.

    Attributes:
        action: the most severe action of the matches; ``"pass"`` where there is none, or where a
            match of an allow-list overrules the others.
        matches: most severe first, then nearest first; overruled ones included.
        hash: the perceptual hash the picture was searched by; the digest that matched where the
            picture could not be decoded.
        reason: the verdict in words, for a log or a person. Names no hash.
        status: ``"ok"``; ``"low_quality"`` where the picture has too little in it to be matched
            perceptually (it is still compared by md5 and sha256); ``"not_decoded"`` where its
            pixels could not be had, and its bytes are those of an entry.
    """

    action: Action
    matches: tuple[Match, ...]
    hash: Hash
    reason: str
    status: Literal["ok", "low_quality", "not_decoded"] = "ok"

    def told(self) -> dict[str, Any]:
        """The verdict in terms of JSON. Holds no hash."""
        return verdict_told(self)

    @property
    def quality(self) -> int | None:
        """That of `hash`: 0 to 100, or None where there is no such measure."""
        return self.hash.quality


class Told(Protocol):
    """What a verdict says, wherever it was reached: here, or by a service."""

    @property
    def action(self) -> Action:
        """See `Verdict`."""

    @property
    def status(self) -> str:
        """See `Verdict`."""

    @property
    def reason(self) -> str:
        """See `Verdict`."""

    @property
    def quality(self) -> int | None:
        """See `Verdict`."""

    @property
    def matches(self) -> tuple[Match, ...]:
        """See `Verdict`."""


def verdict_told(verdict: Told) -> dict[str, Any]:
    """A verdict in terms of JSON: one form for the command line and for services."""
    return {
        "action": verdict.action,
        "status": verdict.status,
        "reason": verdict.reason,
        "quality": verdict.quality,
        "matches": [match.told() for match in verdict.matches],
    }
