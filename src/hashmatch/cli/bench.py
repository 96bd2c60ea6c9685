"""`hashmatch bench`: indexes and hashers beside their peers, on this machine."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from hashmatch.cli import options
from hashmatch.cli.numbers import Numbers, flat
from hashmatch.cli.pictures import find
from hashmatch.cli.progress import told
from hashmatch.cli.reposts import command as reposts
from hashmatch.cli.ruled import print_ruled

_ENDS: Final = (signal.SIGINT, signal.SIGTERM)

EPILOG = """\b
Examples:
  hashmatch bench index --recipe ring -n 1e6
  hashmatch bench hash holiday/
  hashmatch bench reposts holiday/

Recipes are measured in turn (A B A B), after a warm-up, in processes of their own; every number is
the median of the rounds.
"""
INDEX_EPILOG = """\b
Examples:
  hashmatch bench index --recipe ring --recipe faiss-multihash-11x23 -n 1e6
  hashmatch bench index --codes my-list.parquet --threads 1,4 --json
  hashmatch bench index --codes uniform -n 1e4,1e5,1e6 --batch 1,64,1024,8192 --out report/

\b
natural codes are PDQ codes of multiple exposures of crops of photographs: scikit-image's (pip
install 'hashmatch[bench]'), or those of --photos. A FILE is .npy, .parquet, or lines of
hexadecimal digits; for more codes than it has, near-duplicates of them are made.
"""


@click.group("bench", epilog=EPILOG)
def command() -> None:
    """Measure indexes and hashers beside their peers, and how well re-posts are found."""


@command.command(epilog=INDEX_EPILOG)
@click.option("--recipe", "recipes", multiple=True, default=("ring",), show_default=True,
              metavar="NAME_OR_FILE", help="An index recipe; may be repeated.")  # fmt: skip
@click.option("--peer", default="faiss-flat", show_default=True, metavar="NAME_OR_FILE",
              help="The recipe that ratios are to; none for no ratios.")  # fmt: skip
@click.option("--codes", default="natural", show_default=True, metavar="natural|uniform|FILE",
              help="What the list is made of.")  # fmt: skip
@click.option("--photos", type=click.Path(exists=True, file_okay=False),
              help="A folder of photographs for natural codes.")  # fmt: skip
@click.option("-n", "counts", type=Numbers(), multiple=True, metavar="N[,N...]",
              help="Codes in the list; several for a plot over them.  [default: 1e6, or all of a "
              "FILE]")  # fmt: skip
@click.option("--radius", type=int, default=31, show_default=True,
              help="Largest distance in bits that is a match.")  # fmt: skip
@click.option("--planted", type=click.FloatRange(0, 1), default=0.5, show_default=True,
              help="Share of queries that lie within the radius of a code; the others are "
              "strangers.")  # fmt: skip
@click.option("--queries", type=click.IntRange(1), default=1000, show_default=True,
              help="Queries asked one by one in each round.")  # fmt: skip
@click.option("--batch", "batches", type=Numbers(10**6), multiple=True, default=("8192",),
              show_default=True, metavar="N[,N...]", help="Queries in a batch.")  # fmt: skip
@click.option("--threads", type=Numbers(1024), multiple=True, metavar="N[,N...]",
              help="Threads for batches; the largest builds.  [default: 1 and all]")  # fmt: skip
@click.option("--rounds", type=click.IntRange(1), default=7, show_default=True,
              help="Rounds that count; one more warms up.")  # fmt: skip
@click.option("--patience", type=click.FloatRange(0, min_open=True), default=1.0,
              show_default=True, metavar="SECONDS",
              help="About the longest turn of a recipe; slow ones answer fewer.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True,
              help="Of codes and queries.")  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="Write report.html, plots, results.json, results.parquet there.")  # fmt: skip
@options.as_json
def index(
    recipes: tuple[str, ...],
    peer: str,
    codes: str,
    photos: str | None,
    counts: tuple[tuple[int, ...], ...],
    radius: int,
    planted: float,
    queries: int,
    batches: tuple[tuple[int, ...], ...],
    threads: tuple[tuple[int, ...], ...],
    rounds: int,
    patience: float,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Measure index recipes: latency, throughput, memory, building, opening, recall."""
    from hashmatch import bench
    from hashmatch.bench.measuring import steps, with_peer
    from hashmatch.indexes import threads as all_threads

    if photos is not None and codes != "natural":
        raise click.BadParameter("photographs are for --codes natural", param_hint="--photos")
    sizes = flat(counts) or (1_000_000,) if codes in {"natural", "uniform"} else flat(counts)
    compared = None if peer == "none" else peer
    workload = bench.Workload(
        codes=codes, radius=radius, planted=planted, queries=queries, batches=flat(batches),
        seed=seed, photos=photos,
    )  # fmt: skip
    entered = len(with_peer(recipes, compared))
    if out is not None:
        bench.prepare(out)
    with told(steps(entered, len(sizes) or 1, rounds)) as plain, _ended_in_order(plain) as step:
        report = bench.measure(
            recipes, workload, sizes or (None,), rounds=rounds, patience=patience, peer=compared,
            threads=flat(threads or ((1, all_threads()),)),
            command=["hashmatch", *sys.argv[1:]], told=step,
        )  # fmt: skip
    if as_json:
        options.print_json(report.told())
    else:
        _print_index(report)
    if out is not None:
        for path in bench.write(report, out):
            click.echo(str(path), err=True)


