"""A receiver of webhooks, with all that may be wrong with one."""

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hashmatch.pipeline.client import Patience

SECRET = b"sixteen bytes or more"
QUICK = Patience(seconds=20.0, attempts=5, first_pause=0.01, longest_pause=0.05)


class Receiver:
    """Answers as it is told to, 204 after that; keeps what came."""

    def __init__(self):
        self.got, self.answers = [], []
        self.let_go = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                answer = receiver.answers.pop(0) if receiver.answers else 204
                if answer == "hang":
                    receiver.let_go.wait(30)
                    return
                if answer == "trickle":
                    with contextlib.suppress(OSError):
                        while not receiver.let_go.wait(0.02):
                            self.wfile.write(b"H")
                            self.wfile.flush()
                    return
                if answer == "drop":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def close(self):
        self.let_go.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
