"""The program that looks for leaks, in its small form; see `benchmarks/README.md` for the large."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "service" / "leak.py"


def test_requests_leave_nothing_behind():
    """A few thousand are too few to see little; a picture or a body that stays would be seen."""
    answer = subprocess.run(
        [sys.executable, str(PROGRAM), "--requests", "4000", "--most", "10"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    for status in ("200", "400", "404", "422"):
        assert f"'{status}'" in answer.stdout
