"""How rare false flags of strangers are, beyond what counting them can show: an extrapolation.

    python benchmarks/reposts/tail.py PHOTOS LIST [--uploads 2000] [--forced 100] [--seed 1]

LIST is one that `hashmatch bench reposts --kept-list LIST` has made. A stranger is flagged by parts
only if it gets through three gates: a listed picture becomes a candidate (a part within 31 bits),
three parts at least agree on a place, and what is seen there is near. The first gate is counted;
the second is counted on very many more pairs, for each stranger is also aligned with `--forced`
listed pictures that no search found; the third is taken to be open. What is assumed: a picture that
one part brought up finds two more to agree with it no more often than one that none did.

By whole pictures: all views are compared with all listed hashes, and the least distances are
continued by an exponential tail (peaks over a threshold), whose interval is from drawing
photographs anew. What is assumed: the tail falls no slower than that beyond the nearest seen; those
of sums of many bits fall faster.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from hashmatch import packed
from hashmatch.bench import photographs
from hashmatch.bench.reposts.intervals import upper_bound
from hashmatch.bench.reposts.kept import KeptList
from hashmatch.bench.reposts.negatives import negatives
from hashmatch.bench.reposts.pictures import load
from hashmatch.hashers import get
from hashmatch.hashers.pdq import Pdq
from hashmatch.indexes import FlatIndex
from hashmatch.matching import align, hash_upload, placing

PAIRS_WITHIN = 80
"""Bits within which pairs of whole pictures are noted."""
DRAWS = 400
PARTNERS = 3
"""Photographs that are no strangers: `negatives` keeps them for collages."""
THRESHOLDS = (31, 45)


def none_of(entries):
    return np.zeros(len(entries), np.bool_)


def tail(groups, of):
    """Chances of distances within the thresholds: an exponential fit of those noted, by moments.

    Args:
        groups: distances that were noted, the least of many, a list for each photograph.
        of: how many there were in all, likewise.
    """

    def fitted(chosen):
        values = np.sort(np.concatenate([groups[n] for n in chosen]))
        total = sum(of[n] for n in chosen)
        count = len(values) - 1
        if count < 10:
            return [float("nan")] * len(THRESHOLDS)
        edge = values[count]
        scale = max(float((edge - values[:count]).mean()), 1e-9)
        return [count / total * np.exp(-max(edge - bits, 0) / scale) for bits in THRESHOLDS]

    random = np.random.default_rng(1)
    every = [fitted(random.integers(0, len(groups), len(groups))) for _ in range(DRAWS)]
    return list(zip(fitted(range(len(groups))), np.nanpercentile(every, 95, axis=0), strict=True))


class Seen:
    """What was counted of strangers."""

    def __init__(self):
        self.near, self.views = defaultdict(list), defaultdict(int)  # by photograph
        self.uploads = self.with_any = self.candidates = self.aligned = 0
        self.forced = self.forced_aligned = 0


def look(given, kept, pictures):
    random, seen = np.random.default_rng(given.seed), Seen()
    flat = FlatIndex.build(kept.codes)
    some = negatives(pictures, pictures, 1 + given.uploads, given.seed, 1 / (2 + given.uploads))
    for number, each in enumerate(some):
        if each.hard:
            continue
        photograph = number % (len(pictures) - PARTNERS)
        upload = hash_upload(each.upload, [get(Pdq.name)], depth="thorough")
        codes = np.frombuffer(b"".join(v.hash.code for v in upload.views), np.uint8).reshape(-1, 32)
        seen.near[photograph] += flat.search(codes, PAIRS_WITHIN).distances.tolist()
        seen.views[photograph] += len(codes)
        parts = upload.look.parts()
        codes = np.concatenate([parts.codes, parts.mirrored])
        hits = kept.parts.index.search(codes, placing.LARGE.first)
        found = np.unique(hits.ids // packed.MOST)
        forced = random.integers(1, len(kept.codes) + 1, given.forced)
        seen.uploads += 1
        seen.candidates += len(found)
        seen.with_any += len(found) > 0
        placed = placing.placed_in(upload.look, kept.parts, none_of)
        seen.aligned += sum(len(each) for each in placed)
        made = align(upload.look, [kept.parts.picture(int(entry)) for entry in forced])
        seen.forced += len(forced)
        seen.forced_aligned += len(made)
    return seen


def tell(kept, seen):
    photos = sorted(seen.views)
    print(f"{seen.uploads:,} strangers of {len(photos)} photographs; {len(kept.codes):,} pictures "
          f"with {len(kept.parts):,} parts listed")  # fmt: skip
    each = seen.candidates / seen.uploads
    print(
        f"a part within {placing.LARGE.first} bits of one: {seen.with_any / seen.uploads:.1%} of "
        f"the strangers; {each:.2f} candidates a check, of which {seen.aligned} in all align"
    )
    most = upper_bound(seen.forced_aligned, max(1, seen.forced))
    print(f"of {seen.forced:,} pairs that no search found {seen.forced_aligned} align: "
          f"at most {most:.1e}")  # fmt: skip
    print(f"so by parts at most {1e6 * each * most:.2g} flags a million checks, were all that "
          f"align flagged")  # fmt: skip
    near = [np.array(seen.near[n], float) for n in photos]
    counts = [seen.views[n] * len(kept.codes) for n in photos]
    times = sum(counts) / seen.uploads
    print(f"whole pictures: {sum(counts):,} pairs of views and hashes, the nearest "
          f"{np.sort(np.concatenate(near))[:8].astype(int).tolist()}")  # fmt: skip
    for bits, (chance, most) in zip(THRESHOLDS, tail(near, counts), strict=True):
        print(f"  within {bits} bits: {1e6 * times * chance:.2g} a million checks "
              f"(at most {1e6 * times * most:.2g})")  # fmt: skip


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
    tell(kept, look(given, kept, pictures))


if __name__ == "__main__":
    main()
