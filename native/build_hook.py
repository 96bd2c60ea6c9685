"""Builds what a wheel carries besides Python: the C core, what a browser gets, index recipes.

The compiler is zig's C compiler from PyPI, so no machine needs one of its own, and any machine can
build for any platform: ``HASHMATCH_TARGET=aarch64-linux-gnu.2.28 python -m build --wheel``.
"""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The hot loops are compiled once more for each instruction-set level.
LEVELLED_HASH = ("one_pass.c", "reference.c", "spectrum.c")
LEVELLED_PARTS = ("luma.c", "scale_space.c", "turns.c", "regions.c", "warp.c")
LEVELLED_VIEWS = ("boxes.c", "cuts.c", "gray.c", "seams.c")
LEVELLED = (*LEVELLED_HASH, *LEVELLED_PARTS, *LEVELLED_VIEWS)
HASH_SOURCES = (*LEVELLED_HASH, "pdq.c", "taps.c", "cpu.c")
SOURCES = (*HASH_SOURCES, *LEVELLED_PARTS, "joints.c", "key_points.c", "parts.c", "tiles.c")
# Decoding is a browser's own affair, and so is what a server looks for in an upload.
LIBRARY_SOURCES = (
    *SOURCES, *LEVELLED_VIEWS, "jpeg.c", "jpeg_scan.c",
    "candidates.c", "corners.c", "picked.c", "rectangles.c", "sides.c",
)  # fmt: skip
# Instruction-set levels of x86-64 that the hot loops are compiled for once more; cpu.c chooses.
X86_LEVELS = {"v3": "x86_64_v3", "v4": "x86_64_v4"}
# The order of float operations is part of the contract: no contraction, no reassociation.
FLAGS = (
    "-std=c11", "-O3", "-ffp-contract=off", "-fno-math-errno", "-ffreestanding",
    "-fno-stack-protector", "-fvisibility=hidden", "-fno-sanitize=undefined", "-Wall",
    "-Wextra", "-Werror", "-DNDEBUG",
)  # fmt: skip


@dataclass(frozen=True)
class Platform:
    """A platform that wheels are built for."""

    triple: str
    wheel_tag: str
    library: str


PLATFORMS = {
    ("linux", "x86_64"): Platform(
        "x86_64-linux-gnu.2.17", "manylinux_2_17_x86_64", "libhashmatch.so"
    ),
    ("linux", "aarch64"): Platform(
        "aarch64-linux-gnu.2.17", "manylinux_2_17_aarch64", "libhashmatch.so"
    ),
    ("darwin", "x86_64"): Platform("x86_64-macos.11.0", "macosx_11_0_x86_64", "libhashmatch.dylib"),
    ("darwin", "aarch64"): Platform(
        "aarch64-macos.11.0", "macosx_11_0_arm64", "libhashmatch.dylib"
    ),
    ("win32", "x86_64"): Platform("x86_64-windows-gnu", "win_amd64", "hashmatch.dll"),
}


def chosen_platform() -> Platform:
    """The platform named by HASHMATCH_TARGET (``linux-aarch64``), or the one this runs on."""
    wanted = os.environ.get("HASHMATCH_TARGET")
    if wanted:
        system, _, machine = wanted.partition("-")
    else:
        system, machine = sys.platform, platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    try:
        return PLATFORMS[system, machine]
    except KeyError:
        known = ", ".join("-".join(key) for key in PLATFORMS)
        message = f"No build of the C core is known for {system}-{machine}; known are: {known}."
        raise SystemExit(message) from None


def zig(*arguments: str | Path) -> None:
    """Run zig's C compiler from PyPI."""
    subprocess.run([sys.executable, "-m", "ziglang", "cc", *map(str, arguments)], check=True)


def build_library(core: Path, scratch: Path, target: Platform, out: Path, *extra: str) -> None:
    """Compile the shared library: all sources at the baseline, the hot loops at each level."""
    sources = [core / name for name in LIBRARY_SOURCES]
    objects = []
    common = (*FLAGS, *extra, "-fPIC", "-target", target.triple)
    if target.triple.startswith("x86_64"):
        common = (*common, "-DHM_X86_LEVELS")
        for suffix, cpu in X86_LEVELS.items():
            for name in LEVELLED:
                built = scratch / f"{name}_{suffix}.o"
                level = (f"-mcpu={cpu}", f"-DHM_LEVEL=_{suffix}", "-mprefer-vector-width=512")
                zig(*common, *level, "-c", core / name, "-o", built)
                objects.append(built)
    # Only Windows wants a C library at all: for the start of a DLL and the probing of its stack.
    link = () if "windows" in target.triple else ("-nostdlib",)
    zig(*common, *link, "-shared", "-s", *sources, *objects, "-o", out / target.library)


def build_wasm(core: Path, out: Path) -> None:
    """Compile the WebAssembly modules: the same sources, no imports, 128-bit SIMD.

    A page needs PDQ at once, and the module with parts, which has PDQ too, only to make some. That
    one is made small, for slow lines: loops that are unrolled would make it a third larger.
    """
    modules = {
        "hashmatch.wasm": (HASH_SOURCES, ("-DHM_HASH_ONLY", "-DHM_NO_VIEWS")),
        "hashmatch-parts.wasm": (SOURCES, ("-DHM_NO_VIEWS", "-Os")),
    }
    for module, (sources, extra) in modules.items():
        zig(
            *FLAGS, *extra, "-target", "wasm32-freestanding", "-mcpu=generic+simd128+bulk_memory",
            "-nostdlib", "-Wl,--no-entry", "-Wl,--export-dynamic", "-Wl,--export=__heap_base", "-s",
            *(core / name for name in sources), "-o", out / module,
        )  # fmt: skip


class CustomBuildHook(BuildHookInterface[Any]):
    """Compiles `native/core`, bundles `native/web` and copies `indexes/*.toml` into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build into the package, where both a wheel and an editable install find the results."""
        del version
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        target = chosen_platform()
        native = root / "src/hashmatch/_native"
        recipes = root / "src/hashmatch/_recipes"
        scratch = root / "build/native"
        for folder in (native, recipes, scratch):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        build_library(root / "native/core", scratch, target, native)
        build_wasm(root / "native/core", native)
        sys.path.insert(0, str(root / "native"))  # the hook is loaded by its path, not as a package
        from build_web import build_web

        build_web(root)
        for recipe in sorted((root / "indexes").glob("*.toml")):
            shutil.copy(recipe, recipes)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{target.wheel_tag}"
