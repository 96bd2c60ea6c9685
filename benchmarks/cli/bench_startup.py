"""What a person waits for: `hashmatch hash one.jpg`, from the shell to the line it prints."""

import subprocess
import sys
from pathlib import Path

import skimage

PHOTO = Path(skimage.__file__).parent / "data/rocket.jpg"


def test_start_of_the_command_line(benchmark, race):
    """Beside the same through Pillow and pdqhash, started alike."""
    command = [str(Path(sys.executable).with_name("hashmatch")), "hash", str(PHOTO)]
    peer = (
        "import sys, numpy, pdqhash; from PIL import Image;"
        "print(pdqhash.compute(numpy.asarray(Image.open(sys.argv[1]).convert('RGB')))[1])"
    )
    race.compare(
        benchmark,
        lambda: subprocess.run(command, check=True, capture_output=True),
        {
            "python, Pillow + pdqhash": lambda: subprocess.run(
                [sys.executable, "-c", peer, str(PHOTO)], check=True, capture_output=True
            ),
        },
        rounds=9,
    )
