"""Fit what decides whether a listed picture is in a place: `src/hashmatch/matching/evidence.npy`.

    python benchmarks/reposts/evidence.py record PHOTOS OUT.parquet --negatives 1500 --seed 1
    python benchmarks/reposts/evidence.py fit PLACES.parquet [...] [--write]

`record` makes copies and hard uploads as `hashmatch bench reposts` does, and writes down what is
seen wherever parts or views would have a listed picture: of copies in the place of their own, of
others in those of all that they do not share most of. With `--dressed`, copies of what is itself
listed in a dress as well; the shipped file is fitted without such (`README.md` says why). `fit` has
the trees judge each photograph, or set of dresses, by all others (cross-validation), tells what
each threshold would find and flag, and with `--write` fits them to all.
"""

import argparse
from collections import Counter
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.ensemble import HistGradientBoostingClassifier

from hashmatch.bench.reposts.asking import Asked, Plan, Questions
from hashmatch.bench.reposts.dresses import DRESSES
from hashmatch.bench.reposts.pages import PAGES
from hashmatch.bench.reposts.suite import SUITE, altered, chosen, encoded
from hashmatch.bench.reposts.thorough import Thorough
from hashmatch.cli.progress import progress
from hashmatch.matching.evidence import BLOCK, FEATURES, FILE, LEAF, NODE, REVIEW, seen
from hashmatch.types import Placed

WORDS = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [("source", WORDS), ("copy", pa.bool_()), ("group", WORDS), ("kind", WORDS),
     ("votes", pa.int64()), ("coverage", pa.float32()), ("worst", pa.int64()),
     ("visible", pa.float32()), ("whole_distance", pa.int64()), ("tile_distance", pa.int64()),
     ("tile_bits", pa.list_(pa.float32())),
     ("tiles", pa.int64()), ("foreign", pa.float32()), ("agreement", pa.float32()),
     ("alike", pa.list_(pa.int64())), ("bare_same", pa.float32()), ("bareness", pa.float32()),
     ("paper", pa.float32()),
     ("bare_other", pa.float32()), ("same_in", pa.list_(pa.float32())), ("holes", pa.float32()),
     ("hole", pa.float32()), ("lost", pa.float32()), ("lost_bits", pa.int64()),
     ("by_bits", pa.list_(pa.float32())), ("parted", pa.float32()),
     ("other", pa.float32()), ("fills", pa.float32()), ("single", pa.bool_())]
)  # fmt: skip
"""Of a file of places: where one comes from, what is known of it, and what is seen in it."""
NOT_KEPT = ["turn", "scale", "mirrored", "outline", "evidence"]
"""Of a place: what says nothing of whether a picture is there."""
DRESSED = "dressed"
"""A copy of a picture that is listed in a dress."""
TREES = 300
LEAVES = 16
FOLDS = 5
THRESHOLDS = (-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6)
MOST = 2**16
"""Nodes, in all, that the file can tell apart."""


def dressed_copies(questions, plan, count):
    """Copies of what is listed in a dress, so many of each, altered by anything of the suite."""
    partners = tuple(each.pixels for each in questions.strangers)
    for own, dress in enumerate(DRESSES, start=len(questions.listed)):
        for number in range(count):
            random = np.random.default_rng([plan.seed, own, number])
            alteration = SUITE[int(random.integers(len(SUITE)))]
            worn = questions.shown[own]
            pixels = altered(alteration, worn, f"{dress} {number}", partners, plan.seed)
            upload = encoded(pixels, alteration.quality)
            yield Asked(upload, DRESSED, f"{DRESSED}: {dress}", own)


def places_of(plan, dressed, passed_over, done):
    """What is seen in each place, with what is known of it: a row for each."""
    questions, asked = Questions(plan), Thorough()
    asked.list_pictures(questions.shown, questions.unknown)
    of_dressed = dressed_copies(questions, plan, dressed)
    for each in chain(questions.copies(), of_dressed, questions.others()):
        done()
        if each.family == "scene" or each.kind in passed_over:
            continue
        for picture, placed in asked.sightings(each.upload):
            if picture in each.mostly or (each.own is not None and picture != each.own):
                continue
            yield known_of(each, questions, f"dresses {plan.seed} {picture}") | asdict(placed)


def known_of(each, questions, dresses):
    """Of a place: whether it is a copy's, and with which others it is judged."""
    if each.own is None:
        source, group, kind = "hard uploads of the suite", dresses, each.kind
    elif each.family == DRESSED:
        source, group, kind = "copies of dressed pictures", dresses, each.kind
    else:
        source, group = "copies of the suite", questions.listed[each.own].name
        kind = each.family
    return {"source": source, "copy": each.own is not None, "group": group, "kind": kind}


def record(given):
    plan = Plan(
        photos=given.photos, half=given.half, most=given.most,
        alterations=() if given.alteration == ["none"] else chosen(given.alteration),
        negatives=given.negatives, list_size=500, seed=given.seed, pictures=given.pictures,
        hard_share=1.0,
    )  # fmt: skip
    passed_over = PAGES if given.no_pages else ()
    with progress(plan.checks + given.dressed * len(DRESSES), "Recording") as done:
        rows = [*places_of(plan, given.dressed, passed_over, done)]
    table = pa.Table.from_pylist(rows).drop_columns(NOT_KEPT).cast(SCHEMA)
    pq.write_table(table, given.out, compression="zstd", compression_level=19)
    print(f"{table.num_rows:,} places, {sum(row['copy'] for row in rows):,} of copies: {given.out}")


