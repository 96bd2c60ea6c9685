"""Where a listed picture lies in an upload, and whether what lies there is that picture.

Parts say where, hashes say what: pairs of parts vote for a placement, the upload is shown in the
listed picture's frame, and PDQ of that frame and of its tiles is compared with what is listed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.hashers import Frame, Look
from hashmatch.hashers.parts import Parts, mirrored
from hashmatch.hashers.tiles import Tiles
from hashmatch.matching.ends import ends_of
from hashmatch.matching.fits import Floats
from hashmatch.matching.joints import is_as_single
from hashmatch.matching.placement import (
    Placement,
    around,
    coverage,
    guided,
    place,
    shown_in,
)
from hashmatch.matching.there import TILE_UNLIKE, InTheirPlaces, in_their_places, otherness, worst
from hashmatch.native import Rectangle
from hashmatch.native_parts import SEVERAL

__all__ = [
    "FAR",
    "VOTES",
    "WHOLE_SEEN",
    "Alignment",
    "ListedParts",
    "align",
    "align_at",
    "supposed",
    "tiles_told",
]

WHOLE_SEEN: Final = 0.97
"""A frame of which less is visible is not compared as a whole."""
TILE_QUALITY: Final = 30
VOTES: Final = 3
"""Fewer parts agree by chance."""
SAME: Final = 31
"""Bits up to which it shows the same."""
FEW: Final = 0.1
"""The share of what is visible that may show something else, where the rest says what it is."""
A_TILE: Final = 0.05
"""And of a piece's tiles: one, at its rim."""
HOLE: Final = 90
"""And bits up to which no place of a piece does."""
FAR: Final = 64
"""Within one candidate, parts may differ in so many bits: whether they fit decides."""
_MIRRORED: Final = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


