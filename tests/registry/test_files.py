"""Import and export as a keeper of lists sees them, from file to list and back."""

import errno
import os
import stat

import pyarrow as pa
import pytest
from pyarrow import parquet

from hashmatch.errors import (
    ImportRejectedError,
    ListFileError,
    RegistryError,
    UnknownHasherError,
)
from hashmatch.registry import entries, writing
from hashmatch.types import Hash


def contents(registry, list_name):
    list_id = registry.hash_list(list_name).id
    with registry._database.reading() as connection:
        batches = list(entries.read_rows(connection, list_id, None, 1000))
    return {
        (value.hasher, value.code, value.quality, source)
        for rows in batches
        for value, source in rows
    }


@pytest.fixture
def mixed(registry, hashes):
    """A list with everything that a list can hold."""
    registry.add("default", hashes(3), source="=HYPERLINK(1)")
    registry.add("default", hashes(2, "md5", 16), source='said "yes", and; went')
    registry.add("default", hashes(2, "sha256", 32), source="'quoted'")
    registry.add(
        "default", [Hash("pdq", bytes(32), None), Hash("pdq", b"\xff" * 32, 0)], source="é"
    )
    return contents(registry, "default")


class TestRoundTrip:
    @pytest.mark.parametrize("name", ["list.csv", "list.parquet", "list.tsv"])
    def test_everything_comes_back(self, registry, tmp_path, mixed, name):
        assert registry.export_file("default", tmp_path / name) == len(mixed) == 9
        registry.create_list("copy")
        imported = registry.import_file("copy", tmp_path / name)
        assert (imported.added, imported.already_there, imported.bad) == (9, 0, 0)
        assert imported.sequence == registry.sequence()
        assert contents(registry, "copy") == mixed
        again = registry.import_file("copy", tmp_path / name)
        assert (again.added, again.already_there) == (0, 9)

    def test_plain_lines_carry_the_hashes_of_one_hasher(self, registry, tmp_path, mixed):
        with pytest.raises(ListFileError, match="md5 and pdq"):
            registry.export_file("default", tmp_path / "list.txt")
        assert list(tmp_path.glob("*list*")) == []
        assert registry.export_file("default", tmp_path / "list.txt", hasher="md5") == 2
        registry.create_list("copy")
        registry.import_file("copy", tmp_path / "list.txt", hasher="md5")
        assert {row[:2] for row in contents(registry, "copy")} == {
            row[:2] for row in mixed if row[0] == "md5"
        }

    def test_withdrawn_entries_are_not_exported(self, registry, tmp_path, mixed):
        registry.withdraw([1, 2])
        assert registry.export_file("default", tmp_path / "list.csv") == len(mixed) - 2

    def test_a_file_does_not_tell_in_which_order_hashes_came(self, registry, tmp_path, hashes):
        some = [*hashes(20), *hashes(5, "md5", 16)]
        for name, order in (("one", some), ("two", some[::-1])):
            registry.create_list(name)
            registry.add(name, order, source="test")
            registry.export_file(name, tmp_path / f"{name}.csv")
        assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()

    def test_an_empty_list(self, registry, tmp_path):
        for name in ("list.csv", "list.parquet", "list.txt"):
            assert registry.export_file("default", tmp_path / name) == 0
            assert registry.import_file("default", tmp_path / name).added == 0


@pytest.mark.usefixtures("mixed")
def test_no_cell_of_an_export_is_a_formula(registry, tmp_path):
    registry.export_file("default", tmp_path / "list.csv")
    cells = (tmp_path / "list.csv").read_text("utf-8").replace("\n", ",").split(",")
    assert not [cell for cell in cells if cell.lstrip('"').startswith(("=", "+", "-", "@"))]


def test_an_exported_parquet_file_is_plain_to_other_programs(registry, tmp_path, mixed):
    registry.export_file("default", tmp_path / "list.parquet")
    table = parquet.read_table(tmp_path / "list.parquet")
    assert table.schema.types == [pa.string(), pa.string(), pa.int16(), pa.string()]
    assert {(row["hasher"], row["hash"]) for row in table.to_pylist()} == {
        (hasher, code.hex()) for hasher, code, _, _ in mixed
    }