@contextmanager
def _ended_in_order(step: Callable[[str], None]) -> Iterator[Callable[[str], None]]:
    """Let SIGTERM end what is under way as an interruption does: processes and files go with it.

    What a signal raises is lost where it comes upon a callback whose errors Python ignores, as some
    of its own are while a module is loaded: so each step asks again.
    """
    ended: list[BaseException] = []

    def end(number: int, _: object) -> None:
        early = KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)
        ended.append(early)
        raise early

    def asked(doing: str) -> None:
        if ended:
            raise ended[0]
        step(doing)

    heard = (each for each in _ENDS if signal.getsignal(each) is not signal.SIG_IGN)
    before = [(each, signal.signal(each, end)) for each in heard]
    try:
        yield asked
    finally:
        for each, handler in before:
            signal.signal(each, handler)


def _print_index(report: Any) -> None:
    from hashmatch.bench import wording

    _print_machine(report.machine)
    asked = report.workload
    click.echo(
        f"Asked: {asked['codes']} codes, radius {asked['radius']}, {asked['planted']:.0%} of the "
        f"queries planted, seed {asked['seed']}; medians of {report.rounds} rounds.\n"
    )
    print_ruled("One query, one thread", wording.query_table(report.results, report.peer))
    print_ruled("Batches", wording.batch_table(report.results, report.peer))
    print_ruled("The index", wording.index_table(report.results))


@command.command("hash")
@click.argument("pictures", nargs=-1, metavar="[PICTURE...]")
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True,
              help="Rounds that count; one more warms up.")  # fmt: skip
@options.as_json
def hash_(pictures: tuple[str, ...], rounds: int, as_json: bool) -> None:
    """Measure hashers from file to hash: exact PDQ, PDQ for a check, and installed peers.

    Uses the pictures (or folders) given, or else photographs that scikit-image carries.
    """
    from hashmatch import bench
    from hashmatch.bench import wording

    paths = [Path(path) for path in find(pictures)]
    with told(rounds + 1) as step:
        report = bench.measure_hashing(paths, rounds=rounds, told=step)
    if as_json:
        options.print_json(report.told())
        return
    _print_machine(report.machine)
    click.echo(
        f"Asked: {report.pictures} pictures, {report.megapixels:.1f} megapixels in all, one "
        f"thread; medians of {report.rounds} rounds.\n"
    )
    heads = ("hasher", "a picture", "MP/s", "x pdq's time", "bits off, mean", "most")
    print_ruled("From file to hash", (heads, [
        (
            result.hasher,
            wording.seconds(result.ms / 1e3),
            wording.digits(result.megapixels),
            wording.ratio(result.ratio),
            wording.DASH if result.bits_mean is None else f"{result.bits_mean:.2f}",
            wording.DASH if result.bits_most is None else str(result.bits_most),
        )
        for result in report.results
    ]))  # fmt: skip
    if report.missing:
        click.echo(f"Not installed, so not measured: {', '.join(report.missing)}.")


def _print_machine(machine: dict[str, Any]) -> None:
    from hashmatch.bench import wording

    memory = wording.DASH if machine["memory"] is None else wording.size(machine["memory"])
    load = wording.DASH if machine["load"] is None else f"{machine['load']:.1f}"
    click.echo(
        f"Machine: {machine['cpu']}, {machine['cores']} cores ({' '.join(machine['flags'])}), "
        f"{memory}, load {load}; {machine['os']}, Python {machine['python']}, "
        + ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
        + "."
    )


command.add_command(reposts)
