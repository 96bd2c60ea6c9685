"""Takes events, and believes those that are signed: `python webhook_receiver.py PORT`."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hashmatch.pipeline.webhooks import verify

MOST_BYTES = 1_000_000

secret = bytes.fromhex(os.environ["WEBHOOK_SECRET"])
known = set()  # a database, where this is to survive


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(min(length, MOST_BYTES))
        event = verify(secret, dict(self.headers), body)
        self.send_response(401 if event is None else 204)
        self.end_headers()
        if event is not None and event not in known:  # an event may come several times
            known.add(event)
            told = json.loads(body)
            print(told["upload"], told["action"], flush=True)

    def log_message(self, *_):
        """Say nothing of each request."""


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
