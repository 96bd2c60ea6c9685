"""A load generator, in a process of its own: requests over a few connections, one after the other.

Reads jobs from its standard input, a line of JSON and the bytes it announces, and answers each
with a line of JSON. Requests come whole, and answers are told from each other by their
Content-Length, so that it takes a small part of what the service takes; it tells how much.
"""

import asyncio
import json
import sys
import time

import uvloop

LENGTH = b"\r\ncontent-length: "


class Connection(asyncio.Protocol):
    """Sends the next request when the answer to the last one is whole."""

    def __init__(self, job):
        self.job = job
        self.received = b""
        self.missing = None

    def connection_made(self, transport):
        self.transport = transport
        self.send()

    def send(self):
        request = self.job.take()
        if request is None:
            self.transport.close()
            self.job.connection_ended()
            return
        self.began = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data):
        self.received += data
        if self.missing is None:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.received[:end].lower() + b"\r\n"
            at = head.index(LENGTH) + len(LENGTH)
            self.missing = end + 4 + int(head[at : head.index(b"\r\n", at)])
        if len(self.received) < self.missing:
            return
        self.job.note(int(self.received[9:12]), time.perf_counter() - self.began)
        self.received, self.missing = b"", None
        self.send()

    def connection_lost(self, error):
        self.job.connection_ended(error)


class Job:
    """So many requests, over so many connections."""

    def __init__(self, requests, count):
        self.requests, self.left, self.count = requests, count, count
        self.seconds, self.statuses = [], {}
        self.ended = asyncio.get_running_loop().create_future()

    def take(self):
        if not self.left:
            return None
        self.left -= 1
        return self.requests[self.left % len(self.requests)]

    def note(self, status, seconds):
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def connection_ended(self, error=None):
        if not self.ended.done() and (error or len(self.seconds) == self.count):
            self.ended.set_result(None)


async def run(port, requests, count, connections):
    loop = asyncio.get_running_loop()
    job = Job(requests, count)
    began, before = time.perf_counter(), time.process_time()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(job), "127.0.0.1", port)
    await job.ended
    took = time.perf_counter() - began
    return {
        "took": took,
        "own": time.process_time() - before,
        "statuses": job.statuses,
        "seconds": job.seconds,
    }


def main():
    incoming = sys.stdin.buffer
    for line in incoming:
        job = json.loads(line)
        requests = [incoming.read(length) for length in job["lengths"]]
        answer = uvloop.run(run(job["port"], requests, job["count"], job["connections"]))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
