"""The kernels, as functions that Python calls: each is loaded when it is first asked for.

``calls.probe(…)`` and so on, with what the kernel's definition says: whole numbers, and arrays in C
order, of the dtype that they are for, which is not checked. The interpreter is let go of.

They raise a TypeError for too few or too many arguments, or where there is no array in C order; and
a MemoryError.
"""

import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hashmatch.kernels.loading import Function

    add: Function
    columns: Function
    consensus: Function
    extend: Function
    fill: Function
    freeze: Function
    most_hits: Function
    order: Function
    post: Function
    probe: Function
    remove: Function
    scan: Function
    search: Function
    sweep: Function
    take: Function

HOMES: Final = {
    "add": "delta",
    "columns": "buckets",
    "consensus": "consensus",
    "extend": "changed",
    "fill": "delta",
    "freeze": "delta",
    "most_hits": "blocks",
    "order": "select",
    "post": "buckets",
    "probe": "probe",
    "remove": "delta",
    "scan": "hamming",
    "search": "changed",
    "sweep": "sweep",
    "take": "select",
}
"""The module of each kernel."""


class _Loading:
    """One thread loads a kernel, and others wait for it."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Make the lock anew, in a forked child: it may have been held during the fork."""
        self.lock = threading.Lock()


_loading = _Loading()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_loading.forget)


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hashmatch.kernels.loading import load  # LLVM

    with _loading.lock:
        if name not in globals():
            globals()[name] = load(name, HOMES[name])
    return globals()[name]


def prepare() -> None:
    """Load all kernels, so that no search has to wait for one to be compiled."""
    for name in HOMES:
        getattr(sys.modules[__name__], name)
