"""A long list of pictures with all their fingerprints, made once and kept in a folder.

What fills a list up must be as many pictures as real lists have, each with its parts and tiles, and
show nothing that the evaluation alters. So they are blends: two crops of photographs, one over the
other, which have the edges and blobs of photographs and are pictures of nothing. The folder has
fingerprints only.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from hashmatch.bench.reposts.alterations.setting import Pixels
from hashmatch.bench.reposts.pictures import APART, Picture
from hashmatch.errors import SearchError
from hashmatch.hashers import has_listed_parts, hash_image, listed_parts, luma_of, views_of
from hashmatch.hashers.pdq import Pdq
from hashmatch.indexes import RingIndex
from hashmatch.matching.growing import Growing
from hashmatch.matching.part_shelf import WHOLE, PartShelf, Records, ids_and_codes
from hashmatch.registry import PartsRow
from hashmatch.types import Codes, Hash

__all__ = ["KeptList", "blends"]

SHAPE: Final = 384, 512
"""Height and width of a blend: the longer side is that of the luma which parts are made of."""
_FINEST: Final = 1024
_LEAST: Final = 300
"""Samples of a photograph's shorter side, below which it is too small to be cropped."""
_SHARE: Final = 0.55
_CONTRAST: Final = 1.4
"""Two pictures over each other have less than either."""
_AT_ONCE: Final = 256
_PLAN: Final = "list.json"


@dataclass(frozen=True, slots=True, eq=False)
class KeptList:
    """Pictures that nobody has, with their fingerprints.

    Attributes:
        codes: of the whole pictures, those of entry 1, 2, 3 ..., shape (n, 32), uint8.
        parts: of the same entries.
        sources: the photographs that they are blends of, by their names: their hashes.
    """

    codes: Codes
    parts: PartShelf
    sources: Mapping[str, Hash]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """A list that was made here before.

        Raises:
            SearchError: there is none, or it cannot be read.
        """
        try:
            told = json.loads((folder / _PLAN).read_text("utf-8"))["photographs"]
            sources = {name: Hash.from_hex(Pdq.name, text) for name, text in told.items()}
            data, ends, ids = (
                np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("data", "ends", "ids")
            )
            ring = RingIndex.open(folder / "index")
        except (OSError, ValueError, KeyError) as error:
            raise SearchError(
                f"{folder} has no list that can be read ({error}); remove it to make it anew."
            ) from error
        starts = np.concatenate([[0], ends[:-1]])
        codes = data[starts[:, None] + np.arange(WHOLE)]
        records = Records(np.arange(1, len(ends) + 1), ends, data)
        return cls(codes, PartShelf.of(ring, ids, records), sources)

    def shown(self, picture: Picture) -> str | None:
        """The name of a source that shows what a picture shows, in any turn; None where none does.

        A blend with something dark is nearly the photograph itself.
        """
        views = [view.hash for view in views_of(picture.pixels)[:8]]
        for name, source in self.sources.items():
            if name == picture.name or any(source - view <= APART for view in views):
                return name
        return None

    @classmethod
    def made(cls, folder: Path, pictures: Sequence[Picture], count: int, seed: int) -> Self:
        """Make a list and keep it: some 100 pictures a second.

        Args:
            folder: that is made.
            pictures: photographs that the blends are of.
            count: of listed pictures.
            seed: of all choices.

        Raises:
            SearchError: the folder cannot be written, or no photograph is large enough.
        """
        lumas = [luma_of(each.pixels, _FINEST) for each in pictures]
        lumas = [luma for luma in lumas if min(luma.shape) >= _LEAST]
        if len(lumas) < 2:
            raise SearchError(
                f"A list of blends takes two photographs of {_LEAST} samples a side at least."
            )
        ids, codes = Growing(np.int64), Growing(np.uint8, WHOLE)
        data, sizes = Growing(np.uint8), Growing(np.int64)
        for row in _rows(lumas, count, np.random.default_rng(seed)):
            its_ids, its_codes = ids_and_codes([row])
            ids.append(its_ids)
            codes.append(its_codes)
            record = np.frombuffer(row.whole + row.data, np.uint8)
            data.append(record)
            sizes.append(np.array([len(record)]))
        arrays = {"data": data.view(), "ends": sizes.view().cumsum(), "ids": ids.view()}
        try:
            folder.mkdir(parents=True)
            for name, array in arrays.items():
                np.save(folder / f"{name}.npy", array)
            RingIndex.build(codes.view()).save(folder / "index")
            named = {"photographs": {p.name: hash_image(p.pixels).hex for p in pictures},
                     "seed": seed}  # fmt: skip
            (folder / _PLAN).write_text(json.dumps(named), encoding="utf-8")
        except OSError as error:
            raise SearchError(f"No list could be kept in {folder}: {error}.") from error
        return cls.open(folder)


def blends(lumas: Sequence[Pixels], random: np.random.Generator) -> Iterator[Pixels]:
    """Endless pictures of nothing, with the edges and blobs of photographs: shape `SHAPE`, gray.

    Args:
        lumas: shape (h, w) each, uint8.
        random: the source of all chance.
    """
    while True:
        weight = random.uniform(0.4, 0.6)
        mixed = weight * _crop(lumas, random) + (1 - weight) * _crop(lumas, random)
        yield np.clip((mixed - 128) * _CONTRAST + 128, 0, 255).astype(np.uint8)


def _crop(lumas: Sequence[Pixels], random: np.random.Generator) -> npt.NDArray[np.float32]:
    """Some of a photograph, perhaps upside down, at the size of a blend."""
    height, width = SHAPE
    luma = lumas[int(random.integers(len(lumas)))]
    share = random.uniform(_SHARE, 1)
    high, wide = (int(share * min(one, two)) for one, two in zip(luma.shape, SHAPE, strict=True))
    top, left = (int(random.integers(luma.shape[axis] - side + 1))
                 for axis, side in enumerate((high, wide)))  # fmt: skip
    cut = luma[top : top + high, left : left + wide][:: int(random.choice([1, -1]))]
    rows, columns = np.arange(height) * high // height, np.arange(width) * wide // width
    return cut[rows][:, columns].astype(np.float32)


def _rows(
    lumas: Sequence[Pixels], count: int, random: np.random.Generator
) -> Iterator[PartsRow]:  # fmt: skip
    """What would be listed of blends; those of too little quality are passed over."""

    def listed(blend: Pixels) -> tuple[bytes, bytes] | None:
        whole = hash_image(blend)
        return (whole.code, listed_parts(blend)) if has_listed_parts(whole) else None

    made = 0
    with ThreadPoolExecutor() as pool:
        pictures = blends(lumas, random)
        while True:
            for found in pool.map(listed, islice(pictures, _AT_ONCE)):
                if found is not None:
                    made += 1
                    yield PartsRow(made, *found)
                    if made == count:
                        return
