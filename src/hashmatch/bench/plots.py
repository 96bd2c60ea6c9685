"""Plots of a report as PNG; matplotlib comes with the extra ``bench``.

Colours are those of Okabe and Ito, which people with any kind of colour vision tell apart; markers
differ as well.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

import numpy as np

from hashmatch.bench import wording
from hashmatch.bench.results import Report, Result
from hashmatch.errors import MissingExtraError

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")
STYLE: Final = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "figure.constrained_layout.h_pad": 0.1,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.dpi": 150,
    "font.size": 10,
    "grid.alpha": 0.3,
    "legend.frameon": False,
    "lines.markersize": 6,
}


def draw(report: Report) -> dict[str, bytes]:
    """All plots, as PNG files, by name.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    mpl = library()
    several = len({result.codes for result in report.results}) > 1
    plots = {
        "latency": _latency_by_codes if several else _latency_by_recipe,
        "throughput": _throughput,
        "memory": _memory,
    }
    drawn = {}
    with mpl.rc_context(STYLE):
        for name, plot in plots.items():
            figure = mpl.figure.Figure(figsize=(8.4, 4.4))
            plot(figure, report)
            file = BytesIO()
            figure.savefig(file, format="png", metadata={"Software": None})
            drawn[name] = file.getvalue()
    return drawn


