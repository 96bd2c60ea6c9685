"""Write the stop list of common parts: `src/hashmatch/matching/common.npy`.

    python benchmarks/reposts/common.py

The pictures that wear the dresses are generated as well, so that nothing of any photograph is in
the file.
"""

import argparse

import numpy as np

from hashmatch.bench.reposts.common import common_parts, thinned
from hashmatch.matching.common import FILE, RADIUS

SIZES = ((960, 720), (720, 960), (1080, 720), (800, 800))
"""Width and height: of the aspects that cameras give."""


def cloudy(number, width, height):
    """A picture of nothing: clouds of colour in sizes from a tenth to a hundredth of the width."""
    from PIL import Image

    rng = np.random.default_rng(number)
    total = np.zeros((height, width, 3))
    for cells, strength in ((4, 60), (9, 40), (20, 25), (60, 15)):
        small = rng.uniform(-1, 1, (cells, cells, 3))
        layers = [Image.fromarray(small[..., c].astype(np.float32)) for c in range(3)]
        large = [
            np.asarray(each.resize((width, height), Image.Resampling.BICUBIC)) for each in layers
        ]
        total += strength * np.stack(large, axis=2)
    return np.clip(total + 128, 0, 255).astype(np.uint8)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seeds", type=int, default=1, help="dresses of each kind")
    given = arguments.parse_args()
    found = []
    for seed in range(given.seeds):
        for turn, (width, height) in enumerate(SIZES):
            pictures = [cloudy(10 * turn + n, width, height) for n in range(4)]
            found.append(common_parts(pictures, seed))
    codes = thinned(np.unique(np.concatenate(found), axis=0), RADIUS)
    np.save(FILE, codes)
    print(f"{len(codes):,} codes, {FILE.stat().st_size:,} bytes: {FILE}")


if __name__ == "__main__":
    main()
