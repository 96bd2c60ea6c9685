"""Persons who open cases and take some of them back, all the time, and what they were told."""

import contextlib
import os
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
from submitting import picture_json

WORKING = 4


class Load:
    """What was acknowledged, over all the times that the load was on.

    Attributes:
        sent: the key and the body of each case, answered or not.
        opened: secret phrases, by case number.
        withdrawn: numbers of cases.
        refused: how often the service said that it cannot answer now.
    """

    def __init__(self):
        self.sent, self.opened, self.withdrawn, self.refused = [], {}, set(), 0

    @contextlib.contextmanager
    def on(self, url):
        """Put the load on a service while the block runs."""
        stop = threading.Event()
        with ThreadPoolExecutor(WORKING) as threads:
            working = [threads.submit(self._work, url, stop) for _ in range(WORKING)]
            try:
                yield
            finally:
                stop.set()
                for each in working:  # what failed there may be why something failed here
                    each.result()

    def check(self, registry):
        """Whatever was acknowledged is so, and the feed has no gap."""
        for number in self.opened:
            state = registry.case(number).state
            assert number not in self.withdrawn or state == "withdrawn"
        newest = registry.sequence()
        changes = registry.follow(0, 10**6)
        assert [change.sequence for change in changes] == list(range(1, newest + 1))

    def _work(self, url, stop):
        with httpx.Client(base_url=url, timeout=60) as client:
            while not stop.is_set():
                try:
                    self._turn(client, stop)
                except httpx.TransportError:
                    time.sleep(0.02)

    def _turn(self, client, stop):
        key = str(uuid.uuid4())
        body = {"pictures": [picture_json({"hash": os.urandom(32).hex(), "quality": 90})]}
        self.sent.append((key, body))
        answer = client.post("/v1/cases", json=body, headers={"Idempotency-Key": key})
        if answer.status_code == 503:
            self.refused += 1
            stop.wait(float(answer.headers["retry-after"]))
            return
        assert answer.status_code == 201, answer.text
        receipt = answer.json()
        self.opened[receipt["case"]] = receipt["secret_phrase"]
        if len(self.opened) % 3 == 1:
            header = {"Secret-Phrase": receipt["secret_phrase"]}
            answer = client.post(f"/v1/cases/{receipt['case']}/withdrawal", headers=header)
            assert answer.status_code in {200, 503}, answer.text
            if answer.status_code == 200:
                self.withdrawn.add(receipt["case"])
