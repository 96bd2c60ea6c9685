"""How far the one-pass form of PDQ strays from the reference form: the ground for its margins.

    python benchmarks/native/margin.py [--pictures 100000] [FOLDER...]

Crops photographs (those of scikit-image and scikit-learn, and all in the folders given) at random
places, sizes and scales, some made flatter, blurred, noisy, gray, reduced to a few levels, or
covered with lines and lettering, and compares the two forms: the error of the 64 x 64 grid and of
the DCT coefficients (for pictures of quality 100: below it the reference form always
decides), how often `AUTO` takes the reference form, and in how many pictures its answer differs
from the reference form's. The last must be none.
"""

import argparse
import ctypes
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from rich.progress import track

from hashmatch import native

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "native"))
import build_hook  # noqa: E402  (found only now)


def photographs(folders):
    from skimage import data
    from sklearn.datasets import load_sample_images

    photos = [getattr(data, n)() for n in ("astronaut", "coffee", "chelsea", "rocket", "camera")]
    photos += [np.asarray(image) for image in load_sample_images().images]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            photo = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
            if photo is not None and min(photo.shape[:2]) >= 256:
                photos.append(photo)
    return photos


def vary(photo, rng):
    """One random picture made of a photograph: sides from 64, mostly below 4 megapixels."""
    height, width = photo.shape[:2]
    share = rng.uniform(0.2, 1.0, 2) ** rng.choice([1.0, 0.2])
    h, w = max(64, int(height * share[0])), max(64, int(width * share[1]))
    y, x = rng.integers(height - h + 1), rng.integers(width - w + 1)
    picture = photo[y : y + h, x : x + w]
    pixels = np.exp(rng.uniform(np.log(5e3), np.log(4e6)))
    if rng.random() < 0.03:
        pixels = rng.uniform(4e6, 14e6)
    scale = min(np.sqrt(pixels / (h * w)), 4.0)
    size = (max(64, int(w * scale)), max(64, int(h * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = cv2.resize(picture, size, interpolation=how)
    kind = rng.integers(8)
    if kind == 0:  # flat: low quality, small gaps
        picture = cv2.convertScaleAbs(
            picture, alpha=rng.uniform(0.02, 0.5), beta=rng.uniform(0, 200)
        )
    elif kind == 1:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(1, 12))
    elif kind == 2:
        noise = rng.normal(0, rng.uniform(2, 40), picture.shape).astype(np.float32)
        picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    elif kind == 3 and picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    elif kind == 4:
        levels = rng.integers(2, 9)
        picture = (picture // (256 // levels) * (255 // (levels - 1))).clip(0, 255).astype(np.uint8)
    elif kind == 5:
        picture = scribble(picture, rng)
    return np.ascontiguousarray(picture)


def scribble(picture, rng):
    """A page: much paper, thin lines and lettering, a little of the photograph."""
    page = np.full_like(picture, rng.integers(200, 256))
    h, w = page.shape[0] // 3, page.shape[1] // 3
    page[:h, :w] = picture[:h, :w]
    for _ in range(rng.integers(2, 40)):
        at, to = (tuple(int(v) for v in rng.integers(0, max(page.shape[:2]), 2)) for _ in range(2))
        ink = tuple(int(v) for v in rng.integers(0, 160, 3))
        if rng.random() < 0.5:
            cv2.line(page, at, to, ink, 1)
        else:
            cv2.putText(page, "fingerprints, not pictures", at, 0, rng.uniform(0.4, 3), ink, 2)
    return page


def measure(job):
    photo, seeds, library = job
    grids_of = ctypes.CDLL(library).hm_test_grids
    rows = []
    for seed in seeds:
        picture = vary(photo, np.random.default_rng(seed))
        fast, slow, auto = (
            native.pdq(picture, form)
            for form in (native.Form.ONE_PASS, native.Form.REFERENCE, native.Form.AUTO)
        )
        all_fast = native.pdq_dihedral(picture)
        all_slow = native.pdq_dihedral(picture, native.Form.REFERENCE)
        described, keep = native._picture(picture)
        grids = np.empty((2, 64, 64), np.float32)
        assert grids_of(ctypes.byref(described), *(ctypes.c_void_p(g.ctypes.data) for g in grids))
        del keep
        ordered = np.sort(slow.dct)
        rows.append(
            (
                max(picture.shape[:2]),
                np.abs(grids[0] - grids[1]).max(),
                np.abs(fast.dct - slow.dct).max(),
                ordered[128] - ordered[127],
                auto.form == native.Form.REFERENCE,
                all_fast.form == native.Form.REFERENCE,
                (fast.code, fast.quality) != (slow.code, slow.quality),
                (auto.code, auto.quality) != (slow.code, slow.quality),
                (all_fast.codes != all_slow.codes).any() or all_fast.quality != all_slow.quality,
                slow.quality,
            )
        )
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="keep the rows as .npy")
    parser.add_argument("folders", type=Path, nargs="*")
    arguments = parser.parse_args()
    photos = photographs(arguments.folders)
    each = -(-arguments.pictures // len(photos))
    with tempfile.TemporaryDirectory() as scratch, ProcessPoolExecutor(arguments.workers) as pool:
        library = Path(scratch) / "libgrids.so"
        build_grids(library)
        jobs = (
            (photo, range(i * each + a, i * each + min(a + 50, each)), str(library))
            for i, photo in enumerate(photos)
            for a in range(0, each, 50)
        )
        found = track(pool.map(measure, jobs), total=len(photos) * -(-each // 50))
        rows = np.array([row for chunk in found for row in chunk], dtype=np.float64)
    if arguments.out:
        np.save(arguments.out, rows)
    side, grid, dct, gap, slow, slow_all, differ, wrong, wrong_all, quality = rows.T
    telling = quality == 100
    grid, dct, gap = grid[telling], dct[telling], gap[telling]
    print(
        json.dumps(
            {
                "pictures": len(rows),
                "photographs": len(photos),
                "longest_side": int(side.max()),
                "grid_error": {"p99": float(np.percentile(grid, 99)), "max": float(grid.max())},
                "dct_error": {"p99": float(np.percentile(dct, 99)), "max": float(dct.max())},
                "half_gap": {f"p{p}": float(np.percentile(gap, p) / 2) for p in (1, 10, 50)},
                "one_pass_alone_differs": int(differ.sum()),
                "reference_form_runs": float(slow.mean()),
                "reference_form_runs_where_telling": float(slow[telling].mean()),
                "reference_form_runs_for_eight": float(slow_all.mean()),
                "quality_below_100": float((quality < 100).mean()),
                "mismatches": int(wrong.sum()),
                "mismatches_of_eight": int(wrong_all.sum()),
            },
            indent=2,
        )
    )
    return int(bool(wrong.sum() or wrong_all.sum()))


def build_grids(library):
    core = ROOT / "native/core"
    command = [
        *("-std=c11", "-O3", "-ffp-contract=off", "-fPIC", "-shared", "-fvisibility=hidden"),
        *("-fno-sanitize=undefined", "-mcpu=native", "-DHM_NO_VIEWS"),
        *(core / name for name in build_hook.SOURCES),
        *(core / "tests/grids.c", "-o", library),
    ]
    subprocess.run([sys.executable, "-m", "ziglang", "cc", *map(str, command)], check=True)


if __name__ == "__main__":
    sys.exit(main())
