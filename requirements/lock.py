"""Compile the lock files: every version, every hash, for every platform, and no address."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = {
    "requirements/dev.txt": ["pyproject.toml", "--all-extras", "--group", "dev"],
    # Only what `make demo` needs; the versions are those of the first file.
    "requirements/demo.txt": [
        "pyproject.toml", "--extra", "demo", "--group", "build",
        "--constraints", "requirements/dev.txt",
    ],
    "requirements/oracle.txt": ["--group", "oracle", "--no-deps"],
}  # fmt: skip

for lock, selection in LOCKS.items():
    command = [
        sys.executable, "-m", "uv", "pip", "compile", *selection,
        "--universal", "--python-version", "3.11", "--generate-hashes", "--quiet",
        "--custom-compile-command", "make lock", "--output-file", lock, *sys.argv[1:],
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT)
