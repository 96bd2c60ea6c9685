"""Decide about files, and tell another system: `python webhook_sender.py URL FILE...`."""

import os
import sys
from pathlib import Path

from hashmatch import Matcher
from hashmatch.pipeline.guards import Guard
from hashmatch.pipeline.webhooks import Webhooks

url, *files = sys.argv[1:]
secret = bytes.fromhex(os.environ["WEBHOOK_SECRET"])  # from: openssl rand -hex 32

with (
    Webhooks(url, secret, journal="var/webhooks") as webhooks,
    Matcher.open(os.environ.get("HASHMATCH_REGISTRY", "var/hashmatch")) as matcher,
):
    guard = Guard(matcher)
    for file in files:
        decision = guard.decide(Path(file).read_bytes())
        webhooks.tell(decision, upload=file)  # nothing is told of what simply passes
        print(file, decision.action)
