"""`hashmatch bench reposts`: how well altered copies are found, and strangers left alone."""

from pathlib import Path
from typing import Any

import click

from hashmatch.cli import options
from hashmatch.cli.progress import progress
from hashmatch.cli.ruled import print_ruled

EPILOG = """\b
Examples:
  hashmatch bench reposts holiday/ --negatives 20000 --out report/
  hashmatch bench reposts --alteration border --alteration "phone, dark" --details

\b
False flags are told by what an upload that is on no list has in common with what is: nothing
("stranger"); a dress, or at most half of it ("hard"). What is found of a listed picture that an
upload "shares most" of, say eight of the nine of a collage, is a re-post of it and no false flag:
it is told by itself, as are other shots of a listed scene.

\b
Ctrl-C ends it early and reports what was checked until then.
Photographs are of the reporting half unless --half says otherwise: tune on the tuning half only.
Without a folder, scikit-image's are used (pip install 'hashmatch[bench]').
"""


@click.command("reposts", epilog=EPILOG)
@click.argument("photos", required=False, metavar="[PHOTOS]",
                type=click.Path(exists=True, file_okay=False, path_type=Path))  # fmt: skip
@click.option("--contestant", "names", multiple=True, default=("plain", "views"), show_default=True,
              help="What finds them; may be repeated.")  # fmt: skip
@click.option("--alteration", "alterations", multiple=True, metavar="NAME_OR_FAMILY",
              help="Only these of the suite; may be repeated.")  # fmt: skip
@click.option("--half", type=click.Choice(["tuning", "reporting", "both"]), default="reporting",
              show_default=True, help="Which photographs, by their names.")  # fmt: skip
@click.option("--most", type=click.IntRange(2), default=60, show_default=True,
              help="Photographs that are used; two thirds are listed.")  # fmt: skip
@click.option("--negatives", type=click.IntRange(0), default=2000, show_default=True,
              help="Uploads that are on no list.")  # fmt: skip
@click.option("--hard-one-in", type=click.IntRange(1), default=10, show_default=True,
              help="Of the negatives, those that are hard; 1 for all.")  # fmt: skip
@click.option("--list-size", type=click.IntRange(1), default=100_000, show_default=True,
              help="Codes on the list; those of strangers fill it up.")  # fmt: skip
@click.option("--pictures", type=click.IntRange(0), default=0, show_default=True,
              help="On the list with all fingerprints, at least; crops fill it up.")  # fmt: skip
@click.option("--kept-list", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="Fill it up with the pictures of a list kept there, with all fingerprints; made "
              "of --list-size blends of the other half's photographs where there is "
              "none.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True,
              help="Of all choices.")  # fmt: skip
@click.option("--details", is_flag=True, help="Print each alteration, not families only.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="Write report.html, plots, results.json, results.parquet there.")  # fmt: skip
@options.as_json
def command(
    photos: Path | None,
    names: tuple[str, ...],
    alterations: tuple[str, ...],
    half: Any,
    most: int,
    negatives: int,
    hard_one_in: int,
    list_size: int,
    pictures: int,
    kept_list: Path | None,
    seed: int,
    details: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Measure how well altered copies of PHOTOS are found, and how often strangers are flagged."""
    from hashmatch.bench.reposts.asking import Plan
    from hashmatch.bench.reposts.contestants import CONTESTANTS
    from hashmatch.bench.reposts.evaluating import evaluate
    from hashmatch.bench.reposts.suite import chosen

    if out is not None:
        from hashmatch.bench import plots

        plots.library()  # what is lacking is told before minutes of measuring
    for name in names:
        if name not in CONTESTANTS:
            known = ", ".join(CONTESTANTS)
            raise click.BadParameter(f"{name!r} is none of: {known}", param_hint="--contestant")
    plan = Plan(photos, None if half == "both" else half, most, chosen(alterations), negatives,
                list_size, seed, pictures, 1 / hard_one_in, kept_list)  # fmt: skip
    with progress(plan.checks, "Checking") as done:
        report = evaluate(plan, [CONTESTANTS[name]() for name in dict.fromkeys(names)], done)
    if as_json:
        options.print_json(report.told())
    else:
        _print(report, details=details)
    if out is not None:
        from hashmatch.bench.reposts.files import write

        for path in write(report, out):
            click.echo(str(path), err=True)


def _print(report: Any, *, details: bool) -> None:
    from hashmatch.bench.reposts import wording

    asked = report.asked
    half = "both halves" if asked["half"] == "both" else f"{asked['half']} half"
    click.echo(
        f"Asked: {asked['alterations']} alterations of {asked['listed_photographs']} photographs "
        f"({half}), on a list of {asked['listed_in_all']:,} codes; "
        f"{asked['negatives']:,} negatives; seed {asked['seed']}.\n"
    )
    if not asked["finished"]:
        click.echo("It was ended early: what follows is of the checks until then.\n")
    print_ruled("Recall by family", wording.recall_table(report.recalls, families=True))
    if details:
        print_ruled("Recall by alteration", wording.recall_table(report.recalls, families=False))
    if report.flags:
        print_ruled("False flags", wording.flags_table(report.flags))
