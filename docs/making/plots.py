"""The plots, as SVG: of the tables in `benchmarks/README.md`, and of a run over photographs.

A row that is no longer found there fails the build, so that no plot shows what is not written.
"""

import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any, Final

import numpy as np
from PIL import Image, ImageEnhance

from hashmatch.bench.photographs import paths
from hashmatch.bench.plots import COLOURS, STYLE, library
from hashmatch.hashers import decode, hash_image
from hashmatch.types import Hash

_NUMBER: Final = r"([\d.]+)(?: to ([\d.]+))? (µs|ms)"
_UNITS: Final = {"µs": 1e-3, "ms": 1.0}


def pictures(benchmarks: str) -> dict[str, str]:
    """The plots by file name, from the text of the page of measurements."""
    mpl = library()
    style = {**STYLE, "svg.hashsalt": "hashmatch", "svg.fonttype": "none"}
    drawn = {}
    with mpl.rc_context(style):
        for name, plot in _PLOTS.items():
            figure = mpl.figure.Figure(figsize=(8.0, 4.2))
            plot(figure.subplots(), benchmarks)
            file = StringIO()
            figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
            drawn[f"{name}.svg"] = file.getvalue()
    return drawn


def _rows(text: str, heading: str) -> dict[str, list[str]]:
    """The first table whose header line begins so: its cells by those of the first column."""
    start = text.find(f"\n| {heading} |")
    if start < 0:
        raise LookupError(f"There is no table that begins with {heading!r} in the measurements.")
    lines = text[start + 1 :].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in cells}


def _percent(cell: str) -> tuple[float, float, float]:
    """A share and its interval, as in ``92.5 % (85 to 96)``."""
    found = re.match(r"([\d.]+) %(?: \(([\d.]+) to ([\d.]+)\))?", cell)
    if found is None:
        raise LookupError(f"The cell {cell!r} of the measurements begins with no percentage.")
    share = float(found[1])
    low, high = (float(found[2]), float(found[3])) if found[2] else (share, share)
    return share, min(low, share), max(high, share)


def _reposts(axes: Any, text: str) -> None:
    rows = _rows(text, "family | copies | plain: block / flagged")
    names = [name for name in rows if re.match(r"[\d.]+ %", rows[name][2])]
    names = [name for name in names if "," not in name or name.startswith("JPEG")]
    views = [_percent(rows[name][2]) for name in names]
    told = [re.match(r"[\d.]+", rows[name][1]) for name in names]
    plain = [np.nan if each is None else float(each[0]) for each in told]  # not asked of each
    places = np.arange(len(names))[::-1]
    axes.barh(places + 0.2, plain, 0.4, color=COLOURS[1], label="one hash of the upload")
    shares = np.array([share for share, _, _ in views])
    errors = np.array([[share - low, high - share] for share, low, high in views]).T
    axes.barh(places - 0.2, shares, 0.4, color=COLOURS[0], label="all views", xerr=errors,
              error_kw={"lw": 1, "ecolor": "#333"})  # fmt: skip
    axes.set_yticks(places, names)
    axes.set_xlim(0, 100)
    axes.set_xlabel("copies blocked, % (95 % intervals where they are given)")
    axes.set_title("Re-posts: copies that are blocked")
    axes.figure.legend(loc="outside lower center", ncols=2)


def _thorough(axes: Any, text: str) -> None:
    rows = _rows(text, "copies | must, % | block, %")
    names = [re.sub(r" \(\d+\)$", "", name) for name in rows]
    blocked = [float(cells[1]) for cells in rows.values()]
    flagged = [float(cells[2].split()[0]) for cells in rows.values()]
    places = np.arange(len(names))[::-1]
    axes.barh(places, flagged, 0.7, color=COLOURS[1], label="for a person to judge")
    axes.barh(places, blocked, 0.7, color=COLOURS[2], label="blocked")
    axes.figure.set_size_inches(8.0, 6.4)
    axes.set_yticks(places, names)
    axes.set_xlim(0, 100)
    axes.set_xlabel("copies that are found, %")
    axes.set_title("The thorough check: copies that are found")
    axes.figure.legend(loc="outside lower center", ncols=2)


