"""Compiled kernels, kept in files from one process to the next.

Beside the sources, as Python keeps its own, or where nothing can be written there, in the user's
cache folder; the environment variable ``NUMBA_CACHE_DIR`` names another place instead of both. A
file is of one processor, one interpreter, and the kernels' sources as they are: all of that is in
its name and in its checksum, so that a damaged or a foreign file counts as none.
"""

import os
import sys
import warnings
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import llvmlite
from llvmlite import binding

SOURCES: Final = Path(__file__).parent
BESIDE: Final = SOURCES / "__pycache__"


def read(name: str) -> bytes | None:
    """The object code of a kernel; None where there is no file of it that can be trusted."""
    for folder in places():
        with suppress(OSError):
            kept = (folder / _file(name)).read_bytes()
            if kept[:32] == _checksum(name, kept[32:]):
                return kept[32:]
    return None


def write(name: str, code: bytes) -> None:
    """Keep the object code of a kernel, at the first place that takes it.

    It appears under its name at once and whole, so that processes may do so at the same time.
    """
    for folder in places():
        path = folder / _file(name)
        unready = path.with_suffix(f".{os.urandom(8).hex()}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            unready.write_bytes(_checksum(name, code) + code)
            unready.replace(path)
        except OSError:
            with suppress(OSError):
                unready.unlink()
            continue
        if folder == BESIDE:  # which no other version of the sources shares
            for older in folder.glob(f"{name}-{_machine()[:16]}-*.kernel"):
                if older != path:
                    with suppress(OSError):
                        older.unlink()
        return
    _warn(places())


@cache
def _warn(folders: tuple[Path, ...]) -> None:
    """Say once that kernels are not kept: numba has warnings forgotten, which then come again."""
    warnings.warn(
        f"Compiled kernels cannot be kept in {' or '.join(map(str, folders))}, so that every "
        f"process compiles them anew, which takes seconds; let NUMBA_CACHE_DIR name a folder that "
        f"can be written to.",
        RuntimeWarning,
        stacklevel=3,
    )


def places() -> tuple[Path, ...]:
    """The folders in which kernels are looked for, and kept where one takes them."""
    told = os.environ.get("NUMBA_CACHE_DIR")
    if told:
        return (Path(told),)
    if sys.platform == "win32":
        own = os.environ.get("LOCALAPPDATA", "~/AppData/Local")
    elif sys.platform == "darwin":
        own = "~/Library/Caches"
    else:
        own = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return (BESIDE, Path(own).expanduser() / "hashmatch" / "kernels")
    except RuntimeError:  # a user without a home
        return (BESIDE,)


@cache
def _machine() -> str:
    """A digest of what machine code is for."""
    features = binding.get_host_cpu_features().flatten()
    facts = (binding.get_process_triple(), binding.get_host_cpu_name(), features)
    python = (sys.implementation.cache_tag or "", str(object.__basicsize__))
    return sha256("\n".join((*facts, *python)).encode()).hexdigest()


@cache
def _version() -> str:
    """A digest of what machine code is made of, and by what."""
    digest = sha256(llvmlite.__version__.encode())
    numba = find_spec("numba")  # found, not loaded; where it keeps its version costs no time
    if numba is not None and numba.origin is not None:
        digest.update(Path(numba.origin).with_name("_version.py").read_bytes())
    for source in sorted(SOURCES.glob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()


def _file(name: str) -> str:
    return f"{name}-{_machine()[:16]}-{_version()[:32]}.kernel"


def _checksum(name: str, code: bytes) -> bytes:
    return sha256(f"{name} {_machine()} {_version()} ".encode() + code).digest()
