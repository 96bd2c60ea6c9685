"""Starts the service: a web server around the application, in one process or several."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import uvicorn

from hashmatch.service.app import create_app
from hashmatch.service.logs import CONFIG
from hashmatch.service.node import prepare
from hashmatch.service.privacy import forbid_core_dumps
from hashmatch.service.settings import Settings

_GRACE_SECONDS = 30


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until the process is told to end; requests under way are finished.

    Args:
        settings: for every process alike.
        host: the address to listen at.
        port: likewise.
        workers: processes; they share the lists, and each has decoders of its own.
    """
    forbid_core_dumps()
    options = {
        "host": host,
        "port": port,
        "access_log": False,  # its lines hold paths, and those hold case numbers
        "log_config": CONFIG,
        "server_header": False,
        "proxy_headers": False,  # who asks is nobody's business
        "timeout_graceful_shutdown": _GRACE_SECONDS,
    }
    if workers == 1:
        uvicorn.run(create_app(settings), **options)  # type: ignore[arg-type]  # of many types
        return
    # Counts of all processes, what was spent at any of them, and how far each of them is: nothing
    # else is in the folder.
    with tempfile.TemporaryDirectory(prefix="hashmatch-workers-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        prepare(Path(folder), workers)
        shared = folder if os.name == "posix" else None  # Windows: each tells of itself only
        replace(settings, workers=workers, shared=shared).hand_down()
        uvicorn.run(
            "hashmatch.service.app:from_environment",
            factory=True,
            workers=workers,
            **options,  # type: ignore[arg-type]  # of many types
        )