@dataclass(frozen=True, slots=True, eq=False)
class ListedParts:
    """What a list knows of one picture, besides what the index searches.

    Attributes:
        entry: its id.
        parts: codes and places of its parts, of a luma whose sides are `parts.width` and
            `parts.height`. Mirrored codes are not needed, and may be empty.
        whole: its whole-picture PDQ, 32 bytes; None where it has none worth comparing.
        tiles: of the same luma; None where they are not listed.
        joint: where pictures meet in it, as `hashmatch.native_parts.joint` says.
    """

    entry: int
    parts: Parts
    whole: bytes | None
    tiles: Tiles | None
    joint: int = SEVERAL


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a listed picture was found in an upload.

    Attributes:
        entry: the listed picture's.
        mirrored: whether the upload had to be mirrored left to right first.
        turn: degrees by which the listed picture is turned clockwise in the upload (mirrored).
        scale: samples of the upload's luma for each of the listed picture's.
        shift: where the listed picture's upper left corner lies, in samples of the upload's luma.
        outline: the four corners of the listed picture in the upload as it was given, in shares of
            its width and height: upper left, upper right, lower right, lower left.
        votes: parts that agree on the placement, distinct in both pictures.
        coverage: share of the listed frame that lies within those parts' regions, 0 to 1.
        worst: bits between the listed parts and what the upload shows in their very places, on
            average, in that window of the frame where they differ most
            (`hashmatch.matching.there.worst`); None where too few are visible.
        frame_visible: share of the listed frame that the upload shows, 0 to 1.
        part_distance: the median of the bits between the parts that agree; 64 where none do.
        whole_distance: bits between the listed whole-picture hash and that of the upload in the
            listed frame; None where less than 97 % of it is visible.
        tile_distance: the median of the same over the visible tiles; None where there is none.
        tile_bits: of these the lower quartile, the mean, and what nine tenths do not exceed; None
            where there is none.
        tiles_visible: how many tiles were compared.
        foreign: the share of these that show something else, 0 to 1. Of two screenshots of one
            program most may be the same, and the hash of the whole near, but not the picture.
        agreement: of the listed parts that lie where the upload shows them, the share that agree.
        alike: as in `hashmatch.matching.placement.Placement`.
        there: how many of the listed parts are in their very places, and how many are not.
        other: how much of what is seen is another picture (`hashmatch.matching.there.otherness`);
            None where no tile was compared.
        fills: share of the upload in which the listed frame lies, 0 to 1.
        single: whether what is seen is surely no one picture of a collage, post or screenshot
            (`hashmatch.matching.joints`).
    """

    entry: int
    mirrored: bool
    turn: float
    scale: float
    shift: tuple[float, float]
    outline: tuple[tuple[float, float], ...]
    votes: int
    coverage: float
    worst: int | None
    frame_visible: float
    part_distance: int
    whole_distance: int | None
    tile_distance: int | None
    tile_bits: tuple[float, float, float] | None
    tiles_visible: int
    foreign: float
    agreement: float
    alike: tuple[int, int]
    there: InTheirPlaces
    other: float | None
    fills: float
    single: bool

    @property
    def distance(self) -> int | None:
        """What the hashes say: of the whole and the tiles' median, the lesser; None without both.

        Text over a picture moves some tiles far and the whole a little; a crop has no whole. Never
        a single tile: an overlay alone can fill one.
        """
        known = [d for d in (self.whole_distance, self.tile_distance) if d is not None]
        return min(known, default=None)


def align(
    upload: Look, candidates: Sequence[ListedParts], stretch: float = 1.0
) -> tuple[Alignment, ...]:
    """Look for listed pictures in an upload.

    Args:
        upload: what is looked at.
        candidates: pictures of which an index found at least one part; their order is kept.
        stretch: the upload's parts are those of it stretched across by so much.

    Returns:
        An alignment for each candidate that at least three parts place; and one more where a piece
        of it ends at the sides of a rectangle, and is the same in that.
    """
    if not candidates:
        return ()
    query = upload.parts(stretch)
    sides = ((query, False), (mirrored(query), True))
    found: list[Alignment] = []
    for listed in candidates:
        placed = [(place(side, listed.parts, FAR), side, flip) for side, flip in sides]
        placement, side, flip = max(placed, key=lambda one: one[0].votes if one[0] else 0)
        if placement is not None and placement.votes >= VOTES:
            if stretch != 1.0:
                side, placement = _back(upload.parts(), side, placement)
            found += _confirmed(upload, listed, side, placement, flip=flip)
    return tuple(found)


def align_at(upload: Look, listed: ListedParts, back: Floats) -> tuple[Alignment, ...]:
    """Look for a listed picture where a hash that is not near supposes it.

    Args:
        upload: what is looked at.
        listed: the picture.
        back: as in `hashmatch.matching.in_place.in_place`.

    Returns:
        As `align` does for one candidate.
    """
    query, flip, matrix = supposed(upload, listed, back)
    placement = around(query, listed.parts, FAR, matrix)
    return tuple(_confirmed(upload, listed, query, placement, flip=flip))


def supposed(upload: Look, listed: ListedParts, back: Floats) -> tuple[Parts, bool, Floats]:
    """The upload's parts, mirrored where the picture is; whether they are; and where it lies."""
    flip = bool(np.linalg.det(back) < 0)
    query = mirrored(upload.parts()) if flip else upload.parts()
    if flip:
        back = _MIRRORED @ back
    size = np.diag([1 / listed.parts.width, 1 / listed.parts.height, 1.0])
    return query, flip, np.diag([query.width, query.height, 1.0]) @ back @ size


def _confirmed(
    upload: Look, listed: ListedParts, side: Parts, placement: Placement, *, flip: bool
) -> Iterator[Alignment]:
    """Compare what the upload shows in the listed frame with what is listed.

    Where other pictures may lie beside a piece of the listed one, what is in its rectangle is
    compared by itself: it counts, too, if that is the same.
    """
    placement = guided(side, listed.parts, placement)
    everything = Rectangle(0, 0, side.width, side.height, trimmed=False)
    whole = _seen(upload, listed, side, placement, everything, flip=flip)
    yield whole
    if _is_the_same(whole, FEW):
        return
    boxes = upload.rectangles()
    if flip:
        boxes = tuple(_flipped(box, side.width) for box in boxes)
    for box in ends_of(boxes, side, listed.parts, placement):
        piece = _seen(upload, listed, side, placement, box, flip=flip)
        if _is_the_same(piece, A_TILE):
            yield piece
            return


