"""How rare false flags of strangers are, beyond what counting them can show: an extrapolation.

    python benchmarks/reposts/tail.py PHOTOS LIST [--uploads 2000] [--forced 100] [--seed 1]

LIST is one that `hashmatch bench reposts --kept-list LIST` has made. A stranger is flagged by parts
only if it gets through three gates: a listed picture becomes a candidate (a part within the radius
of the search), three parts at least agree on a place, and what is seen there is near. The first two
are counted. For the third, strangers are also aligned with listed pictures that no search found,
`--forced` of them each, which is cheap; and the least distances of all that align are continued by
an exponential tail (peaks over a threshold), whose interval is from drawing photographs anew.

What is assumed: that a stranger that was made to align is as near, in its place, as one that the
search brought there; and that the tail beyond the nearest that was seen falls at least as fast as
an exponential one. Distances of distinct pictures fall faster.

By whole pictures: all views are compared with all listed hashes, and the same tail is fitted to the
distances of all pairs.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from hashmatch.bench import photographs
from hashmatch.bench.reposts.kept import KeptList
from hashmatch.bench.reposts.negatives import negatives
from hashmatch.bench.reposts.pictures import load
from hashmatch.hashers import get
from hashmatch.hashers.pdq import Pdq
from hashmatch.indexes import FlatIndex
from hashmatch.matching import align, hash_upload, placing

TAIL = 0.05
"""The share of the distances that the tail is fitted to, the least ones."""
PAIRS_WITHIN = 80
"""Bits within which pairs of whole pictures are noted."""
DRAWS = 400
PARTNERS = 3
"""Photographs that are no strangers: `negatives` keeps them for collages."""
THRESHOLDS = (31, 45)


def none_of(entries):
    return np.zeros(len(entries), np.bool_)


def tail(groups, of, share):
    """Chances of distances within the thresholds: an exponential fit of the least, by moments.

    Args:
        groups: distances that were noted, a list for each photograph.
        of: how many there were in all, likewise.
        share: of all those, the ones that the fit is of.
    """

    def fitted(chosen):
        values = np.sort(np.concatenate([groups[n] for n in chosen]))
        total = sum(of[n] for n in chosen)
        count = min(len(values) - 1, max(20, round(share * total)))
        if count < 10:
            return [float("nan")] * len(THRESHOLDS)
        edge = values[count]
        scale = max(float((edge - values[:count]).mean()), 1e-9)
        return [count / total * np.exp(-max(edge - bits, 0) / scale) for bits in THRESHOLDS]

    random = np.random.default_rng(1)
    every = [fitted(random.integers(0, len(groups), len(groups))) for _ in range(DRAWS)]
    return list(zip(fitted(range(len(groups))), np.nanpercentile(every, 95, axis=0), strict=True))


def told(name, chances, times, what):
    for bits, (chance, most) in zip(THRESHOLDS, chances, strict=True):
        print(f"  within {bits} bits: {chance:.1e} {name} (at most {most:.1e}), "
              f"{times * chance:.1e} {what} (at most {times * most:.1e})")  # fmt: skip


class Seen:
    """What was counted of strangers, by photograph."""

    def __init__(self):
        self.searched, self.forced, self.near = (defaultdict(list) for _ in range(3))
        self.views = defaultdict(int)
        self.uploads = self.candidates = self.with_any = self.aligned = 0


def look(given, kept, pictures):
    random, seen = np.random.default_rng(given.seed), Seen()
    flat = FlatIndex.build(kept.codes)
    some = negatives(pictures, 1 + given.uploads, given.seed, 1 / (2 + given.uploads))
    for number, each in enumerate(some):
        if each.family != "stranger":
            continue
        photograph = number % (len(pictures) - PARTNERS)
        upload = hash_upload(each.upload, [get(Pdq.name)], depth="thorough")
        codes = np.frombuffer(b"".join(v.hash.code for v in upload.views), np.uint8).reshape(-1, 32)
        seen.near[photograph] += flat.search(codes, PAIRS_WITHIN).distances.tolist()
        seen.views[photograph] += len(codes)
        parts = upload.look.parts()
        codes = np.concatenate([parts.codes, parts.mirrored])
        count = len(np.unique(placing._hits(codes, placing.RADIUS, kept.parts).entries))
        found = placing.placed_in(upload.look, kept.parts, none_of)
        entries = random.integers(1, len(kept.codes) + 1, given.forced)
        made = align(upload.look, (kept.parts.picture(int(entry)) for entry in entries))
        seen.uploads += 1
        seen.candidates += count
        seen.with_any += bool(count)
        seen.aligned += len(found)
        for noted, some_made in ((seen.searched, found), (seen.forced, made)):
            noted[photograph] += [a.distance for a in some_made if a.distance is not None]
    return seen


def tell(given, kept, seen):
    photos = sorted(seen.views)
    rate = seen.aligned / seen.uploads
    print(f"{seen.uploads:,} strangers of {len(photos)} photographs; {len(kept.codes):,} pictures "
          f"with {len(kept.parts):,} parts listed")  # fmt: skip
    print(f"a part within {placing.RADIUS} bits of one: {seen.with_any / seen.uploads:.1%} of the "
          f"strangers, {seen.candidates / seen.uploads:.2f} candidates each")  # fmt: skip
    print(f"aligned by three parts: {rate:.2e} a check ({seen.aligned})")
    for name, noted in (("searched", seen.searched), ("forced", seen.forced)):
        values = np.sort([d for group in noted.values() for d in group])
        print(f"  {name}: {len(values):,} compared, the nearest {values[:6].astype(int).tolist()}")
    pairs = given.forced * seen.uploads
    print(f"  forced: {sum(map(len, seen.forced.values()))} of {pairs:,} pairs align and compare")
    groups = [np.array(seen.forced[n] + seen.searched[n], float) for n in photos]
    told("of those that align", tail(groups, [len(g) for g in groups], TAIL), rate,
         "a check, whatever else is asked")  # fmt: skip
    near = [np.array(seen.near[n], float) for n in photos]
    counts = [seen.views[n] * len(kept.codes) for n in photos]
    print(f"whole pictures: {sum(counts):,} pairs of views and hashes, the nearest "
          f"{np.sort(np.concatenate(near))[:8].astype(int).tolist()}")  # fmt: skip
    told("of pairs", tail(near, counts, 1.0), sum(counts) / seen.uploads, "a check")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("photos", type=Path)
    arguments.add_argument("list", type=Path)
    arguments.add_argument("--uploads", type=int, default=2000)
    arguments.add_argument("--forced", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    kept = KeptList.open(given.list)
    pictures = load(photographs.paths(given.photos), "reporting", 200)
    pictures = [each for each in pictures if kept.shown(each) is None]
    tell(given, kept, look(given, kept, pictures))


if __name__ == "__main__":
    main()
