"""Measuring hashers beside each other on picture files, turn by turn, from bytes to hash."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np

from hashmatch.bench import machine, photographs
from hashmatch.errors import PictureError
from hashmatch.hashers import decode, hash_for_check, hash_image

Hashing = Callable[[bytes], bytes | None]
"""From a picture file to a PDQ code; None where the algorithm is another."""

OURS: Final = "pdq"
JPEG_QUALITY: Final = 85


@dataclass(frozen=True, slots=True)
class HashResult:
    """One hasher on all pictures.

    Attributes:
        hasher: what was run.
        ms: a picture's time, milliseconds: the mean over pictures of medians over rounds.
        megapixels: a second, on one thread.
        ratio: how many times as long as exact PDQ it takes; None for that itself.
        bits_mean: bits by which its codes differ from exact PDQ's; None for other algorithms.
        bits_most: likewise, at most.
    """

    hasher: str
    ms: float
    megapixels: float
    ratio: float | None
    bits_mean: float | None
    bits_most: int | None


@dataclass(frozen=True, slots=True)
class HashReport:
    """All hashers, and what they were given.

    Attributes:
        machine: see `hashmatch.bench.machine.describe`.
        pictures: how many.
        megapixels: of all of them.
        rounds: that count; one more warms up.
        missing: peers that are not installed.
        results: exact PDQ first.
    """

    machine: dict[str, Any]
    pictures: int
    megapixels: float
    rounds: int
    missing: tuple[str, ...]
    results: tuple[HashResult, ...]

    def told(self) -> dict[str, Any]:
        """The report in JSON's terms."""
        return asdict(self)


def measure_hashing(
    files: list[Path],
    *,
    rounds: int = 5,
    told: Callable[[str], None] = lambda _: None,
) -> HashReport:
    """Measure exact PDQ, PDQ as uploads are checked by, and the peers that are installed.

    Args:
        files: pictures; without any, scikit-image's photographs as JPEG files.
        rounds: that count; one more warms up.
        told: hears of each round.

    Raises:
        PictureError: a file is not a picture that can be decoded.
        MissingExtraError: no files are given, and scikit-image is not installed.
    """
    described = machine.describe()
    pictures = _read(files) if files else _carried()
    sizes = [decode(data).shape[:2] for data in pictures]
    hashers: dict[str, Hashing] = {
        OURS: lambda data: hash_image(data).code,
        "pdq for a check": lambda data: hash_for_check(data).code,
    }
    found = {name: peer() for name, peer in _PEERS.items()}
    hashers |= {name: peer for name, peer in found.items() if peer is not None}
    times: dict[str, list[list[float]]] = {name: [] for name in hashers}
    for turn in range(rounds + 1):
        told(f"round {turn}")
        taken = _round(hashers, pictures)
        if turn:
            for name, each in taken.items():
                times[name].append(each)
    megapixels = sum(height * width for height, width in sizes) / 1e6
    medians = {name: np.median(each, axis=0) for name, each in times.items()}
    codes = {name: [hashing(data) for data in pictures] for name, hashing in hashers.items()}
    return HashReport(
        machine=described,
        pictures=len(pictures),
        megapixels=megapixels,
        rounds=rounds,
        missing=tuple(name for name, peer in found.items() if peer is None),
        results=tuple(
            HashResult(
                name,
                ms=float(medians[name].mean()) * 1e3,
                megapixels=megapixels / float(medians[name].sum()),
                ratio=None if name == OURS else _ratio(times[name], times[OURS]),
                **_differences(codes[name], codes[OURS]),
            )
            for name in hashers
        ),
    )


def _round(hashers: Mapping[str, Hashing], pictures: list[bytes]) -> dict[str, list[float]]:
    """The seconds of each hasher on each picture; all hashers take a picture before the next."""
    times: dict[str, list[float]] = {name: [] for name in hashers}
    for data in pictures:
        for name, hashing in hashers.items():
            begin = time.perf_counter()
            hashing(data)
            times[name].append(time.perf_counter() - begin)
    return times


def _ratio(times: list[list[float]], ours: list[list[float]]) -> float:
    return float(np.median(np.sum(times, axis=1) / np.sum(ours, axis=1)))


def _differences(codes: list[bytes | None], exact: list[bytes | None]) -> dict[str, Any]:
    """By how many bits codes differ from the exact ones."""
    bits = [
        (int.from_bytes(code) ^ int.from_bytes(other)).bit_count()
        for code, other in zip(codes, exact, strict=True)
        if code is not None and other is not None
    ]
    if not bits:
        return {"bits_mean": None, "bits_most": None}
    return {"bits_mean": float(np.mean(bits)), "bits_most": max(bits)}


def _read(files: list[Path]) -> list[bytes]:
    try:
        return [path.read_bytes() for path in files]
    except OSError as error:
        raise PictureError(f"{error.filename} cannot be read: {error.strerror or error}.") from None


def _carried() -> list[bytes]:
    """scikit-image's photographs as JPEG files, the form that most pictures have."""
    from PIL import Image

    files = []
    for path in photographs.paths(None):
        out = BytesIO()
        Image.fromarray(decode(path.read_bytes())).save(out, "JPEG", quality=JPEG_QUALITY)
        files.append(out.getvalue())
    return files


def _pillow_and_pdqhash() -> Hashing | None:
    try:
        import pdqhash
    except ImportError:
        return None
    from PIL import Image

    def hashing(data: bytes) -> bytes:
        bits, _ = pdqhash.compute(np.asarray(Image.open(BytesIO(data)).convert("RGB")))
        return np.packbits(np.asarray(bits, np.uint8)).tobytes()

    return hashing


def _imagehash() -> Hashing | None:
    try:
        import imagehash
    except ImportError:
        return None
    from PIL import Image

    def hashing(data: bytes) -> None:
        imagehash.phash(Image.open(BytesIO(data)))

    return hashing


_PEERS: Final[dict[str, Callable[[], Hashing | None]]] = {
    "Pillow + pdqhash": _pillow_and_pdqhash,
    "Pillow + imagehash.phash": _imagehash,
}
"""By name: what makes the peer; None where it is not installed."""
