"""A StopNCII-shaped feed of a million records, over loopback into SQLite: time and memory.

As a program: ``python benchmarks/exchanges/bench_ingest.py [RECORDS [PLACE]]``. The server runs in
a process of its own; memory is that of the one that fetches.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time

import pytest

from hashmatch.exchanges import Remote, StopNCII, fetch
from hashmatch.registry import Registry

PAGE = 800
SERVER = """
import hashlib, json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

RECORDS, PAGE = int(sys.argv[1]), int(sys.argv[2])

class Feed(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 20
    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        first = int(query.get("nextPageToken", ["0"])[0])
        last = min(first + PAGE, RECORDS)
        records = [
            {
                "lastModtimestamp": 1_700_000_000 + number,
                "signalType": "ImagePDQ",
                "hashValue": hashlib.sha256(str(number).encode()).hexdigest(),
                "hashStatus": "Active",
                "caseNumbers": {"27664732-76e1-4a17-8099-455798e67022": "Active"},
                "CSPFeedbacks": [{"source": "x", "feedbackValue": "Blocked", "tags": ["a", "b"]}],
            }
            for number in range(first, last)
        ]
        body = json.dumps({
            "count": len(records), "nextPageToken": str(last), "nextSetTimestamp": 1_700_000_000,
            "hasMoreRecords": last < RECORDS, "hashRecords": records,
        }).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Feed)
print(server.server_port, flush=True)
server.serve_forever()
"""


def ingest(records, place):
    """Fetch everything once; returns what a row of a table needs."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(records), str(PAGE)], stdout=subprocess.PIPE, text=True
    )
    try:
        remote = Remote(f"http://127.0.0.1:{int(server.stdout.readline())}")
        with Registry.open(place) as registry:
            registry.add_exchange("feed", "stopncii", "default", {})
            source = StopNCII(remote, {"fetch_key": "key"})
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            start, worked = time.perf_counter(), time.process_time()
            fetched = fetch(registry, "feed", exchange=source)
            seconds, worked = time.perf_counter() - start, time.process_time() - worked
            assert fetched.added == registry.count_entries("default")
            assert fetched.added + fetched.rejected == records  # some look like no picture
            assert fetched.rejected < records / 5_000
        remote.close()
    finally:
        server.kill()
        server.communicate()
    return {
        "records": records,
        "seconds": round(seconds, 1),
        "of_processor": round(worked, 1),
        "grown_mib": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10,
    }


@pytest.mark.parametrize("records", [20_000])
def test_ingest(benchmark, records, tmp_path_factory):
    benchmark.pedantic(
        lambda: ingest(records, tmp_path_factory.mktemp("ingest") / "registry"), rounds=1
    )


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        place = sys.argv[2] if len(sys.argv) > 2 else folder + "/registry"
        print(json.dumps(ingest(count, place)))
