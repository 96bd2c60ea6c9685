"""What a registry's folder holds, and the proof that no picture is in it."""

import re
from pathlib import Path
from typing import Final, NamedTuple

RUN: Final = 32
"""Bytes of a picture that cannot stand elsewhere by chance."""
RUNS: Final = 64
"""Places in a picture that are looked for."""

# Signatures long enough not to occur by chance in fingerprints; shorter ones only where a file
# begins with them.
ANYWHERE: Final = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff\xe0..JFIF\0|\xff\xd8\xff\xe1..Exif\0|GIF8[79]a..\0\0"
    rb"|RIFF....WEBPVP8|ftyp(avif|avis|heic|heix|mif1)",
    re.DOTALL,
)
AT_THE_START: Final = re.compile(rb"\xff\xd8\xff|GIF8|BM|II\*\0|MM\0\*")


class Leftover(NamedTuple):
    """One file: its name, bytes and kind, and what of a picture is in it ("": nothing)."""

    name: str
    size: int
    kind: str
    finding: str


def leftovers(folder: Path, pictures: list[Path]) -> list[Leftover]:
    """Look through every file of a folder for pictures, and for bytes and pixels of these ones."""
    runs = frozenset(run for picture in pictures for run in _runs_of(picture))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = []
    for file in files:
        data = file.read_bytes()
        name = str(file.relative_to(folder))
        found.append(Leftover(name, len(data), _kind(name, data), _finding(data, runs)))
    return found


def _kind(name: str, data: bytes) -> str:
    if data.startswith(b"SQLite format 3\0"):
        return "SQLite database"
    if name.endswith(("-wal", "-shm")):
        return "SQLite journal"
    return "empty" if not data else "unknown"


def _finding(data: bytes, runs: frozenset[bytes]) -> str:
    if AT_THE_START.match(data) or ANYWHERE.search(data):
        return "a picture"
    if any(run in data for run in runs):
        return "a piece of a submitted picture"
    return ""


def _runs_of(picture: Path) -> list[bytes]:
    """Runs of a picture's file and pixels, evenly spaced; runs of few values tell nothing."""
    from hashmatch.hashers import decode

    data = picture.read_bytes()
    runs = []
    for whole in (data, decode(data).tobytes()):
        step = max(1, len(whole) // RUNS)
        runs += [whole[at : at + RUN] for at in range(0, len(whole) - RUN, step)]
    return [run for run in runs if len(set(run)) > RUN // 4]
