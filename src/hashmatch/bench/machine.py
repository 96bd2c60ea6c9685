"""The machine that something was measured on: without it, no number means anything."""

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from hashmatch.bench.workload import memory

FLAGS: Final = (
    "popcnt", "avx2", "avx512f", "avx512bw", "avx512_bitalg", "avx512_vpopcntdq", "asimd", "sve",
)  # fmt: skip
"""Instruction sets that searching by bits feels."""
PACKAGES: Final = ("hashmatch", "numpy", "numba", "faiss-cpu", "opencv-python-headless", "pillow")


def describe() -> dict[str, Any]:
    """Processor, memory, system and versions, as plain values; None where it cannot be known.

    ``load`` is how many programs wanted a processor in the last minute. Asked before measuring, it
    tells how many of them were others'.
    """
    flags = set(_cpuinfo("flags").split()) | set(_cpuinfo("Features").split())
    return {
        "cpu": _cpuinfo("model name") or platform.processor() or platform.machine(),
        "architecture": platform.machine(),
        "cores": _cores(),
        "flags": [flag for flag in FLAGS if flag in flags],
        "l2_cache": _cache(2),
        "l3_cache": _cache(3),
        "memory": memory() if memory() < 1 << 62 else None,
        "os": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def _cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows do not say
        return os.cpu_count() or 1


def _cpuinfo(name: str) -> str:
    """A line of the first processor in Linux's list; empty elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = (line.partition(":") for line in lines)
    return next((value.strip() for key, _, value in found if key.strip() == name), "")


def _cache(level: int) -> str | None:
    """The size of a cache, as Linux writes it."""
    for place in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"):
        try:
            if int((place / "level").read_text()) == level:
                return (place / "size").read_text().strip()
        except (OSError, ValueError):
            continue
    return None


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
