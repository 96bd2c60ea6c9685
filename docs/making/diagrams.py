"""The diagrams, as SVG: boxes and arrows in a grid, in the colours of the plots."""

from collections.abc import Iterable
from html import escape
from typing import Final, NamedTuple

WIDE: Final = 176
HIGH: Final = 56
ACROSS: Final = 236
DOWN: Final = 92
COLOURS: Final = {"person": "#CC79A7", "registry": "#009E73", "node": "#0072B2", "end": "#D55E00"}


class Box(NamedTuple):
    """A box in a cell of the grid, with up to two lines of words."""

    column: float
    row: float
    words: str
    colour: str = "node"

    @property
    def left(self) -> float:
        """In pixels."""
        return 16 + self.column * ACROSS

    @property
    def top(self) -> float:
        """In pixels."""
        return 16 + self.row * DOWN


def pictures() -> dict[str, str]:
    """The diagrams by file name."""
    return {"way.svg": _way(), "search.svg": _search(), "views.svg": _views(),
            "parts.svg": _parts()}  # fmt: skip


def _way() -> str:
    picture = Box(0, 0, "picture|stays on the device", "person")
    prints = Box(1, 0, "fingerprints|PDQ, SHA-256", "person")
    registry = Box(2, 0, "registry|lists, entries, cases", "registry")
    feed = Box(2, 1, "change feed|1, 2, 3 …", "registry")
    upload = Box(0, 2, "upload|in memory only")
    views = Box(1, 2, "codes|of all views")
    index = Box(2, 2, "index|exact search by radius")
    verdict = Box(3, 2, "verdict|block, review, pass", "end")
    return _drawn(
        "From a person's picture to a platform's verdict",
        [picture, prints, registry, feed, upload, views, index, verdict],
        [
            (picture, prints, "hash"),
            (prints, registry, "send"),
            (registry, feed, ""),
            (feed, index, "follow"),
            (upload, views, "hash"),
            (views, index, "ask"),
            (index, verdict, "policy"),
        ],
    )


def _search() -> str:
    code = Box(0, 0, "a code|256 bits")
    chunks = Box(1, 0, "16 chunks|of 16 bits")
    buckets = Box(2, 0, "272 buckets|16 + 256 flips")
    tags = Box(2, 1, "next chunk near too?|tags of 16 bits")
    pairs = Box(1, 1, "all 256 bits|compared")
    found = Box(0, 1, "within 31 bits|ids and distances", "end")
    return _drawn(
        "How the ring index finds every code within 31 bits",
        [code, chunks, buckets, tags, pairs, found],
        [
            (code, chunks, "split"),
            (chunks, buckets, "probe"),
            (buckets, tags, ""),
            (tags, pairs, "few"),
            (pairs, found, ""),
        ],
    )


def _views() -> str:
    upload = Box(0, 1, "upload|decoded once")
    turns = Box(1, 0, "eight turns|as it is, mirrored, 90°")
    resampled = Box(1, 1, "two resampled|as other tools do")
    regions = Box(1, 2, "up to 28 rectangles,|eight turned and as if cut")
    codes = Box(2, 1, "at most 94 codes|one search")
    return _drawn(
        "The views of an upload",
        [upload, turns, resampled, regions, codes],
        [
            (upload, turns, ""),
            (upload, resampled, ""),
            (upload, regions, ""),
            (turns, codes, ""),
            (resampled, codes, ""),
            (regions, codes, ""),
        ],
    )


def _parts() -> str:
    points = Box(0, 0, "key points|of the upload")
    codes = Box(1, 0, "part codes|256 bits each")
    pairs = Box(2, 0, "candidates|a part within 31 bits")
    place = Box(2, 1, "alignment|scale, turn, shift")
    tiles = Box(1, 1, "compare|whole frame, or tiles")
    end = Box(0, 1, "distance|and what is foreign", "end")
    return _drawn(
        "How parts place a listed picture in an upload, and what is compared then",
        [points, codes, pairs, place, tiles, end],
        [
            (points, codes, "hash"),
            (codes, pairs, "search"),
            (pairs, place, "vote"),
            (place, tiles, ""),
            (tiles, end, ""),
        ],
    )


def _drawn(title: str, boxes: Iterable[Box], arrows: Iterable[tuple[Box, Box, str]]) -> str:
    boxes = list(boxes)
    width = max(box.left for box in boxes) + WIDE + 16
    height = max(box.top for box in boxes) + HIGH + 16
    inner = [*map(_box, boxes), *(_arrow(*each) for each in arrows)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" font-family="sans-serif">\n'
        f"<title>{escape(title)}</title>\n"
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="#333"/></marker></defs>\n'
        + "\n".join(inner)
        + "\n</svg>\n"
    )


def _box(box: Box) -> str:
    first, _, second = box.words.partition("|")
    middle = box.left + WIDE / 2
    return (
        f'<rect x="{box.left:g}" y="{box.top:g}" width="{WIDE}" height="{HIGH}" rx="6" '
        f'fill="#fff" stroke="{COLOURS[box.colour]}" stroke-width="2"/>'
        f'<text x="{middle:g}" y="{box.top + 24:g}" text-anchor="middle" font-size="15" '
        f'fill="#111">{escape(first)}</text>'
        f'<text x="{middle:g}" y="{box.top + 43:g}" text-anchor="middle" font-size="12" '
        f'fill="#444">{escape(second)}</text>'
    )


def _arrow(one: Box, other: Box, words: str) -> str:
    if one.column == other.column:
        down = other.row > one.row
        x = one.left + WIDE / 2
        ends = (x, one.top + (HIGH if down else 0), x, other.top + (0 if down else HIGH))
    else:
        right = other.column > one.column
        ends = (
            one.left + (WIDE if right else 0),
            one.top + HIGH / 2,
            other.left + (0 if right else WIDE),
            other.top + HIGH / 2,
        )
    x1, y1, x2, y2 = ends
    along = 6 if one.column == other.column else 0
    anchor = "start" if along else "middle"
    label = (
        f'<text x="{(x1 + x2) / 2 + along:g}" y="{(y1 + y2) / 2 - (0 if along else 6):g}" '
        f'text-anchor="{anchor}" font-size="12" fill="#333">{escape(words)}</text>'
    )
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="#333" '
        f'stroke-width="1.5" marker-end="url(#tip)"/>{label if words else ""}'
    )
