import io
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from hashmatch.bench import plots
from hashmatch.bench.results import BatchResult
from hashmatch.errors import MissingExtraError


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def colours(png):
    packed = pixels(png).astype(np.uint32) @ [1 << 16, 1 << 8, 1]
    return {tuple(int(colour).to_bytes(3)) for colour in np.unique(packed)}


def shown(colour):
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def several_sizes(report):
    return report


def one_size(report):
    return replace(report, results=report.results[:2])


def several_batches(report):
    batches = tuple(
        BatchResult(size, size, threads, 1000.0 * size**0.5 * threads, None)
        for size in (1, 64, 1024)
        for threads in (1, 2)
    )
    return replace(report, results=tuple(replace(row, batches=batches) for row in report.results))


@pytest.mark.parametrize("changed", [several_sizes, one_size, several_batches])
def test_plots_show_each_recipe_in_its_colour_and_reach_no_edge(report, changed):
    drawn = plots.draw(changed(report))
    assert drawn.keys() == {"latency", "throughput", "memory"}
    for png in drawn.values():
        assert {shown(colour) for colour in plots.COLOURS[:2]} <= colours(png)
        assert shown(plots.COLOURS[2]) not in colours(png)
        picture = pixels(png)
        for side in (picture[:2], picture[-2:], picture[:, :2], picture[:, -2:]):
            assert (side == 255).all()


def test_more_recipes_than_colours_are_drawn(report, make_result):
    rows = tuple(make_result(f"recipe {number}") for number in range(9))
    assert len(plots.draw(replace(report, results=rows))) == 3


def test_an_index_too_small_to_weigh_is_drawn(report, make_result):
    plots.draw(replace(report, results=(make_result(codes=10, bytes_per_code=0.0),)))


def test_the_same_report_gives_the_same_files(report):
    assert plots.draw(report) == plots.draw(report)


def test_without_matplotlib_the_extra_is_named(report, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'hashmatch\[bench\]'"):
        plots.draw(report)
