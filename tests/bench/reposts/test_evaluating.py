import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from pyarrow import parquet

from hashmatch.bench.reposts.asking import Plan, Questions
from hashmatch.bench.reposts.contestants import CONTESTANTS, Answer, Found
from hashmatch.bench.reposts.counting import added
from hashmatch.bench.reposts.dresses import DRESSES
from hashmatch.bench.reposts.evaluating import evaluate
from hashmatch.bench.reposts.files import write
from hashmatch.bench.reposts.kept import KeptList
from hashmatch.bench.reposts.pictures import load
from hashmatch.bench.reposts.results import read_flags
from hashmatch.bench.reposts.suite import chosen, encoded
from hashmatch.bench.reposts.thorough import Thorough
from hashmatch.errors import PictureError, SearchError
from hashmatch.matching.evidence import BLOCK


@pytest.fixture(scope="module")
def album(photographs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("album")
    for name, photo in photographs.items():
        Image.fromarray(photo).save(folder / f"{name}.png")
    Image.fromarray(photographs["china"][:, ::-1]).save(folder / "mirrored.png")
    (folder / "notes.txt").write_text("no picture")
    return folder


def plan(album, **changed):
    values = {
        "photos": album, "half": None, "most": 5, "negatives": 20, "list_size": 100, "seed": 1,
        "alterations": chosen(["mirrored", "border white 20%", "crop 25% all sides"]),
    }  # fmt: skip
    return Plan(**values | changed)


@pytest.fixture(scope="module")
def report(album):
    done = []
    made = evaluate(
        plan(album), [CONTESTANTS[name]() for name in ("plain", "views")], lambda: done.append(1)
    )
    assert len(done) == 3 * 3 + 1 + 20  # one stereo pair
    assert len(done) <= plan(album).checks
    return made


def families(flags):
    return {row.family: row for row in flags if not row.kind}


def test_views_find_what_one_hash_does_not(report):
    rows = {(row.contestant, row.alteration): row for row in report.recalls if row.alteration}
    for alteration in ("mirrored", "border white 20%"):
        assert rows["plain", alteration].flagged == 0
        assert rows["views", alteration].block == 1
        assert rows["views", alteration].copies == 3
    assert rows["views", "crop 25% all sides"].flagged == 0
    assert rows["views", "mirrored"].distance_median <= 4
    assert rows["views", "mirrored"].codes_mean >= 8 > rows["plain", "mirrored"].codes_mean == 1
    families = [row.family for row in report.recalls if not row.alteration]
    assert families == ["mirror", "crop, all sides", "border"] * 2


def test_strangers_are_counted_by_kind_and_weighed(report):
    rows = families(row for row in report.flags if row.contestant == "views")
    assert list(rows) == ["all", "stranger", "hard", "scene"]
    assert (rows["all"].checks, rows["stranger"].checks, rows["hard"].checks) == (20, 18, 2)
    assert rows["stranger"].blocked == 0
    weighed = 0.9 * rows["stranger"].block_at_most + 0.1 * rows["hard"].block_at_most
    assert rows["all"].block_at_most == pytest.approx(weighed)


def test_other_shots_of_a_scene_are_counted_by_themselves(report):
    row = next(row for row in report.flags if row.kind == "scene: stereo pair")
    assert row.checks == 1
    assert row.nearest < 111  # the pair is listed, or else nothing would be near


def test_what_is_found_of_a_picture_that_it_is_most_of_is_told_by_itself(album):
    count = 5 * (len(DRESSES) + 10) // 2  # two of five wear a dress: the first ten come twice
    collage = 3 + DRESSES.index("collage 2x2")  # of five photographs three are listed

    class Always:
        name = "always"

        def list_pictures(self, pictures, others):
            pass

        def check(self, upload):
            assert upload
            return Answer((Found(collage, "block", 3, "parts"),), 0.001, 1)

    made = evaluate(plan(album, negatives=count, hard_share=1.0, alterations=()), [Always()])
    rows = families(made.flags)
    assert rows["hard"].checks == count
    assert rows["hard"].blocked == count - rows["shares most"].blocked
    kinds = {(row.family, row.kind): row.blocked for row in made.flags}
    for name in ("collage 2x2", "collage 3x3, gaps"):  # the partners of the one are in the other
        assert kinds["shares most", f"same dress: {name}"] == 1
        assert kinds["hard", f"same dress: {name}"] == 0
    assert ("shares most", "same dress: captions") not in kinds
    assert kinds["hard", "same dress: captions"] == 2


def test_curves_rise(report):
    for curve in report.curves.values():
        assert len({len(values) for values in curve.values()}) == 1
        for name in ("found", "strangers", "hard"):
            assert curve[name] == sorted(curve[name])
    assert report.curves["views"]["found"][31] > report.curves["plain"]["found"][31]


def test_a_report_is_written_in_all_its_forms(report, tmp_path):
    paths = write(report, tmp_path / "report")
    assert {path.name for path in paths} == {
        "report.html", "results.json", "results.parquet", "flags.parquet", "recall.png", "roc.png"
    }  # fmt: skip
    told = json.loads((tmp_path / "report/results.json").read_text())
    assert len(told["recalls"]) == len(report.recalls)
    table = parquet.read_table(tmp_path / "report/results.parquet")
    assert table.column("block").to_pylist() == [row.block for row in report.recalls]
    flags, asked = read_flags(tmp_path / "report/flags.parquet")
    assert flags == report.flags
    assert asked == report.asked
    with pytest.raises(SearchError, match="no false flags"):
        read_flags(tmp_path / "report/results.parquet")
    page = (tmp_path / "report/report.html").read_text()
    assert "border white 20%" in page
    assert "http" not in page.replace("http-equiv", "")
    with pytest.raises(SearchError, match="could not be written"):
        write(report, tmp_path / "report/report.html")


def test_runs_add_up(report):
    once, twice = ({row.family: row for row in added(runs) if (row.contestant, row.kind) ==
                    ("views", "")} for runs in ([report.flags], [report.flags] * 2))  # fmt: skip
    assert tuple(row for row in added([report.flags]) if row.contestant == "views") == tuple(
        row for row in report.flags if row.contestant == "views"
    )
    assert twice["stranger"].checks == 2 * once["stranger"].checks == 36
    assert twice["stranger"].nearest == once["stranger"].nearest
    assert twice["all"].block_at_most < 0.6 * once["all"].block_at_most


def test_another_way_of_finding_takes_part_as_it_is(album):
    class Oracle:
        name = "oracle"

        def list_pictures(self, pictures, others):
            self.listed = len(pictures)
            assert others.codes.shape == (100 - self.listed, 32)

        def check(self, upload):
            assert upload[:2] == b"\xff\xd8"
            return Answer((Found(0, "review", 3, "parts", votes=9),), 0.002, 300)

    made = evaluate(plan(album, negatives=10), [Oracle()])
    row = next(row for row in made.recalls if row.alteration == "mirrored")
    assert (row.block, row.flagged) == (0, pytest.approx(1 / 3))
    assert (row.votes_median, row.codes_most, row.ms_p95) == (9, 300, 2)
    assert made.flags[0].flagged_per_million == 1e6


def test_what_was_checked_is_reported_when_it_is_ended_early(album):
    class Ended:
        name = "ended"
        checks = 0

        def list_pictures(self, pictures, others):
            pass

        def check(self, upload):
            assert upload
            self.checks += 1
            if self.checks > 3 * 3 + 1 + 12:
                raise KeyboardInterrupt
            return Answer((), 0.001, 1)

    made = evaluate(plan(album), [Ended()])
    assert not made.asked["finished"]
    assert sum(row.copies for row in made.recalls if row.alteration) == 9
    rows = families(made.flags)
    assert (rows["stranger"].checks, rows["hard"].checks) == (10, 2)
    assert rows["stranger"].block_at_most > 2e5


def test_photographs_are_distinct_and_of_one_half(album):
    everything = load(sorted(album.iterdir()), None, 50)
    names = {each.name for each in everything}
    assert len(names & {"china.png", "mirrored.png"}) == 1
    assert "notes.txt" not in names
    halves = [
        {each.name for each in load(sorted(album.iterdir()), half, 50)}
        for half in ("tuning", "reporting")
    ]
    assert not halves[0] & halves[1]
    with pytest.raises(PictureError, match="None of the 0 files"):
        load([], "tuning", 5)


def test_one_photograph_is_too_few(album):
    with pytest.raises(PictureError, match="two photographs at least"):
        evaluate(plan(album, most=1), [])


def test_parts_find_crops_and_leave_strangers_alone(album):
    names = ["mirrored", "border white 20%", "crop 10% all sides"]
    asked = plan(album, half="tuning", negatives=10, pictures=90, alterations=chosen(names))
    report = evaluate(asked, [CONTESTANTS["thorough"]()])
    rows = {row.alteration: row for row in report.recalls if row.alteration}
    for alteration in names:
        assert rows[alteration].block == 1
    assert report.asked["listed_pictures"] == 90
    assert rows["crop 10% all sides"].codes_mean > 500
    assert families(report.flags)["stranger"].blocked == 0


def test_a_place_is_told_whatever_is_there(album):
    """Also where it weighs too little for a match: places of copies and of others are recorded."""
    names = ["mirrored", "border white 20%", "crop 10% all sides"]
    made = plan(album, half="tuning", negatives=0, alterations=chosen(names))
    questions, thorough = Questions(made), Thorough()
    thorough.list_pictures(questions.shown, questions.unknown)
    asked = [*questions.copies()]
    assert {(each.kind, each.own) for each in asked} == {
        (name, place) for name in names for place in range(len(questions.listed))
    }
    for each in asked:
        told = [
            placed for picture, placed in thorough.sightings(each.upload) if picture == each.own
        ]
        assert max(placed.evidence for placed in told) >= BLOCK
    flat = encoded(np.full((300, 400, 3), 90, np.uint8), 90)
    assert not [*thorough.sightings(flat)]


def test_a_list_is_kept_and_holds_none_of_what_is_checked(album, tmp_path):
    asked = plan(album, half="tuning", negatives=10, list_size=300, kept=tmp_path / "list",
                 alterations=chosen(["crop 10% all sides"]))  # fmt: skip
    first, again = (evaluate(asked, [CONTESTANTS["thorough"]()]) for _ in range(2))
    assert first.asked == again.asked
    assert first.asked["listed_pictures"] == first.asked["listed_in_all"] > 300
    assert first.asked["listed_parts"] > 300 * 40
    assert [row.block for row in first.recalls] == [row.block for row in again.recalls] == [1, 1]
    kept = KeptList.open(tmp_path / "list")
    seventh = kept.parts.picture(7)
    assert seventh.whole == kept.codes[6].tobytes()
    assert kept.parts.index.search(seventh.parts.codes[:1], 0).ids.tolist() == [7 * 128]
    with pytest.raises(PictureError, match="would be checked now"):
        evaluate(replace(asked, half="reporting"), [])
    with pytest.raises(PictureError, match="name a half"):
        evaluate(replace(asked, half=None, kept=tmp_path / "none"), [])
    (tmp_path / "list/ends.npy").unlink()
    with pytest.raises(SearchError, match="no list that can be read"):
        KeptList.open(tmp_path / "list")


def test_no_picture_fills_up_a_list_of_both_halves(album):
    asked = plan(album, negatives=0, pictures=90, alterations=chosen(["mirrored"]))
    assert evaluate(asked, [CONTESTANTS["plain"]()]).asked["listed_pictures"] < 90
