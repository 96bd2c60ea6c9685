"""One source, one answer: every instruction set and WebAssembly give the same floats and bits."""

import gzip
import platform
import tempfile
from pathlib import Path

import numpy as np
import pytest
from native_cores import ROOT, SharedCore, WebAssemblyCore, build_hook
from numpy.testing import assert_array_equal

INSTALLED = ROOT / "src/hashmatch/_native"


def pictures():
    from skimage import data

    rng = np.random.default_rng(7)
    yield from (data.astronaut(), data.camera(), data.coffee(), data.rocket())
    yield np.kron(data.astronaut(), np.ones((3, 4, 1), np.uint8))
    for _ in range(40):
        height, width = np.exp(rng.uniform(np.log(5), np.log(700), 2)).astype(int)
        shape = (height, width, 3) if rng.random() < 0.5 else (height, width)
        yield rng.integers(0, 256, shape, dtype=np.uint8)
        yield np.full(shape, rng.integers(256), np.uint8)


def lumas():
    """Pictures as parts are looked for in them: photographs, and some that tell nothing."""
    from skimage import data

    rng = np.random.default_rng(8)
    yield from (data.camera(), np.ascontiguousarray(data.astronaut()[:300, :, 1]), data.moon())
    y, x = np.mgrid[:384, :512]
    yield ((x // 8 + y // 8) % 2 * 255).astype(np.uint8)
    yield (127 + 127 * np.sin(x / 5) * np.sin(y / 7)).astype(np.uint8)
    for shape in ((512, 3), (16, 16), (40, 512), (200, 331)):
        yield rng.integers(0, 256, shape, dtype=np.uint8)


def assert_same_parts(one, other):
    found = 0
    for luma in lumas():
        expected = one.parts(luma, 120)
        assert other.parts(luma, 120) == expected
        assert other.joint(luma) == one.joint(luma)
        found += len(expected[0]) // 72
    assert found > 300, "the comparison saw parts"
    for pixels in pictures():
        expected = one.luma(pixels, 301, 217)
        assert_array_equal(other.luma(pixels, 301, 217), expected)


def assert_same(one, other):
    for pixels in pictures():
        for form in (0, 1, 2):
            expected, found = one.pdq_dihedral(pixels, form), other.pdq_dihedral(pixels, form)
            for a, b in zip(expected, found, strict=True):
                assert_array_equal(a, b)


def assert_same_rectangles(one, other):
    random = np.random.default_rng(7)
    page = np.full((420, 610), 30, np.uint8)
    for top in (10, 150, 290):
        for left in (10, 210, 410):
            small = random.integers(0, 256, (12, 19), np.uint8)
            page[top : top + 120, left : left + 190] = np.kron(small, np.ones((10, 10), np.uint8))
    found, hashes, count = one.rectangles(page)
    assert count >= 9, "the places of the collage"
    assert other.rectangles(page) == (found, hashes, count)


@pytest.fixture(scope="module")
def baseline():
    """The library without the faster instruction sets."""
    hook = build_hook()
    with tempfile.TemporaryDirectory() as folder:
        target = hook.chosen_platform()
        hook.build_library(
            ROOT / "native/core", Path(folder), target, Path(folder), "-DHM_LEVEL_LIMIT=1"
        )
        yield SharedCore(Path(folder) / target.library)


def test_the_installed_library_gives_what_the_baseline_gives(baseline):
    library = next(p for p in INSTALLED.iterdir() if p.suffix in {".so", ".dylib", ".dll"})
    assert_same(baseline, SharedCore(library))
    assert_same_parts(baseline, SharedCore(library))
    assert_same_rectangles(baseline, SharedCore(library))


@pytest.mark.skipif(
    platform.machine().lower() not in {"x86_64", "amd64"}, reason="levels are those of x86-64"
)
def test_the_level_between_gives_the_same(baseline, tmp_path):
    hook = build_hook()
    target = hook.chosen_platform()
    hook.build_library(ROOT / "native/core", tmp_path, target, tmp_path, "-DHM_LEVEL_LIMIT=3")
    assert_same(baseline, SharedCore(tmp_path / target.library))
    assert_same_parts(baseline, SharedCore(tmp_path / target.library))
    assert_same_rectangles(baseline, SharedCore(tmp_path / target.library))


def test_webassembly_gives_what_the_library_gives(baseline):
    assert_same(baseline, WebAssemblyCore(INSTALLED / "hashmatch.wasm"))


def test_webassembly_finds_the_parts_that_the_library_finds(baseline):
    module = WebAssemblyCore(INSTALLED / "hashmatch-parts.wasm")
    assert_same_parts(baseline, module)
    for pixels in list(pictures())[:4]:
        for a, b in zip(baseline.pdq_dihedral(pixels), module.pdq_dihedral(pixels), strict=True):
            assert_array_equal(a, b)


@pytest.mark.parametrize(("module", "most"), [("hashmatch.wasm", 16), ("hashmatch-parts.wasm", 24)])
def test_a_page_has_little_to_load(module, most):
    assert len(gzip.compress((INSTALLED / module).read_bytes())) <= most * 1024


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_other_platforms_can_be_built_for_here(system, tmp_path):
    """Windows too, but its C runtime takes zig a minute to make: see `make wheels`."""
    hook = build_hook()
    for machine in ("x86_64", "aarch64"):
        target = hook.PLATFORMS[system, machine]
        out = tmp_path / machine
        out.mkdir()
        hook.build_library(ROOT / "native/core", out, target, out)
        assert (out / target.library).stat().st_size > 10_000
