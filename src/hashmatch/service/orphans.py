"""A worker does not outlive its server: else the next one could not have the port."""

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def end_with_parent() -> None:
    """Have the system tell this process to end when the one that started it is gone.

    Linux only; elsewhere a worker whose server was killed must be ended by who killed it.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it went before the system was asked
        os.kill(os.getpid(), signal.SIGTERM)
