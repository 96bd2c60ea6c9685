"""What the stand-ins for remote servers share: a socket, faults on demand, and what was asked."""

import contextlib
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Asked(NamedTuple):
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes


class Fault(NamedTuple):
    """Answered in the place of what was asked for."""

    status: int = 503
    headers: Mapping = MappingProxyType({})
    body: bytes = b""


class Standin:
    """A server of which a subclass says what it answers.

    Attributes:
        asked: every request.
        faults: answered first, one a request; None lets one through.
        skew: how far its clock is ahead of ours.
        spoil: called with (request, body); what it returns is sent.
    """

    def __init__(self):
        self.asked = []
        self.faults = []
        self.skew = timedelta()
        self.spoil = lambda _, body: body
        self.sends_date = True
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self):
                with contextlib.suppress(ConnectionError):  # whoever asked was killed
                    super().handle_one_request()

            def do_GET(self):
                parts = urlsplit(self.path)
                length = int(self.headers.get("content-length", 0))
                request = Asked(
                    self.command,
                    parts.path,
                    dict(parse_qsl(parts.query)),
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length),
                )
                standin.asked.append(request)
                fault = standin.faults.pop(0) if standin.faults else None
                answer = fault or standin.answer(request)
                body = answer.body if fault else standin.spoil(request, answer.body)
                self.send_response_only(answer.status)
                if standin.sends_date:
                    self.send_header("date", format_datetime(standin.now(), usegmt=True))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_PUT = do_GET  # noqa: N815 - likewise

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, request):
        raise NotImplementedError

    def now(self):
        return datetime.now(UTC) + self.skew

    def seconds(self):
        return int(time.time() + self.skew.total_seconds())

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