def _back(upload: Parts, side: Parts, placement: Placement) -> tuple[Parts, Placement]:
    """Parts of an upload that was stretched, and a placement in it, in the upload as it is."""
    across, down = upload.width / side.width, upload.height / side.height
    places = side.places.copy()
    for axis, by in (("x", across), ("y", down)):
        places[axis] = np.rint(places[axis] * by)
    matrix = np.diag([across, down, 1.0]) @ placement.matrix
    as_it_is = replace(side, places=places, width=upload.width, height=upload.height)
    return as_it_is, replace(placement, matrix=matrix)


def _is_the_same(found: Alignment, few: float) -> bool:
    """Whether nothing that is visible shows something else, but for so many of its tiles."""
    near = found.distance is not None and found.distance <= SAME
    return near and found.foreign <= few and (found.worst is None or found.worst <= HOLE)


def _flipped(box: Rectangle, width: int) -> Rectangle:
    return box._replace(left=width - box.right, right=width - box.left)


def _seen(
    upload: Look,
    listed: ListedParts,
    side: Parts,
    placement: Placement,
    within: Rectangle,
    *,
    flip: bool,
) -> Alignment:
    """What the upload shows in the listed frame, as far as it lies within a rectangle."""
    width, height = listed.parts.width, listed.parts.height
    places = listed.parts.places
    frame = upload.frame(placement.matrix, width, height, places, mirrored=flip, within=within)
    whole = None
    if listed.whole is not None and frame.visible >= WHOLE_SEEN:
        whole = _distance(frame.code, listed.whole)
    differ = np.bitwise_count(frame.regions ^ listed.parts.codes).sum(axis=1, dtype=np.int64)
    pairs = side.codes[placement.queries] ^ listed.parts.codes[placement.listed]
    apart_by = np.bitwise_count(pairs).sum(axis=1)
    across, down = placement.matrix[:2, 0], placement.matrix[:2, 2]
    outline = _outline(placement, width, height, (side.height, side.width), flip=flip)
    there = in_their_places(listed.parts, frame, differ)
    tile, spread, foreign, other = None, None, 0.0, None
    usable, apart = tiles_told(frame, listed)
    if len(apart):
        tile, foreign = int(np.median(apart)), float((apart >= TILE_UNLIKE).mean())
        quarter, most = np.quantile(apart, (0.25, 0.9)).tolist()
        spread = quarter, float(apart.mean()), most
        other = otherness(there, frame.tiles_bare[usable], apart)
    shown = shown_in(listed.parts, placement.matrix, within)
    return Alignment(
        entry=listed.entry,
        mirrored=flip,
        turn=float(np.degrees(np.arctan2(across[1], across[0]))),
        scale=float(np.hypot(*across)),
        shift=(float(down[0]), float(down[1])),
        outline=outline,
        votes=placement.votes,
        coverage=coverage(listed.parts, placement.listed),
        worst=worst(listed.parts, frame.regions_seen, differ),
        frame_visible=frame.visible,
        part_distance=int(np.median(apart_by)) if len(apart_by) else FAR,
        whole_distance=whole,
        tile_distance=tile,
        tile_bits=spread,
        tiles_visible=len(apart),
        foreign=foreign,
        agreement=min(1.0, placement.votes / max(1, shown)),
        alike=placement.alike,
        there=there,
        other=other,
        fills=min(1.0, frame.visible * _area(outline)),
        single=is_as_single(listed.joint, listed.parts, frame, differ, usable, apart),
    )


def tiles_told(
    frame: Frame, listed: ListedParts
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Which tiles can be compared, shape (50,), and the bits in which each of these differs."""
    if listed.tiles is None:
        return np.zeros(len(frame.seen), np.bool_), np.empty(0, np.int64)
    usable = frame.seen & (listed.tiles.quality >= TILE_QUALITY)
    differ = np.bitwise_count(frame.tiles ^ listed.tiles.codes).sum(axis=1, dtype=np.int64)
    return usable, differ[usable]


def _distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _area(corners: tuple[tuple[float, float], ...]) -> float:
    """Of a figure with straight sides: by its corners, in turn."""
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2


def _outline(
    placement: Placement, width: int, height: int, shape: tuple[int, ...], *, flip: bool
) -> tuple[tuple[float, float], ...]:
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], np.float64)
    x, y, depth = placement.matrix @ corners.T
    x, y = x / depth / shape[1], y / depth / shape[0]
    return tuple((float(1 - a if flip else a), float(b)) for a, b in zip(x, y, strict=True))
