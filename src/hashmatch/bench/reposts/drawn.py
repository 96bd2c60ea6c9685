"""Plots of an evaluation as PNG: recall by family, and what each threshold would find and flag."""

from io import BytesIO
from typing import Any, Final

from hashmatch.bench.plots import COLOURS, MARKERS, STYLE, library
from hashmatch.bench.reposts.results import Report
from hashmatch.hashers.pdq import Pdq

__all__ = ["CAPTIONS", "draw"]

CAPTIONS: Final = {
    "recall": "Copies that are flagged (block or review), by family; lines are 95 % intervals.",
    "roc": "What a threshold would find and flag; the dotted lines are those of block and review.",
}

_CURVES: Final = {"found": "copies", "strangers": "strangers", "hard": "hard negatives"}


def draw(report: Report) -> dict[str, bytes]:
    """All plots, as PNG files, by name.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    mpl = library()
    families = {row.family for row in report.recalls}
    drawn = {}
    with mpl.rc_context(STYLE):
        for name, plot, high in (
            ("recall", _recall, 1.5 + 0.3 * len(families)),
            ("roc", _roc, 4.4),
        ):
            figure = mpl.figure.Figure(figsize=(8.4, high))
            plot(figure, report)
            file = BytesIO()
            figure.savefig(file, format="png", metadata={"Software": None})
            drawn[name] = file.getvalue()
    return drawn


def _recall(figure: Any, report: Report) -> None:
    axes = figure.subplots()
    families = list(dict.fromkeys(row.family for row in report.recalls))
    names = list(dict.fromkeys(row.contestant for row in report.recalls))
    for row in report.recalls:
        if row.alteration:
            continue
        turn = names.index(row.contestant)
        place = families.index(row.family) + (turn - (len(names) - 1) / 2) * 0.5 / len(names)
        colour = COLOURS[turn % len(COLOURS)]
        axes.plot([100 * row.flagged_low, 100 * row.flagged_high], [place] * 2, color=colour)
        axes.plot(100 * row.flagged, place, MARKERS[turn % len(MARKERS)], color=colour)
    for turn, name in enumerate(names):
        axes.plot([], [], MARKERS[turn % len(MARKERS)], color=COLOURS[turn % len(COLOURS)],
                  label=name)  # fmt: skip
    axes.set_yticks(range(len(families)), families)
    axes.set(title="Recall", xlabel="copies flagged, %", xlim=(-2, 102),
             ylim=(len(families) - 0.5, -0.5))  # fmt: skip
    figure.legend(loc="outside right upper")


def _roc(figure: Any, report: Report) -> None:
    axes = figure.subplots()
    for turn, (name, curve) in enumerate(report.curves.items()):
        colour = COLOURS[turn % len(COLOURS)]
        for kind, line in (("found", "-"), ("strangers", "--"), ("hard", ":")):
            axes.plot(
                curve["threshold"],
                [100 * each for each in curve[kind]],
                line,
                color=colour,
                label=f"{name}: {_CURVES[kind]}",
            )
    for bits in (Pdq.block_threshold, Pdq.review_threshold):
        axes.axvline(bits, color="0.5", linestyle=":", linewidth=1)
    axes.set(title="Thresholds", xlabel="threshold in bits", ylabel="% at most so far away")
    figure.legend(loc="outside right upper")
