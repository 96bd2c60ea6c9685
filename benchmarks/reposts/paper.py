"""How much pages look like pages, and photographs do: what `hashmatch.matching.pages` goes by.

    python benchmarks/reposts/paper.py PHOTOS [--each 4]

Every kind of page of `hashmatch bench reposts`, in three qualities and sizes, and each photograph
is looked at in its own place, as a check would: how much of its parts is bare, and which share of
its lines two shades take (`hashmatch.hashers.paper`).
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from hashmatch.bench import photographs
from hashmatch.bench.reposts.pages import PAGES
from hashmatch.bench.reposts.suite import encoded
from hashmatch.cli.progress import progress
from hashmatch.hashers import Luma, decode_reduced, luma_of
from hashmatch.hashers.parts import FINEST, parts_of
from hashmatch.matching import pages
from hashmatch.native import Rectangle

SENT = ((90, 1.0), (60, 0.6), (35, 0.8))
"""JPEG qualities, and scales."""


def looked_at(pixels, quality=85, scale=1.0):
    """How much of a picture's parts is bare, and its paper, in its own place."""
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    reduced = decode_reduced(encoded(small, quality), finest=FINEST)
    listed, upload = parts_of(luma_of(reduced)), Luma(luma_of(reduced, FINEST))
    asked = upload.parts()
    matrix = np.diag([asked.width / listed.width, asked.height / listed.height, 1.0])
    everything = Rectangle(0, 0, asked.width, asked.height, trimmed=False)
    frame = upload.frame(
        matrix, listed.width, listed.height, listed.places, mirrored=False, within=everything
    )
    bare = frame.regions_bare[frame.regions_seen]
    return (float(bare.mean()) if len(bare) else 0.0), frame.paper


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("photos", type=Path)
    arguments.add_argument("--each", type=int, default=4, help="pages of each kind")
    given = arguments.parse_args()
    found = photographs.load(photographs.paths(given.photos))
    drawn, taken = {}, []
    with progress(len(PAGES) * given.each * len(SENT) + len(found), "Looking") as done:
        for kind, page in PAGES.items():
            drawn[kind] = []
            for seed in range(given.each):
                pixels = page(np.random.default_rng(seed))
                for quality, scale in SENT:
                    drawn[kind].append(looked_at(pixels, quality, scale))
                    done()
        for pixels in found:
            taken.append(looked_at(pixels))
            done()
    print(f"{'pages':20s} {'bare, at most':>14s} {'paper, at least':>16s}")
    for kind, seen in drawn.items():
        bare, paper = np.array(seen).T
        print(f"{kind:20s} {bare.max():14.3f} {paper.min():16.3f}")
    bare, paper = np.array(taken).T
    print(f"\n{'photographs':20s} {'of them':>8s} {'paper, at most':>15s}")
    for name, most in (("all", 1.0), ("bare as a chat", pages.RATHER), ("bare as a page", 0.14)):
        some = paper[bare <= most]
        print(f"{name:20s} {len(some):8d} {some.max(initial=0.0):15.3f}")


if __name__ == "__main__":
    main()
