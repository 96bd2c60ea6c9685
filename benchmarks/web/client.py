"""The browser's client beside the library: time, memory, the page's main thread, and sizes.

``python benchmarks/web/client.py`` prints a table. Everything runs on one core: the browser, its
worker, and the library, which hashes the same file before and after.
"""

import argparse
import os
import statistics
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from hashers.pictures import encode  # noqa: E402 - the tests' folder is known only now
from PIL import Image  # noqa: E402
from web.browsers import BUILT, drive, found  # noqa: E402

from hashmatch import hash_image  # noqa: E402

MB = 1e6
CORE = "hashmatch-????????.wasm"
WITH_PARTS = {"parts": True}


def picture(megapixels, **options):
    """A photograph, enlarged: a JPEG as cameras write them."""
    from skimage import data

    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    image = Image.fromarray(data.retina()).resize((width, width * 3 // 4))
    rng = np.random.default_rng(1)
    grain = rng.normal(0, 4, (image.height, image.width, 1))
    pixels = np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)
    return encode(pixels, "JPEG", quality=85, **options)


def library(data, rounds):
    """Milliseconds of the library's exact path, each round, and of computing alone, all rounds."""
    times, computing = [], time.process_time()
    for _ in range(rounds):
        before = time.perf_counter()
        hash_image(data)
        times.append(1e3 * (time.perf_counter() - before))
    return times, 1e3 * (time.process_time() - computing)


class Watch:
    """What the browser's page, its worker included, takes: `samples` of its resident memory in
    bytes, and `computing`, the milliseconds of all cores that it has used.
    """

    def __init__(self):
        self.samples = []
        self.computing = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _run(self):
        while not self._over.wait(0.02):
            taken = [_taken(process) for process in _pages()]
            self.samples.append(max((memory for memory, _ in taken), default=0))
            self.computing = max(self.computing, sum(computing for _, computing in taken))


def _pages():
    for process in psutil.Process().children(recursive=True):
        try:
            if "--type=renderer" in process.cmdline():
                yield process
        except psutil.Error:
            continue


def _taken(process):
    try:
        used = process.cpu_times()
        return process.memory_info().rss, 1e3 * (used.user + used.system)
    except psutil.Error:
        return 0, 0.0


def in_browser(files, *steps):
    """What the steps gave in Chromium, and the memory of the page meanwhile."""
    with Watch() as watch:
        results = drive("chrome", files, [["start"], *steps], seconds=170)
    return results[1:], [each for each in watch.samples if each], watch.computing


def measure_parts(rounds):
    """What parts and tiles of 12 MP take beside the rest: asked for and not, turn by turn."""
    data = picture(12)
    turns = [["time", "12", 1, options] for _ in range(rounds) for options in ({}, WITH_PARTS)]
    warm = [["time", "12", 1, WITH_PARTS], ["time", "12", 1, {}]]
    results, _, _ = in_browser({"12": data}, *warm, *turns)
    times = [each["times"][0] for each in results[len(warm) :]]
    without, parts = times[::2], times[1::2]
    longer = [one - other for one, other in zip(parts, without, strict=True)]
    print(f"12 MP JPEG with parts, median: {statistics.median(parts):.0f} ms, "
          f"without {statistics.median(without):.0f} ms")  # fmt: skip
    print(f"parts of it: {statistics.median(longer):.0f} ms, of the fastest "
          f"{min(parts) - min(without):.0f} ms; asked for the first time "
          f"{results[0]['times'][0] - results[1]['times'][0]:.0f} ms more")  # fmt: skip


def compressed(*patterns):
    """Bytes of built files, as the service sends them."""
    found = [path for each in patterns for path in (BUILT / "client").glob(f"{each}.br")]
    return sum(path.stat().st_size for path in found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--parts", action="store_true", help="measure parts alone")
    options = parser.parse_args()
    rounds = options.rounds
    if not found("chrome"):
        sys.exit("Chromium is not installed: nothing was measured.")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    measure_parts(rounds)
    if options.parts:
        return
    small, camera, large = picture(0.3), picture(12), picture(24)
    files = {"small": small, "12": camera, "24": large}
    native, computing = library(camera, rounds)
    (first,), _, before = in_browser(files, ["time", "12", 1])
    (_, timed), _, after = in_browser(files, ["time", "12", 1], ["time", "12", rounds])
    native += library(camera, rounds)[0]
    for name, of in (("median", statistics.median), ("fastest", min)):
        ours, theirs = of(timed["times"]), of(native)
        print(f"12 MP JPEG, {name}: {ours:.0f} ms, library {theirs:.0f} ms, {ours / theirs:.2f} x")
    ours, theirs = (after - before) / rounds, computing / rounds
    print(f"12 MP JPEG, computing: {ours:.0f} ms, library {theirs:.0f} ms, {ours / theirs:.2f} x")
    print(f"the first, with its decoder to load and test: {first['times'][0]:.0f} ms")
    print(f"longest task of the main thread meanwhile: {timed['longest']:.0f} ms (0: none over 50)")

    _, quiet, _ = in_browser(files, ["time", "small", 3])
    for name in ("12", "24"):
        _, busy, _ = in_browser(files, ["time", name, 2])
        print(
            f"{name} MP: the page's memory grows by {(max(busy) - max(quiet)) / MB:.0f} MB at most"
        )

    for name, count in (("small", 50), ("12", 50)):
        _, samples, _ = in_browser(files, ["time", name, count])
        part = len(samples) // 5
        peaks = [max(samples[k * part : (k + 1) * part]) / MB for k in range(1, 5)]
        print(f"{count} pictures ({name}), peak MB by fifths: {[round(peak) for peak in peaks]}")

    print(f"core: {compressed(CORE)} bytes compressed")
    first = ("index.js", "worker.js", CORE)
    print(f"first load of the client (page, worker, core): {compressed(*first)} bytes compressed")
    parts = ("hashmatch-parts-*.wasm", "parts-*.js", "known_parts-*.js")
    print(f"what makes parts: {compressed(*parts)} bytes compressed, with its known answer")
    for name in ("jpeg-turbo", "webp", "avif", "libheif"):
        print(f"decoder {name}: {compressed(f'{name}*.wasm')} bytes compressed")


if __name__ == "__main__":
    main()
