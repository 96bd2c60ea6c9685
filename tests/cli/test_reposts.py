import json

import pytest
from PIL import Image


@pytest.fixture
def album(photographs, here):
    (here / "album").mkdir()
    for name in ("astronaut", "coffee", "rocket"):
        Image.fromarray(photographs[name][::2, ::2]).save(here / f"album/{name}.png")
    return here / "album"


def test_an_evaluation_is_printed_and_written(run, here, album):
    ran = run(
        "bench", "reposts", str(album), "--half", "both", "--alteration", "mirrored",
        "--negatives", "3", "--list-size", "90", "--details", "--out", "report",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "1 alterations of 2 photographs (both halves)" in ran.out
    assert "False flags" in ran.out
    told = json.loads((here / "report/results.json").read_text())
    rows = {row["contestant"]: row for row in told["recalls"] if row["alteration"] == "mirrored"}
    assert (rows["plain"]["flagged"], rows["views"]["block"]) == (0, 1)


@pytest.mark.usefixtures("album")
def test_what_is_not_known_is_told_before_anything_is_measured(run):
    ran = run("bench", "reposts", "album", "--contestant", "magic")
    assert ran.code == 2
    assert "'magic' is none of: plain, views" in ran.err
    ran = run("bench", "reposts", "album", "--alteration", "fog")
    assert ran.code == 2
    assert "no alteration or family 'fog'" in ran.err
