"""Compile the lock files: every version, every hash, for every platform, and no address."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = {
    "requirements/dev.txt": ["--all-extras", "--group", "dev"],
    # Only what `make demo` needs; the versions are those of the other file.
    "requirements/demo.txt": [
        "--extra", "demo", "--group", "build", "--constraints", "requirements/dev.txt",
    ],
}  # fmt: skip

for lock, selection in LOCKS.items():
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *selection,
        "--universal", "--python-version", "3.11", "--generate-hashes", "--quiet",
        "--custom-compile-command", "make lock", "--output-file", lock, *sys.argv[1:],
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT)