def _times(text: str, row: str) -> tuple[float, float]:
    """Ours and the peer's, in milliseconds, of a row with ``(12 µs against 0.93 ms)`` in it."""
    line = next((line for line in text.splitlines() if line.startswith(f"| {row} |")), "")
    found = re.search(rf"\({_NUMBER} against {_NUMBER}\)", line)
    if found is None:
        raise LookupError(f"The row {row!r} is not in the measurements, or has no two times.")
    halves = (found.groups()[:3], found.groups()[3:])
    ours, theirs = (
        np.mean([float(end) for end in half[:2] if end]) * _UNITS[half[2]] for half in halves
    )
    return float(ours), float(theirs)


def _beside(axes: Any, times: dict[str, tuple[float, float]], peer: str) -> None:
    places = np.arange(len(times))
    for shift, colour, name, column in (
        (-0.2, COLOURS[0], "hashmatch", 0),
        (0.2, COLOURS[1], peer, 1),
    ):
        heights = [pair[column] for pair in times.values()]
        bars = axes.bar(places + shift, heights, 0.4, color=colour, label=name)
        axes.bar_label(bars, [f"{height:.3g}" for height in heights], fontsize=9)
    axes.set_yscale("log")
    axes.margins(y=0.15)
    axes.set_xticks(places, list(times))
    axes.set_ylabel("milliseconds, logarithmic")
    axes.legend()


def _search(axes: Any, text: str) -> None:
    times = {
        f"{count} codes": _times(text, f"one query, {count}, against FAISS Flat")
        for count in ("1e6", "1e7")
    }
    _beside(axes, times, "FAISS Flat")
    axes.set_title("One exact search within 31 bits, one thread")


def _hashing(axes: Any, text: str) -> None:
    rows = {
        "12 MP RGB": "exact PDQ of 12 MP RGB against `pdqhash.compute`",
        "1 MP RGB": "exact PDQ of 1 MP RGB",
        "12 MP gray": "exact PDQ of 12 MP gray",
    }
    _beside(axes, {name: _times(text, row) for name, row in rows.items()}, "pdqhash")
    axes.set_title("PDQ of pixels, one thread")


def _copies(pixels: Any) -> Iterator[tuple[str, Hash]]:
    """Hashes of copies of a picture, as people make them."""
    picture = Image.fromarray(pixels)
    half = picture.resize((picture.width // 2, picture.height // 2))
    margin = picture.width // 50, picture.height // 50
    cut = (*margin, picture.width - margin[0], picture.height - margin[1])
    for name, copy in (
        ("JPEG 50", picture),
        ("half size", half),
        ("brighter", ImageEnhance.Brightness(picture).enhance(1.3)),
        ("2 % cut off each side", picture.crop(cut)),
    ):
        file = BytesIO()
        copy.save(file, "JPEG", quality=50 if name == "JPEG 50" else 90)
        yield name, hash_image(file.getvalue())


def _distances(axes: Any, text: str) -> None:
    del text
    photographs = [decode(path.read_bytes()) for path in paths(None)]
    originals = [hash_image(pixels) for pixels in photographs]
    copies: dict[str, list[int]] = {}
    for pixels, original in zip(photographs, originals, strict=True):
        for name, copy in _copies(pixels):
            copies.setdefault(name, []).append(original - copy)
    strangers = [
        one - other for number, one in enumerate(originals) for other in originals[:number]
    ]
    kinds = {**copies, "another photograph": strangers}
    spread = np.random.default_rng(1)
    for row, (distances, colour) in enumerate(zip(kinds.values(), COLOURS, strict=False)):
        heights = -row + spread.uniform(-0.25, 0.25, len(distances))
        axes.plot(distances, heights, "o", color=colour, alpha=0.7, markersize=5)
    axes.set_yticks([-row for row in range(len(kinds))], list(kinds))
    for bound, word in ((31, "block"), (45, "review")):
        axes.axvline(bound, color="#333", linestyle="--", linewidth=1)
        side = "right" if word == "block" else "left"
        axes.annotate(f"{word}: {bound}", (bound, 0.55), (-3 if side == "right" else 3, 0),
                      textcoords="offset points", ha=side, fontsize=9)  # fmt: skip
    axes.set_ylim(-len(kinds) + 0.5, 0.8)
    axes.set_xlim(0, 180)
    axes.set_xlabel("bits in which two PDQ hashes differ")
    axes.set_title(f"{len(photographs)} photographs: copies, and each other")


_PLOTS: Final = {
    "distances": _distances,
    "reposts": _reposts,
    "parts-recall": _thorough,
    "search-times": _search,
    "hash-times": _hashing,
}
