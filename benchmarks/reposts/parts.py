"""How many copies parts find, by parts listed and radius; and what alike strangers they flag.

    python benchmarks/reposts/parts.py FOLDER [--pictures 14] [--every 1] [--seed 7]

Uploads are copies of the reporting half (`hashmatch.bench.reposts.split`); crops of the other half
make the list as long as a small real one. No photograph is looked at in tuning and in reporting.
"""

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image

from hashmatch import native
from hashmatch.bench.reposts.dresses import DRESSES, dress
from hashmatch.bench.reposts.split import half_of
from hashmatch.bench.reposts.suite import SUITE, altered, encoded
from hashmatch.hashers import Luma, decode, decode_reduced, luma_of, parts_of, tiles_of
from hashmatch.hashers.parts import CHECKED, FINEST, Parts
from hashmatch.indexes import RingIndex
from hashmatch.matching import ListedParts, align

SETTINGS = ((64, 31), (64, 40), (48, 31), (96, 31))
"""Parts listed of a picture, and the radius of the search."""
MOST = max(count for count, _ in SETTINGS)
CANDIDATES = 16
FILES = {".jpg", ".jpeg", ".png"}


def load(path, most=1200):
    with Image.open(path) as image:
        image.thumbnail((most, most), Image.Resampling.BOX)
        return np.asarray(image.convert("RGB"))


def entry(number, pixels, count=MOST):
    luma = luma_of(pixels)
    whole = native.pdq(pixels).code
    return ListedParts(number, parts_of(luma, count), whole, tiles_of(luma))


def cut(listed, count):
    parts = listed.parts
    codes, mirrored, places = (a[:count] for a in (parts.codes, parts.mirrored, parts.places))
    fewer = Parts(codes, mirrored, places, parts.width, parts.height)
    return ListedParts(listed.entry, fewer, listed.whole, listed.tiles)


class List:
    """Listed pictures, with an index of their parts."""

    def __init__(self, entries, count, radius):
        self.entries = [cut(each, count) for each in entries]
        self.radius = radius
        self.owner = np.repeat(np.arange(len(entries)), [len(each.parts) for each in self.entries])
        self.index = RingIndex.build(np.concatenate([each.parts.codes for each in self.entries]))

    def look(self, parts, luma):
        """Alignments, and the seconds of search and of alignment."""
        begin = time.perf_counter()
        if not len(parts):
            return (), 0.0, 0.0
        found = self.index.search(np.concatenate([parts.codes, parts.mirrored]), self.radius)
        votes = np.bincount(self.owner[found.ids], minlength=len(self.entries))
        searched = time.perf_counter()
        best = [n for n in np.argsort(-votes, kind="stable")[:CANDIDATES] if votes[n]]
        aligned = align(Luma(luma, parts), [self.entries[n] for n in best])
        return aligned, searched - begin, time.perf_counter() - searched


def tier(found):
    """What the measured distributions suggest; a list's policy may say otherwise."""
    if found.distance is None:
        return "review" if found.votes >= 5 else "pass"
    if found.foreign > 0.1:
        return "pass"
    return "block" if found.distance <= 31 else "review" if found.distance <= 45 else "pass"


