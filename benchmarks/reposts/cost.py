"""What a thorough check costs beyond the decode, with a long list of parts.

    python benchmarks/reposts/cost.py build PHOTOS LIST [--parts 10000000]
    python benchmarks/reposts/cost.py measure PHOTOS LIST [--uploads 20]

`build` makes the parts of blends of crops of photographs, two at a time, so that no two are alike,
and an index of them; `measure` puts ten photographs of the reporting half on that list, and the
hashes of crops as whole pictures, and checks crops of the photographs, and others, which are
strangers, by all of their views. Each is checked thrice, and the
fastest time counts; of the times of a kind, the median and the slowest are shown.
"""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import numpy as np

from hashmatch.bench.codes import natural
from hashmatch.bench.reposts.alterations.crops import anywhere
from hashmatch.bench.reposts.alterations.drawing import resized
from hashmatch.bench.reposts.alterations.setting import Setting
from hashmatch.bench.reposts.kept import blends
from hashmatch.bench.reposts.pictures import load
from hashmatch.bench.reposts.suite import encoded
from hashmatch.errors import MissingExtraError, PictureError
from hashmatch.hashers import (
    Luma,
    decode,
    decode_reduced,
    get,
    hash_image,
    listed_parts,
    luma_of,
    parts_of,
    views_of,
)
from hashmatch.hashers.parts import CHECKED, FINEST, coarse_codes
from hashmatch.hashers.parts import LISTED as LISTED_PARTS
from hashmatch.hashers.pdq import Pdq
from hashmatch.indexes import RingIndex
from hashmatch.matching import Generation, judge, placing
from hashmatch.matching.part_shelf import PartShelf, PartStore, Records
from hashmatch.matching.shelf import Shelf
from hashmatch.matching.supposing import supposed_in
from hashmatch.matching.uploads import Upload
from hashmatch.packed import MOST
from hashmatch.registry import EntryBatch, HashList, PartsRow

PIXELS = 1_000_000
LISTED = 10
"""Photographs that are put on the list, and cropped."""
KEPT = 0.6, 0.3
AFTER = 1_000
"""Ids of the long list's pictures begin after those of the photographs."""


def build(given):
    lumas = []
    for path in sorted(p for p in given.photos.rglob("*") if p.is_file()):
        try:
            luma = luma_of(decode(path.read_bytes()), 1024)
        except (MissingExtraError, PictureError):
            continue
        if min(luma.shape) >= 300:
            lumas.append(luma)
    codes, count = np.empty((given.parts, 32), np.uint8), 0
    for blend in blends(lumas, np.random.default_rng(1)):
        found = parts_of(blend, CHECKED).codes[: given.parts - count]
        codes[count : count + len(found)] = found
        count += len(found)
        if count == given.parts:
            break
    RingIndex.build(codes).save(given.list)


