"""What the middleware adds to an upload of 1 MP, beyond decoding, hashing and searching it.

`python benchmarks/pipeline/bench_middleware.py [--rounds N]`: a JPEG of 1224 x 816, as a form and
as the body itself, in pieces of 64 KiB as a server brings them; a list of 200,000 entries. Turn by
turn: the middleware before an application that reads the body, and `Matcher.check` beside the same
application alone. The difference of each turn is the middleware's; the median of all is told.
"""

import argparse
import asyncio
import io
import statistics
import tempfile
import time

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_image
from urllib3 import encode_multipart_formdata

from hashmatch.matching import Matcher
from hashmatch.pipeline.guards import CheckUploads, Guard
from hashmatch.registry import Registry
from hashmatch.types import Hash

ENTRIES = 200_000
PIECE = 1 << 16


async def app(_scope, receive, _send):
    more = True
    while more:
        more = (await receive())["more_body"]


def receiving(body):
    coming = [body[start : start + PIECE] for start in range(0, len(body), PIECE)][::-1]

    async def receive():
        piece = coming.pop()
        return {"type": "http.request", "body": piece, "more_body": bool(coming)}

    return receive


async def measure(matcher, picture, rounds):
    guarded = CheckUploads(app, Guard(matcher))
    form, form_type = encode_multipart_formdata({"picture": ("a.jpg", picture, "image/jpeg")})
    for kind, body, content_type in (
        ("a form", form, form_type),
        ("the body itself", picture, "image/jpeg"),
    ):
        headers = [(b"content-type", content_type.encode())]
        times = {"middleware": [], "check": [], "app": []}
        for turn in range(rounds + 5):
            scope = {"type": "http", "method": "POST", "headers": headers}
            taken = {}
            for name, call in (
                ("middleware", lambda scope, receive: guarded(scope, receive, None)),
                ("app", lambda scope, receive: app(scope, receive, None)),
            ):
                receive = receiving(body)
                begin = time.perf_counter()
                await call(scope, receive)
                taken[name] = time.perf_counter() - begin
            assert len(scope["state"]["hashmatch"]) == 1
            begin = time.perf_counter()
            assert matcher.check(picture).action == "pass"
            taken["check"] = time.perf_counter() - begin
            for name, seconds in taken.items() if turn >= 5 else ():
                times[name].append(seconds)
        more = np.array(times["middleware"]) - times["check"] - times["app"]
        low, middle, high = 1e3 * np.quantile(more, [0.25, 0.5, 0.75])
        print(
            f"{kind}, {len(body):,} bytes: {1e3 * statistics.median(times['check']):.2f} ms the "
            f"check, {middle:.2f} ms more for the middleware (quartiles {low:.2f}, {high:.2f})"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    asked = parser.parse_args()
    file = io.BytesIO()
    Image.fromarray(load_sample_image("china.jpg")).resize((1224, 816)).save(
        file, "JPEG", quality=90
    )
    codes = np.random.default_rng(1).integers(0, 256, (ENTRIES, 32), np.uint8)
    with tempfile.TemporaryDirectory() as folder, Registry.open(folder) as registry:
        registry.add("default", (Hash("pdq", code.tobytes(), 80) for code in codes), source="b")
        with Matcher(registry) as matcher:
            asyncio.run(measure(matcher, file.getvalue(), asked.rounds))


if __name__ == "__main__":
    main()
