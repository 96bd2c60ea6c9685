"""Nothing of a process's memory reaches a disk: no core dump, and none by way of a program."""

import ctypes
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_core_dumps() -> None:
    """Switch core dumps off for this process and those that it starts.

    The limit alone would do for files. Linux also hands cores to programs, whatever the limit;
    a process that is not dumpable is spared that.
    """
    try:
        import resource
    except ImportError:  # Windows has no core files
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
