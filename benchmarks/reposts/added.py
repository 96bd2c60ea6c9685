"""The false flags of several runs as those of one, with the bound that all of them allow.

    hashmatch bench reposts PHOTOS --contestant thorough --kept-list LIST --seed 11 --out RUN-11
    hashmatch bench reposts PHOTOS --contestant thorough --kept-list LIST --seed 12 --out RUN-12
    python benchmarks/reposts/added.py RUN-11/flags.parquet RUN-12/flags.parquet

So anyone can go on adding to the count: runs of other seeds, or of other photographs. Runs of one
seed over the same photographs are the same checks, and refused.
"""

import argparse
import sys
from pathlib import Path

from hashmatch.bench.reposts.counting import added
from hashmatch.bench.reposts.results import read_flags
from hashmatch.bench.reposts.wording import flags_table
from hashmatch.cli.ruled import print_ruled
from hashmatch.errors import SearchError

SAME = ("photos", "half", "seed")
"""What makes checks the same."""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("files", nargs="+", type=Path)
    given = arguments.parse_args()
    runs, seen = [], {}
    for path in given.files:
        try:
            flags, asked = read_flags(path)
        except SearchError as error:
            sys.exit(str(error))
        key = tuple(asked[name] for name in SAME)
        if key in seen:
            sys.exit(f"{path} and {seen[key]} are the same checks: take another seed.")
        seen[key] = path
        runs.append(flags)
    print_ruled(f"False flags of {len(runs)} runs", flags_table([*added(runs)]))


if __name__ == "__main__":
    main()