def library() -> Any:
    """matplotlib, without a window system.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import matplotlib as mpl
        import matplotlib.figure
    except ImportError:
        raise MissingExtraError(
            "A report's plots are drawn by matplotlib: pip install 'hashmatch[bench]', or leave "
            "--out away and take the table or --json."
        ) from None
    return mpl


def _look(report: Report) -> dict[str, dict[str, Any]]:
    """Colour and marker of each recipe, the same in all plots."""
    recipes = dict.fromkeys(result.recipe for result in report.results)
    return {
        recipe: {"color": COLOURS[turn % len(COLOURS)], "marker": MARKERS[turn % len(MARKERS)]}
        for turn, recipe in enumerate(recipes)
    }


def _of(report: Report, recipe: str) -> list[Result]:
    """The results of one recipe, by size of the list."""
    return sorted(
        (result for result in report.results if result.recipe == recipe),
        key=lambda result: result.codes,
    )


def _latency_by_codes(figure: Any, report: Report) -> None:
    axes = figure.subplots()
    for recipe, look in _look(report).items():
        results = _of(report, recipe)
        sizes = [result.codes for result in results]
        axes.plot(sizes, [result.p50_us for result in results], label=recipe, **look)
        axes.plot(sizes, [result.p99_us for result in results], **look | {"marker": ""},
                  linestyle=":", linewidth=1.2)  # fmt: skip
    axes.plot([], [], color="0.4", label="median")
    axes.plot([], [], color="0.4", linestyle=":", linewidth=1.2, label="99th percentile")
    axes.set(
        title=f"One query, radius {report.workload['radius']}, one thread",
        xlabel="codes in the list", ylabel="time of a query", xscale="log", yscale="log",
    )  # fmt: skip
    _mark(axes.xaxis, sorted({result.codes for result in report.results}), wording.amount)
    _time_axis(axes.yaxis)
    figure.legend(loc="outside right upper")


def _latency_by_recipe(figure: Any, report: Report) -> None:
    axes = figure.subplots()
    looks = _look(report)
    for place, (recipe, look) in enumerate(looks.items()):
        (result,) = _of(report, recipe)
        times = (result.p50_us, result.p90_us, result.p99_us)
        axes.plot(times, [place] * 3, color=look["color"], linewidth=2, zorder=2)
        for time, marker in zip(times, ("o", "|", "D"), strict=True):
            axes.plot(time, place, color=look["color"], marker=marker, markersize=9, zorder=3)
        axes.annotate(wording.microseconds(times[0]), (times[0], place), xytext=(0, 9),
                      textcoords="offset points", ha="center", fontsize=9)  # fmt: skip
    for marker, name in (("o", "median"), ("|", "90th percentile"), ("D", "99th percentile")):
        axes.plot([], [], color="0.4", marker=marker, linestyle="", label=name)
    codes = wording.amount(report.results[0].codes)
    axes.set(
        title=f"One query, {codes} codes, radius {report.workload['radius']}, one thread",
        xlabel="time of a query", xscale="log", ylim=(len(looks) - 0.4, -0.7),
    )  # fmt: skip
    axes.set_yticks(range(len(looks)), looks)
    axes.grid(visible=False, axis="y")
    _time_axis(axes.xaxis)
    axes.margins(x=0.08)
    figure.legend(loc="outside right upper")


def _throughput(figure: Any, report: Report) -> None:
    codes = max(result.codes for result in report.results)
    largest = [result for result in report.results if result.codes == codes]
    sizes = sorted({batch.size for result in largest for batch in result.batches})
    draw_ = _throughput_by_size if len(sizes) > 1 else _throughput_by_recipe
    axes = figure.subplots()
    draw_(axes, report, largest)
    axes.set_title(
        f"Batches, {wording.amount(codes)} codes, radius {report.workload['radius']}"
        + (f", {sizes[0]:,} queries a batch" if len(sizes) == 1 else "")
    )
    figure.legend(loc="outside right upper")


def _threads(results: Iterable[Result]) -> list[int]:
    return sorted({batch.threads for result in results for batch in result.batches})


def _throughput_by_size(axes: Any, report: Report, results: Sequence[Result]) -> None:
    looks, threads = _look(report), _threads(results)
    lines = ("-", "--", ":", "-.")
    for result in results:
        for count, line in zip(threads, lines * len(threads), strict=False):
            batches = [batch for batch in result.batches if batch.threads == count]
            axes.plot(
                [batch.size for batch in batches], [batch.per_second for batch in batches],
                linestyle=line, **looks[result.recipe],
                label=result.recipe if count == threads[0] else None,
            )  # fmt: skip
    for count, line in zip(threads, lines * len(threads), strict=False):
        axes.plot([], [], color="0.4", linestyle=line, label=_so_many(count))
    axes.set(xlabel="queries in a batch", ylabel="queries a second", xscale="log", yscale="log")
    _mark(axes.xaxis, sorted({batch.size for batch in results[0].batches}), "{:,}".format)
    _rate_axis(axes.yaxis)


def _throughput_by_recipe(axes: Any, report: Report, results: Sequence[Result]) -> None:
    # Points, not bars: a logarithmic axis has no nought for a bar to begin at.
    looks, threads = _look(report), _threads(results)
    fills = ("full", "none", "left", "right")
    for place, result in enumerate(results):
        for batch in result.batches:
            turn = threads.index(batch.threads)
            row = place + (turn - (len(threads) - 1) / 2) * 0.6 / len(threads)
            axes.plot(
                batch.per_second, row, **looks[result.recipe] | {"marker": "o"},
                fillstyle=fills[turn % len(fills)], markersize=9, markeredgewidth=2,
            )  # fmt: skip
            axes.annotate(
                wording.rate(batch.per_second), (batch.per_second, row), xytext=(9, 0),
                textcoords="offset points", va="center", fontsize=9,
            )  # fmt: skip
    for turn, count in enumerate(threads):
        axes.plot(
            [], [], color="0.4", marker="o", fillstyle=fills[turn % len(fills)], markersize=9,
            markeredgewidth=2, linestyle="", label=_so_many(count),
        )  # fmt: skip
    axes.set(xlabel="queries a second", xscale="log", ylim=(len(results) - 0.4, -0.6))
    axes.set_yticks(range(len(results)), [result.recipe for result in results])
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.16)
    _rate_axis(axes.xaxis)


def _so_many(threads: int) -> str:
    return "1 thread" if threads == 1 else f"{threads} threads"


def _memory(figure: Any, report: Report) -> None:
    axes = figure.subplots()
    codes = max(result.codes for result in report.results)
    largest = [result for result in report.results if result.codes == codes]
    looks = _look(report)
    for place, result in enumerate(largest):
        width = result.bits / 8
        axes.barh(place, result.bytes_per_code, 0.6, color=looks[result.recipe]["color"])
        axes.barh(place, min(width, result.bytes_per_code), 0.6, color="0.75")
        axes.annotate(
            f"{wording.digits(result.bytes_per_code)} B, built in "
            f"{wording.seconds(result.build_seconds)}",
            (result.bytes_per_code, place), xytext=(4, 0), textcoords="offset points",
            va="center", fontsize=9,
        )  # fmt: skip
    axes.barh(0, 0, color="0.75", label="the code itself")
    axes.set(
        title=f"Memory, {wording.amount(codes)} codes", xlabel="bytes a code",
        xlim=(0, 1.4 * max(max(each.bytes_per_code, each.bits / 8) for each in largest)),
        ylim=(len(largest) - 0.4, -0.6),
    )  # fmt: skip
    axes.set_yticks(range(len(largest)), [result.recipe for result in largest])
    axes.grid(visible=False, axis="y")
    figure.legend(loc="outside right upper")


def _mark(axis: Any, places: Sequence[int], named: Any) -> None:
    """Ticks at the places that were measured, and no others; fewer where they crowd."""
    from matplotlib.ticker import NullLocator

    step = max(1, -(-len(places) // 8))
    axis.set_ticks(places[::step], [named(place) for place in places[::step]])
    axis.set_minor_locator(NullLocator())


def _time_axis(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: _plain(wording.microseconds(value))))
    axis.set_minor_formatter(NullFormatter())
    _some_ticks(axis)


def _rate_axis(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: _plain(wording.rate(value))))
    axis.set_minor_formatter(NullFormatter())
    _some_ticks(axis)


def _some_ticks(axis: Any) -> None:
    """Two or three ticks at the least, also where the values span less than a decade."""
    from matplotlib.ticker import LogLocator

    low, high = axis.get_view_interval()
    decades = np.log10(max(high, 1e-9) / max(low, 1e-9))
    subs = (1.0,) if decades > 2.5 else (1.0, 3.0) if decades > 1.2 else (1.0, 2.0, 5.0)
    axis.set_major_locator(LogLocator(subs=subs, numticks=12))


def _plain(text: str) -> str:
    """Without decimals that are nought: ``10.0 µs`` is ``10 µs``."""
    number, _, unit = text.partition(" ")
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number} {unit}"