def kept(table):
    """The places of a file, one after the other."""
    nothing = {"turn": 0.0, "scale": 1.0, "mirrored": False, "outline": (), "evidence": 0.0}
    for row in table.drop_columns(["source", "copy", "group", "kind"]).to_pylist():
        yield Placed(**row | nothing)


def fitted(features, copies):
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=0.08, min_samples_leaf=100,
        l2_regularization=1.0, early_stopping=False, random_state=0,
        monotonic_cst=[feature.speaks for feature in FEATURES],
    )  # fmt: skip
    return model.fit(features, copies)


def validated(features, copies, groups):
    """The weight of each place by trees that were fitted to none of its group."""
    fold = np.array([sum(each.encode()) % FOLDS for each in groups])
    weights = np.empty(len(copies))
    with progress(FOLDS, "Validating") as done:
        for number in range(FOLDS):
            other = fold == number
            model = fitted(features[~other], copies[~other])
            weights[other] = model.decision_function(features[other])
            done()
    return weights


def single_below(limit):
    """The greatest number of single precision up to a limit: features have no more than that."""
    single = np.float32(limit)
    return single if float(single) <= limit else np.nextafter(single, np.float32(-np.inf))


def nodes_of(model):
    """The trees as `hashmatch.matching.evidence` reads them; the first leaf of all has the bias."""
    nodes = [(True, LEAF, 0, model._baseline_prediction.item())]

    def add(tree, at):
        node, place = tree[at], len(nodes)
        if node["is_leaf"]:
            nodes.append((at == 0, LEAF, 0, node["value"]))
            return
        nodes.append(None)
        add(tree, node["left"])
        right = len(nodes)
        add(tree, node["right"])
        nodes[place] = at == 0, node["feature_idx"], right, single_below(node["num_threshold"])

    for (predictor,) in model._predictors:
        add(predictor.nodes, 0)
    if len(nodes) > MOST:
        raise ValueError(f"{len(nodes)} nodes are more than {MOST}")
    return np.array(nodes, NODE)


def tell(weights, copies, sources, kinds):
    print("\nplaces that weigh so much, at least")
    print(f"{'':36s} {'places':>7s}" + "".join(f"{each:8d}" for each in THRESHOLDS))
    for source in dict.fromkeys(sources.tolist()):
        some = weights[sources == source]
        print(f"{source:36s} {len(some):7d}"
              + "".join(f"{(some >= each).sum():8d}" for each in THRESHOLDS))  # fmt: skip
    print(f"\n{'copies':36s} {'places':>7s} {'blocked':>8s} {'flagged':>8s}")
    for kind in sorted(set(kinds[copies])):
        some = weights[copies & (kinds == kind)]
        print(f"{kind:36s} {len(some):7d} {(some >= BLOCK).mean():8.1%} "
              f"{(some >= REVIEW).mean():8.1%}")  # fmt: skip
    flagged = kinds[~copies & (weights >= REVIEW)]
    print("\nothers that are flagged")
    for kind, count in Counter(flagged.tolist()).most_common():
        print(f"{count:7d} {kind}")


def fit(given):
    table = pa.concat_tables([pq.read_table(each) for each in given.places])
    copies = table["copy"].to_numpy(zero_copy_only=False)
    features = np.stack([seen(placed) for placed in kept(table)])
    sources, kinds, groups = (
        np.array(table[name].to_pylist()) for name in ("source", "kind", "group")
    )
    print(f"{copies.sum():,} places of copies, {(~copies).sum():,} of others")
    if not given.write:
        tell(validated(features, copies, groups), copies, sources, kinds)
        return
    model = fitted(features, copies)
    nodes = nodes_of(model)
    np.save(FILE, nodes)
    print(f"{TREES} trees, {len(nodes):,} nodes, {FILE.stat().st_size:,} bytes: {FILE}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = arguments.add_subparsers(required=True)
    recording = commands.add_parser("record", help="write down places of copies and of others")
    recording.add_argument("photos", type=Path)
    recording.add_argument("out", type=Path)
    recording.add_argument("--half", choices=("tuning", "reporting"), default="tuning")
    recording.add_argument("--most", type=int, default=60, help="photographs, at most")
    recording.add_argument("--pictures", type=int, default=300, help="listed at least")
    recording.add_argument("--alteration", nargs="*", default=[], help="or family; 'none' for none")
    recording.add_argument("--negatives", type=int, default=0, help="hard uploads")
    recording.add_argument("--dressed", type=int, default=0, help="copies of each dressed picture")
    recording.add_argument("--no-pages", action="store_true", help="of these, only pictures")
    recording.add_argument("--seed", type=int, default=1)
    recording.set_defaults(run=record)
    fitting = commands.add_parser("fit", help="validate the trees, or write them")
    fitting.add_argument("places", type=Path, nargs="+")
    fitting.add_argument("--write", action="store_true", help="fit to all, and write the file")
    fitting.set_defaults(run=fit)
    given = arguments.parse_args()
    given.run(given)


if __name__ == "__main__":
    main()
