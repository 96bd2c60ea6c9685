"""What the benchmarks of the service send it, and the process that sends it; see `generator.py`."""

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image
from sklearn.datasets import load_sample_image

ARROW = "application/vnd.apache.arrow.stream"
JSON = "application/json"


class Generator:
    """The load generator, whose requests carry one token."""

    def __init__(self, port, authorization):
        self.port, self.authorization = port, authorization
        program = Path(__file__).with_name("generator.py")
        self.process = subprocess.Popen(
            [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def request(self, path, body, content_type=JSON):
        """A request as bytes."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {self.authorization}\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def run(self, path, bodies, count, connections, content_type=JSON):
        """Send ``count`` requests, each with one of the bodies in turn; all must be answered."""
        requests = [self.request(path, body, content_type) for body in bodies]
        answer = self.send(requests, count, connections)
        assert answer["statuses"] == {"200": count}, answer["statuses"]
        return answer

    def send(self, requests, count, connections):
        """Send ``count`` requests, these in turn."""
        job = {
            "port": self.port,
            "lengths": [len(request) for request in requests],
            "count": count,
            "connections": connections,
        }
        self.process.stdin.write(json.dumps(job).encode() + b"\n" + b"".join(requests))
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def codes(count, seed=2):
    return np.random.default_rng(seed).integers(0, 256, (count, 32), np.uint8)


def as_json(batch):
    return json.dumps({"codes": [code.tobytes().hex() for code in batch]}).encode()


def as_arrow(batch):
    column = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(32), len(batch), [None, pa.py_buffer(batch)]
    )
    table = pa.table({"code": column, "quality": pa.array(np.full(len(batch), 90, np.int16))})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def jpegs(size=(1224, 816)):
    """Pictures cut from photographs."""
    made = []
    for name in ("china.jpg", "flower.jpg"):
        photo = Image.fromarray(load_sample_image(name))
        for k in range(4):
            cut = photo.crop((8 * k, 4 * k, 600 + 8 * k, 400 + 4 * k)).resize(size)
            file = io.BytesIO()
            cut.save(file, "JPEG", quality=88)
            made.append(file.getvalue())
    return made