def recalls(lists, pictures, partners, every, seed):
    families, stages, wrong, checks = defaultdict(list), [], 0, 0
    for alteration in SUITE[::every]:
        for number, (name, pixels) in enumerate(pictures):
            copy = altered(alteration, pixels, name, partners, seed)
            upload = encoded(copy, alteration.quality)
            clock = [time.perf_counter()]
            reduced = decode_reduced(upload)
            clock.append(time.perf_counter())
            luma = luma_of(reduced, FINEST)
            clock.append(time.perf_counter())
            parts = parts_of(luma, CHECKED)
            clock.append(time.perf_counter())
            for setting, listed in lists.items():
                found, search, alignment = listed.look(parts, luma)
                if setting == SETTINGS[0]:
                    stages.append((*np.diff(clock), search, alignment))
                tiers = {each.entry: tier(each) for each in found}
                families[alteration.family, setting].append(tiers.get(number, "pass"))
                wrong += sum(tiers[n] != "pass" for n in tiers if n != number)
                checks += 1
    print("family                n   block / block or review, %, by parts listed and radius")
    for family in dict.fromkeys(family for family, _ in families):
        cells = []
        for setting in SETTINGS:
            tiers = np.array(families[family, setting])
            block, flag = 100 * (tiers == "block").mean(), 100 * (tiers != "pass").mean()
            cells.append(f"{setting[0]}, {setting[1]}: {block:5.1f} / {flag:5.1f}")
        print(f"{family:20s} {len(tiers):4d}  " + "   ".join(cells))
    print(f"other entries flagged: {wrong} of {checks} checks")
    print("ms, median and p95:")
    for column, name in enumerate(("decode", "luma", "parts", "search", "align")):
        middle, slow = np.percentile([row[column] for row in stages], [50, 95])
        print(f"  {name:8s} {1e3 * middle:6.1f} {1e3 * slow:6.1f}")


def strangers(pictures, others, partners, seed):
    """Different pictures in one dress."""
    print(
        "dress                 pairs  aligned  most votes  least distance  least foreign  flagged"
    )
    for name in DRESSES:
        worn = dress(name)

        def dressed(pixels, worn=worn):
            copy = altered(worn, pixels, "the same for all", partners, seed)
            return encoded(copy, worn.quality)

        entries = [
            entry(n, decode(dressed(p)), SETTINGS[0][0]) for n, (_, p) in enumerate(pictures)
        ]
        found = []
        for _, pixels in others:
            luma = luma_of(decode_reduced(dressed(pixels)), FINEST)
            found += align(Luma(luma), entries)
        votes = max((each.votes for each in found), default=0)
        near = min((each.distance for each in found if each.distance is not None), default=256)
        foreign = min((each.foreign for each in found), default=1.0)
        tiers = [tier(each) for each in found]
        flagged = f"{tiers.count('block')} block, {tiers.count('review')} review"
        pairs = len(pictures) * len(others)
        counts = f"{pairs:6d} {len(found):8d} {votes:11d} {near:15d} {foreign:14.2f}"
        print(f"{name:20s} {counts}  {flagged}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--pictures", type=int, default=14, help="of which copies are checked")
    arguments.add_argument("--every", type=int, default=1, help="of the suite's alterations")
    arguments.add_argument("--seed", type=int, default=7)
    given = arguments.parse_args()
    paths = sorted(p for p in given.folder.rglob("*") if p.suffix.lower() in FILES)
    mine = [p for p in paths if half_of(p.name) == "reporting"][: given.pictures]
    rest = [p for p in paths if half_of(p.name) == "tuning"]
    pictures, others = [(p.name, load(p)) for p in mine], [(p.name, load(p)) for p in rest]
    entries = [entry(n, pixels) for n, (_, pixels) in enumerate(pictures)]
    for _, pixels in others:
        high, wide = pixels.shape[0] // 4, pixels.shape[1] // 4
        for n in range(16):
            top, left = n // 4 * high, n % 4 * wide
            crop = pixels[top : top + high, left : left + wide]
            if min(crop.shape[:2]) >= 16:
                entries.append(entry(len(entries), np.ascontiguousarray(crop)))
    lists = {setting: List(entries, *setting) for setting in SETTINGS}
    codes = {count: len(each.owner) for (count, _), each in lists.items()}
    print(f"{len(entries)} pictures listed; parts by count: {codes}")
    partners = tuple(pixels for _, pixels in others[:6])
    recalls(lists, pictures, partners, given.every, given.seed)
    strangers(pictures, others[: given.pictures], partners, given.seed)


if __name__ == "__main__":
    main()