def least(work, *given):
    """Milliseconds of the fastest of three rounds, and what the last returned."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        result = work(*given)
        times.append(1e3 * (time.perf_counter() - begin))
    return min(times), result


def fast_check(upload):
    return views_of(decode_reduced(upload))


def thorough_check(upload):
    reduced = decode_reduced(upload, finest=FINEST)
    views_of(reduced)
    return reduced


def sized(pixels):
    scale = (PIXELS / pixels[..., 0].size) ** 0.5
    return resized(pixels, *(round(scale * side) for side in pixels.shape[1::-1]))


def uploads_of(pictures):
    """What is checked, by kind: JPEG files of a megapixel."""
    setting = Setting(np.random.default_rng(1), ())
    kinds = {"strangers": [sized(p.pixels) for p in pictures[LISTED:]]}
    for kept in KEPT:
        cut = (anywhere(p.pixels, setting, kept) for p in pictures[:LISTED])
        kinds[f"crops keeping {100 * kept:.0f} %"] = [sized(pixels) for pixels in cut]
    return {kind: [encoded(pixels, 85) for pixels in all_] for kind, all_ in kinds.items()}


def generation_of(index, listed, whole):
    """The long list, whose pictures nothing is known of but codes, and some pictures more."""
    rows = np.arange(len(index))
    store = PartStore(PartShelf.of(index, (rows // 64 + AFTER) * MOST + rows % 64, Records.of([])))
    store.put(listed)
    codes = np.frombuffer(b"".join(row.whole for row in listed), np.uint8).reshape(-1, 32)
    ids = [row.entry for row in listed], AFTER + np.arange(len(whole))
    count = len(listed) + len(whole)
    batch = EntryBatch(
        ids=np.concatenate(ids).astype(np.int64),
        codes=np.concatenate([codes, whole]),
        qualities=np.full(count, 100, np.int16),
        list_ids=np.ones(count, np.int32),
    )
    lists = {1: HashList(1, "listed", datetime(2026, 1, 1, tzinfo=UTC))}
    shelves = {Pdq.name: Shelf.build(get(Pdq.name), [batch])}
    return Generation(1, lists, shelves, parts=store.publish())


def check(luma, views, generation):
    return judge(generation, Upload((), views, look=Luma(luma)))


def supposed(luma, views, generation):
    """The last stage, which only they come to that nothing was found in; of pictures unknown, each
    that is near is looked for in the place of one that is known."""
    parts = mock.Mock(wraps=generation.parts)
    parts.picture = lambda _: generation.parts.picture(1)
    parts.__len__ = lambda _: len(generation.parts)
    return [*supposed_in(views, Luma(luma), generation.shelves[Pdq.name], parts)]


def searched(luma, views, generation):
    """By what a check has searched, besides the first parts: the others, and coarse ones."""
    look, coarse = Luma(luma), mock.Mock(side_effect=lambda: coarse_codes(luma))
    with (
        mock.patch.object(placing, "_hits", side_effect=placing._hits) as hits,
        mock.patch.object(look, "coarse", coarse),
    ):
        judge(generation, Upload((), views, look=look))
    return hits.call_count > 1, coarse.called


def stages_of(upload, generation):
    """Milliseconds of each stage of a check, and of all that follows the decode at once."""
    stages, shelf = {}, generation.parts
    stages["fast check"], _ = least(fast_check, upload)
    thorough, reduced = least(thorough_check, upload)
    stages["finer decode"] = thorough - stages["fast check"]
    stages["luma"], luma = least(luma_of, reduced, FINEST)
    stages["parts"], parts = least(parts_of, luma, CHECKED)
    views = views_of(reduced)
    by_others, by_coarse = searched(luma, views, generation)
    radii = placing.radii(len(shelf))
    first, others = (
        np.concatenate([parts.codes[some], parts.mirrored[some]])
        for some in (slice(placing.FIRST), slice(placing.FIRST, None))
    )
    stages["search"], _ = least(placing._hits, first, radii.first, shelf)
    stages["by others"] = stages["coarse parts"] = stages["wider search"] = 0.0
    if by_others:
        stages["by others"], _ = least(placing._hits, others, radii.others, shelf)
    if by_coarse:
        stages["coarse parts"], coarse = least(coarse_codes, luma)
        stages["wider search"], _ = least(placing._hits, coarse, placing.WIDER, shelf)
    stages["supposing"], _ = least(supposed, luma, views, generation)
    placed, _ = least(check, luma, views, generation)
    stages["beyond the decode"] = stages["luma"] + placed
    known = ("luma", "parts", "search", "by others", "coarse parts", "wider search")
    stages["all else"] = stages["beyond the decode"] - sum(stages[name] for name in known)
    return stages, 2 * len(parts), by_others + by_coarse


def measure(given):
    index = RingIndex.open(given.list)
    index.warm()
    files = sorted(path for path in given.photos.rglob("*") if path.is_file())
    pictures = load(files, "reporting", LISTED + given.uploads)
    shown = [each.pixels for each in load(files, "tuning", LISTED + given.uploads, pictures)]
    generation = generation_of(
        index,
        [
            PartsRow(n, hash_image(p.pixels).code, listed_parts(p.pixels))
            for n, p in enumerate(pictures[:LISTED], start=1)
        ],
        natural(len(index) // LISTED_PARTS, np.random.default_rng(1), shown),
    )
    for kind, uploads in uploads_of(pictures).items():
        rows, counts, asked = zip(
            *(stages_of(upload, generation) for upload in uploads), strict=True
        )
        print(
            f"{kind} ({len(rows)}; {np.median(counts):.0f} codes; "
            f"{sum(n > 0 for n in asked)} asked by all, "
            f"{sum(n > 1 for n in asked)} by coarse parts), ms:"
        )
        for head in rows[0]:
            times = [row[head] for row in rows]
            print(f"  {head:17s} {np.median(times):6.2f}   slowest {max(times):6.2f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("what", choices=["build", "measure"])
    arguments.add_argument("photos", type=Path)
    arguments.add_argument("list", type=Path)
    arguments.add_argument("--parts", type=int, default=10_000_000)
    arguments.add_argument("--uploads", type=int, default=20)
    given = arguments.parse_args()
    (build if given.what == "build" else measure)(given)


if __name__ == "__main__":
    main()
