"""Applications over a socket, as others see them, and waiting for what happens by itself."""

import contextlib
import threading
import time

import httpx
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
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        yield client
    server.should_exit = True
    thread.join()
