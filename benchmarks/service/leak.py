"""Does the service keep anything? Mixed requests, and the memory of its processes after each half.

    python benchmarks/service/leak.py --requests 200000

Exit code 1 if they grew by more than ``--most`` percent over the second half.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import psutil
from loaded import ARROW, Generator, as_arrow, as_json, codes, jpegs

from hashmatch.registry import Registry
from hashmatch.types import Hash

sys.path.append(str(Path(__file__).parents[2] / "tests"))
from serving import Started

ENTRIES = 20_000
PART = 1_000


def mixed(generator, listed):
    """A thousand requests: codes that are listed and strangers, pictures, and what is refused."""
    ask = generator.request
    requests = [ask("/v1/matches", as_json(codes(1, seed))) for seed in range(600)]
    requests += [ask("/v1/matches", as_json([listed[k]])) for k in range(150)]
    requests += [ask("/v1/matches", as_arrow(codes(50, seed)), ARROW) for seed in range(100)]
    requests += [ask("/v1/matches", b"{}") for _ in range(50)]
    requests += [ask("/v1/nowhere", b"") for _ in range(50)]
    pictures = [ask("/v1/checks", data, "image/jpeg") for data in jpegs((320, 240))]
    broken = [ask("/v1/checks", data[:2000], "image/jpeg") for data in jpegs((320, 240))]
    requests += [*pictures * 5, *broken] + [ask("/v1/cases", b"{}") for _ in range(2)]
    return [requests[(k * 7) % PART] for k in range(PART)]


def resident(process):
    """MB of the service and of its decoders."""
    processes = [process, *process.children(recursive=True)]
    return [each.memory_info().rss / 1e6 for each in processes]


def main():
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--requests", type=int, default=200_000)
    options.add_argument("--most", type=float, default=3.0, help="percent")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "registry"
        listed = codes(ENTRIES)
        with Registry.open(place) as registry:
            registry.add("default", (Hash("pdq", c.tobytes(), 80) for c in listed), source="leak")
            token = registry.issue_credential("leak", {"check"}).token
        with Started(place, Path(folder) / "logs", "--decoders", "1") as service:
            generator = Generator(service.port, f"Bearer {token}")
            process = psutil.Process(service.process.pid)
            requests = mixed(generator, listed)
            sizes, statuses, began = [], {}, time.monotonic()
            for half in range(2):
                for _ in range(chosen.requests // 2 // PART):
                    answer = generator.send(requests, PART, 4)
                    for status, count in answer["statuses"].items():
                        statuses[status] = statuses.get(status, 0) + count
                sizes.append(resident(process))
                print(f"half {half + 1}: {', '.join(f'{size:.1f} MB' for size in sizes[-1])}")
            generator.close()
    print(f"answers: {statuses}, {sum(statuses.values()) / (time.monotonic() - began):,.0f}/s")
    growth = 100 * (sum(sizes[1]) / sum(sizes[0]) - 1)
    print(f"grew by {growth:.2f} % over the second half; {chosen.most:g} % are allowed")
    if any(int(status) >= 500 for status in statuses):
        return "the service failed"
    return int(growth > chosen.most)


if __name__ == "__main__":
    sys.exit(main())
