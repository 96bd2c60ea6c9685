"""Turns: what only one process of a machine does at a time, decided by a lock on a file.

The system gives the lock back when a process dies, however it dies.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_EVERY: Final = 0.05


@contextmanager
def turn(path: Path, *, wait: bool) -> Iterator[bool]:
    """Have the turn for as long as the block lasts.

    Args:
        path: of the lock's file; it is made, and stays.
        wait: for one's turn, as long as it takes; else the block is told that it has none.

    Yields:
        Whether it has the turn.

    Raises:
        OSError: the file cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        mine = _try(handle)
        while wait and not mine:
            time.sleep(_EVERY)
            mine = _try(handle)
        yield mine
    finally:
        os.close(handle)  # which gives the lock back


def _try(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
