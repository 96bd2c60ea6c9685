"""Hashing takes little memory beside the picture, whatever its size and shape."""

import subprocess
import sys

import pytest

MEGABYTE = 2**20
PROGRAM = """
import resource, sys
import numpy as np
from hashmatch import native
height, width = map(int, sys.argv[1:])
pixels = np.random.default_rng(1).integers(0, 256, (height, width), np.uint8)
native.pdq(pixels[:64, :64])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
native.pdq(pixels, native.Form.REFERENCE)
native.pdq(pixels, native.Form.ONE_PASS)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read as Linux reports it")
@pytest.mark.parametrize("shape", [(10_000, 10_000), (30_000, 3_333), (3_333, 30_000)])
def test_a_hundred_megapixels_take_at_most_16_megabytes_more(shape):
    command = [sys.executable, "-c", PROGRAM, *map(str, shape)]
    more = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) * 1024
    assert more <= 16 * MEGABYTE
