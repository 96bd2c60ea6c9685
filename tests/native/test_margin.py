"""The program that the core's margins were chosen by still runs, and still finds no mismatch."""

import json
import subprocess
import sys

from native_cores import ROOT


def test_the_margins_hold_on_a_few_pictures():
    program = ROOT / "benchmarks/native/margin.py"
    command = [sys.executable, str(program), "--pictures", "70", "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout[done.stdout.index("{") :])
    assert found["pictures"] >= 70
    assert found["mismatches"] == found["mismatches_of_eight"] == 0
    assert 0 < found["dct_error"]["max"] < 0.035
    assert 0 < found["grid_error"]["max"] < 0.012