class TestExportsAppearWhole:
    @pytest.fixture
    def target(self, tmp_path):
        file = tmp_path / "list.csv"
        file.write_text("what was here before")
        return file

    @pytest.mark.usefixtures("mixed")
    def test_an_export_replaces_the_file_and_leaves_nothing_else(self, registry, target):
        registry.export_file("default", target)
        assert target.read_text("utf-8").startswith("hasher,hash,quality,source\n")
        assert [file.name for file in target.parent.glob("*list*")] == ["list.csv"]
        assert stat.S_IMODE(target.stat().st_mode) == 0o600

    @pytest.mark.parametrize("step", ["write", "fsync", "replace"])
    @pytest.mark.usefixtures("mixed")
    def test_a_full_disk_leaves_what_was_there(self, registry, target, monkeypatch, step):
        def fail(*_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        if step == "write":
            monkeypatch.setattr(writing, "_write_csv", fail)
        elif step == "fsync":
            monkeypatch.setattr(os, "fsync", fail)
        else:
            monkeypatch.setattr(type(target), "replace", fail)
        with pytest.raises(ListFileError, match="No space left"):
            registry.export_file("default", target)
        assert target.read_text() == "what was here before"
        assert [file.name for file in target.parent.glob("*list*")] == ["list.csv"]

    def test_a_folder_that_is_not_there(self, registry, tmp_path):
        with pytest.raises(ListFileError, match=r"list.csv.*No such file"):
            registry.export_file("default", tmp_path / "gone" / "list.csv")

    def test_a_name_that_does_not_tell_the_format(self, registry, tmp_path):
        with pytest.raises(ListFileError, match="does not tell"):
            registry.export_file("default", tmp_path / "list.xlsx")
        assert registry.export_file("default", tmp_path / "list.xlsx", file_format="csv") == 0


class TestImports:
    @pytest.fixture
    def half_bad(self, tmp_path, hashes):
        """25,000 lines, over more than one batch, of which every fifth is bad."""
        file = tmp_path / "half.txt"
        lines = [value.hex for value in hashes(25_000)]
        lines[::5] = [line[1:] for line in lines[::5]]
        file.write_text("\n".join(lines))
        return file

    def test_bad_lines_are_left_out_and_reported(self, registry, half_bad):
        imported = registry.import_file("default", half_bad)
        assert (imported.added, imported.bad) == (20_000, 5_000)
        assert len(imported.bad_lines) == 1_000
        assert [line.number for line in imported.bad_lines[:3]] == [1, 6, 11]
        assert registry.count_entries("default") == 20_000

    def test_a_strict_import_is_all_or_nothing(self, registry, half_bad):
        with pytest.raises(ImportRejectedError) as refusal:
            registry.import_file("default", half_bad, strict=True)
        text = str(refusal.value)
        assert "5000 lines are bad: line 1: a pdq hash has 64 hexadecimal digits" in text
        assert "line 21: " in text
        assert "line 26: " not in text
        assert registry.count_entries("default") == 0
        assert registry.sequence() == 1

    def test_a_strict_import_whose_last_line_is_bad(self, registry, tmp_path, hashes):
        file = tmp_path / "hashes.txt"
        file.write_text("\n".join([*(value.hex for value in hashes(12_000)), "bad"]))
        with pytest.raises(ImportRejectedError, match="1 line is bad: line 12001: "):
            registry.import_file("default", file, strict=True)
        assert registry.sequence() == 1
        file.write_text(file.read_text().removesuffix("bad"))
        assert registry.import_file("default", file, strict=True).added == 12_000

    @pytest.mark.parametrize("strict", [False, True])
    def test_progress(self, registry, half_bad, tmp_path, strict):
        half_bad.write_text("\n".join(half_bad.read_text().split()[1::5]))
        for file in (half_bad, tmp_path / "list.parquet"):
            calls = []
            registry.import_file(
                "default", file, strict=strict, progress=lambda *call, to=calls: to.append(call)
            )
            registry.export_file("default", tmp_path / "list.parquet")
            done = [call[0] for call in calls]
            assert done == sorted(done)
            assert calls[-1][0] == calls[-1][1] == calls[0][1]

    def test_a_pipe_has_no_size(self, registry, tmp_path, hashes):
        pipe = tmp_path / "pipe.txt"
        os.mkfifo(pipe)
        text = "\n".join(value.hex for value in hashes(10)).encode()
        if os.fork() == 0:
            try:
                pipe.write_bytes(text)
            finally:
                os._exit(0)
        calls = []
        registry.import_file("default", pipe, progress=lambda *call: calls.append(call))
        os.wait()
        assert calls == [(calls[-1][0], None)]
        assert registry.count_entries("default") == 10

    def test_defaults_for_hashes_that_stand_alone(self, registry, tmp_path, hashes):
        file = tmp_path / "hashes.txt"
        file.write_text("\n".join(value.hex for value in hashes(2, "md5", 16)))
        registry.import_file("default", file, hasher="md5", source="a colleague")
        assert {(row[0], row[3]) for row in contents(registry, "default")} == {
            ("md5", "a colleague")
        }

    def test_settings_that_make_no_sense(self, registry, tmp_path):
        file = tmp_path / "hashes.txt"
        file.touch()
        with pytest.raises(UnknownHasherError, match="'nohash'"):
            registry.import_file("default", file, hasher="nohash")
        with pytest.raises(RegistryError, match="source"):
            registry.import_file("default", file, source="")
