"""What a thorough check costs beyond the decode, with a long list of parts.

    python benchmarks/reposts/cost.py build PHOTOS LIST [--parts 10000000]
    python benchmarks/reposts/cost.py measure PHOTOS LIST [--uploads 20]

`build` makes the parts of blends of crops of photographs, two at a time, so that no two are alike,
and an index of them; `measure` checks photographs of the reporting half against it, which are
strangers, and crops of ten that are listed beside.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from hashmatch.bench.reposts.alterations.crops import anywhere
from hashmatch.bench.reposts.alterations.drawing import resized
from hashmatch.bench.reposts.alterations.setting import Setting
from hashmatch.bench.reposts.kept import blends
from hashmatch.bench.reposts.pictures import load
from hashmatch.bench.reposts.suite import encoded
from hashmatch.errors import MissingExtraError, PictureError
from hashmatch.hashers import (
    Luma,
    decode,
    decode_reduced,
    hash_image,
    listed_parts,
    luma_of,
    parts_of,
    views_of,
)
from hashmatch.hashers.parts import CHECKED, FINEST, coarse_codes
from hashmatch.indexes import RingIndex
from hashmatch.matching import align, placing
from hashmatch.matching.common import are_common
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.registry import PartsRow

PIXELS = 1_000_000


def build(given):
    lumas = []
    for path in sorted(p for p in given.photos.rglob("*") if p.is_file()):
        try:
            luma = luma_of(decode(path.read_bytes()), 1024)
        except (MissingExtraError, PictureError):
            continue
        if min(luma.shape) >= 300:
            lumas.append(luma)
    codes, count = np.empty((given.parts, 32), np.uint8), 0
    for blend in blends(lumas, np.random.default_rng(1)):
        found = parts_of(blend, CHECKED).codes[: given.parts - count]
        codes[count : count + len(found)] = found
        count += len(found)
        if count == given.parts:
            break
    RingIndex.build(codes).save(given.list)


def least(work, *given):
    """Milliseconds of the fastest of three rounds, and what the last returned."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        result = work(*given)
        times.append(1e3 * (time.perf_counter() - begin))
    return min(times), result


def fast_check(upload):
    return views_of(decode_reduced(upload))


def thorough_check(upload):
    reduced = decode_reduced(upload, finest=FINEST)
    views_of(reduced)
    return reduced


def none_of(entries):
    return np.zeros(len(entries), np.bool_)


def aligned_with(luma, parts, picture):
    return align(Luma(luma, parts), [] if picture is None else [picture])


def measure(given):
    index = RingIndex.open(given.list)
    files = sorted(path for path in given.photos.rglob("*") if path.is_file())
    pictures = load(files, "reporting", given.uploads)
    setting = Setting(np.random.default_rng(1), ())
    listed = [
        PartsRow(n, hash_image(p.pixels).code, listed_parts(p.pixels))
        for n, p in enumerate(pictures[:10], start=1)
    ]
    shelf = PartShelf.build(listed)

    def sized(pixels):
        scale = (PIXELS / pixels[..., 0].size) ** 0.5
        return resized(pixels, *(round(scale * side) for side in pixels.shape[1::-1]))

    uploads = [encoded(sized(p.pixels), 85) for p in pictures]
    uploads += [encoded(sized(anywhere(p.pixels, setting, 0.6)), 85) for p in pictures[:10]]
    rows = {"strangers": [], "crops": []}
    for number, upload in enumerate(uploads):
        kind = "crops" if number >= len(pictures) else "strangers"
        fast, _ = least(fast_check, upload)
        thorough, reduced = least(thorough_check, upload)
        gray, luma = least(luma_of, reduced, FINEST)
        made, parts = least(parts_of, luma, CHECKED)
        stop, common = least(are_common, parts.codes)
        codes = np.concatenate([parts.codes[~common], parts.mirrored[~common]])
        searched, _ = least(index.search, codes, placing.RADIUS)
        few, coarse = least(coarse_codes, luma)
        wider, _ = least(index.search, coarse[~are_common(coarse)], placing.WIDER)
        picture = shelf.picture(number - len(pictures) + 1)
        aligned, _ = least(aligned_with, luma, parts, picture)
        _, scores = placing._spoken_for(placing._hits(codes, placing.RADIUS, shelf), none_of)
        asked = kind == "strangers" or scores.max(initial=0.0) < placing.ENOUGH
        if not asked:
            few = wider = 0.0
        stages = (thorough - fast, gray, made, few, stop, searched, wider, aligned)
        rows[kind].append((fast, *stages, sum(stages), len(codes)))
    heads = (
        "fast check", "finer decode", "luma", "parts", "coarse parts", "stop list", "search",
        "wider search", "align", "beyond",
    )  # fmt: skip
    for kind, found in rows.items():
        print(f"{kind} ({len(found)}; {np.median([row[-1] for row in found]):.0f} codes), ms:")
        for head, column in zip(heads, zip(*found, strict=True), strict=False):
            middle, slow = np.percentile(column, [50, 95])
            print(f"  {head:14s} {middle:6.2f}   p95 {slow:6.2f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("what", choices=["build", "measure"])
    arguments.add_argument("photos", type=Path)
    arguments.add_argument("list", type=Path)
    arguments.add_argument("--parts", type=int, default=10_000_000)
    arguments.add_argument("--uploads", type=int, default=20)
    given = arguments.parse_args()
    (build if given.what == "build" else measure)(given)


if __name__ == "__main__":
    main()
