import pytest

from hashmatch.bench import prepare, write
from hashmatch.errors import SearchError

NAMES = {"report.html", "results.json", "results.parquet", "latency.png", "throughput.png",
         "memory.png"}  # fmt: skip


def test_a_report_is_a_folder_of_files_that_may_be_written_again(report, tmp_path):
    for _ in range(2):
        written = write(report, tmp_path / "a/report")
        assert {path.name for path in written} == NAMES
        assert all(path.stat().st_size for path in written)


def test_a_place_that_cannot_be_written_is_told(report, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SearchError, match="could not be written"):
        write(report, tmp_path / "file/report")


def test_a_place_is_made_ready_and_nothing_is_left_there(report, tmp_path):
    prepare(tmp_path / "a/report")
    assert list((tmp_path / "a/report").iterdir()) == []
    write(report, tmp_path / "a/report")
    prepare(tmp_path / "a/report")
    assert {path.name for path in (tmp_path / "a/report").iterdir()} == NAMES


@pytest.mark.parametrize("place", ["file", "file/report"])
def test_a_place_that_cannot_be_made_ready_is_told(place, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SearchError, match=r"could not be written to .*Name another"):
        prepare(tmp_path / place)
