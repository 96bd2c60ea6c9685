"""Applications over a socket, as others see them, and waiting for what happens by itself."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time

import httpx
import psutil
import uvicorn


def until(condition, seconds=30):
    """Wait for something that happens by itself."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@contextlib.contextmanager
def served(app):
    """A client of the application, over a socket, as others see it."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, access_log=False, proxy_headers=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started or not thread.is_alive())
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


class Started:
    """`hashmatch serve` in a process of its own; whatever a test does, it ends with the block.

    Args:
        place: of the registry.
        logs: a file for what it logs.
        options: further arguments.
        before: a program, with its arguments, that is to run it.
        environment: variables to add.
    """

    def __init__(self, place, logs, *options, before=(), environment=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._command = [
            *before, sys.executable, "-m", "hashmatch", "serve", "--registry", str(place),
            "--port", str(self.port), *options,
        ]  # fmt: skip
        self._environment = {**os.environ, **(environment or {})}
        self._runs_below = bool(before)
        self.logs = logs
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.client = httpx.Client(base_url=self.url, timeout=60)
        with self.logs.open("ab") as errors:
            self.process = subprocess.Popen(
                self._command,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self._environment,
            )
        try:
            until(self.is_ready, seconds=60)
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_):
        self.kill()

    def is_ready(self):
        assert self.process.poll() is None, self.logs.read_text()
        with contextlib.suppress(httpx.TransportError):
            return self.client.get("/readyz").status_code == 200

    def end(self):
        """Ask it to end, and return its exit code and what it printed."""
        self.client.close()
        process = psutil.Process(self.process.pid)
        (process.children()[0] if self._runs_below else process).terminate()
        printed, _ = self.process.communicate(timeout=60)
        return self.process.returncode, printed

    def kill(self):
        """kill -9 of all its processes, if there are any left."""
        self.client.close()
        processes = []
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.process.pid)
            processes = [process, *process.children(recursive=True)]
        for each in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        self.process.wait(60)
        self.process.stdout.close()
