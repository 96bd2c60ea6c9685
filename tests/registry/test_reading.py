import gzip

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from hashmatch.errors import ListFileError
from hashmatch.registry.reading import MAX_LINE, format_of, read_file, size_of
from hashmatch.registry.rows import BadLine, RowReader
from hashmatch.registry.widths import Width

WIDTHS = {"pdq": Width(1, 256), "md5": Width(2, 128), "sha256": Width(3, 256)}
READER = RowReader(WIDTHS, "pdq", "test")
ONE = "0123456789abcdef" * 4
TWO = "fedcba9876543210" * 4


def read(path, file_format=None, reader=READER):
    rows, bad = [], []
    for batch in read_file(path, file_format or format_of(path), reader):
        rows += batch.rows
        bad += batch.bad
    return [(value.hasher, value.hex, value.quality, source) for value, source in rows], bad


@pytest.fixture
def read_text(tmp_path):
    def read_it(content, name="hashes.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(file)

    return read_it


class TestPlainLines:
    def test_one_hash_a_line(self, read_text):
        assert read_text(f"{ONE}\n{TWO}", "hashes.txt") == (
            [("pdq", ONE, None, "test"), ("pdq", TWO, None, "test")],
            [],
        )

    def test_what_does_not_matter(self, read_text):
        text = f"\ufeff# a comment\r\n\r\n  {ONE.upper()} \t\r\n\t# another\r\n{TWO}\r\n  \r\n"
        rows, bad = read_text(text, "hashes.hex")
        assert [row[1] for row in rows] == [ONE, TWO]
        assert bad == []

    def test_line_ends_of_every_system(self, read_text):
        for end in ("\n", "\r\n", "\r"):
            rows, bad = read_text(end.join((ONE, "bad", TWO, "")), "hashes.txt")
            assert len(rows) == 2
            assert [line.number for line in bad] == [2]

    def test_bad_lines_are_told_by_number_and_the_rest_is_kept(self, read_text):
        lines = [ONE, ONE[:-1], "x" + ONE[1:], ONE + " " + TWO, TWO[:30] + "    " + TWO[34:], TWO]
        rows, bad = read_text("\n".join(lines), "hashes.txt")
        assert [row[1] for row in rows] == [ONE, TWO]
        assert bad == [
            BadLine(2, "a pdq hash has 64 hexadecimal digits, this has 63 characters"),
            BadLine(3, "its hash has characters that are not hexadecimal digits"),
            BadLine(4, "a pdq hash has 64 hexadecimal digits, this has 129 characters"),
            BadLine(5, "its hash has characters that are not hexadecimal digits"),
        ]

    def test_bytes_that_are_no_text_spoil_their_line_only(self, read_text):
        content = b"\n".join(
            (ONE.encode(), b"\xff" * 64, b"\0" * 64, "é".encode() * 32, TWO.encode())
        )
        rows, bad = read_text(content, "hashes.txt")
        assert [row[1] for row in rows] == [ONE, TWO]
        assert [(line.number, line.why[:13]) for line in bad] == [
            (2, "it is not UTF"),
            (3, "it holds a NU"),
            (4, "a pdq hash ha"),
        ]

    def test_a_gigantic_line_costs_itself_only(self, read_text):
        rows, bad = read_text(f"{ONE}\n{'0' * (5 * MAX_LINE + 7)}\n{TWO}", "hashes.txt")
        assert [row[1] for row in rows] == [ONE, TWO]
        assert bad == [BadLine(2, f"it is longer than {MAX_LINE} characters")]

    @pytest.mark.parametrize("extra", [-1, 0, 1])
    def test_lines_about_as_long_as_a_line_may_be(self, read_text, extra):
        padded = " " * (MAX_LINE - 64 + extra) + ONE
        rows, bad = read_text(f"{padded}\n{TWO}", "hashes.txt")
        taken = [ONE, TWO] if extra < 1 else [TWO]
        assert [row[1] for row in rows] == taken
        assert [line.number for line in bad] == ([] if extra < 1 else [1])


class TestTables:
    def test_the_columns_of_an_export(self, read_text):
        rows, bad = read_text(
            f"hasher,hash,quality,source\npdq,{ONE},77,a place\nmd5,{TWO[:32]},,\n,{TWO},,\n"
        )
        assert rows == [
            ("pdq", ONE, 77, "a place"),
            ("md5", TWO[:32], None, "test"),
            ("pdq", TWO, None, "test"),
        ]
        assert bad == []

    @pytest.mark.parametrize(
        "header",
        [
            "Hash Value,Quality",
            "HASH,PDQ_Quality",
            '"hash","quality"',
            " hash , quality ",
            "pdq,quality",
        ],
    )
    def test_names_that_other_programs_give_columns(self, read_text, header):
        assert read_text(f"{header}\n{ONE},50\n") == ([("pdq", ONE, 50, "test")], [])

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_delimiters(self, read_text, delimiter):
        line = delimiter.join(("x", ONE, "50", '"a, b; c\td"'.replace("\t", " ")))
        header = delimiter.join(("id", "hash", "quality", "source"))
        rows, bad = read_text(f"{header}\n{line}\n")
        assert rows == [("pdq", ONE, 50, "a, b; c d")]
        assert bad == []

    def test_columns_named_after_hashers_give_several_hashes_a_line(self, read_text):
        rows, bad = read_text(f"md5,SHA-256,pdq\n{ONE[:32]},{ONE},{TWO}\n,,{TWO}\n,,\n")
        assert [row[:2] for row in rows] == [
            ("md5", ONE[:32]),
            ("sha256", ONE),
            ("pdq", TWO),
            ("pdq", TWO),
        ]
        assert bad == [BadLine(4, "there is no hash in it")]

    def test_a_table_without_header(self, read_text):
        rows, bad = read_text(f"# from a colleague\n{ONE},50,x.jpg\n{TWO},100,y.jpg\n")
        assert rows == [("pdq", ONE, 50, "test"), ("pdq", TWO, 100, "test")]
        assert bad == []

    def test_a_header_without_hashes(self, read_text):
        with pytest.raises(ListFileError, match="header that names a column of hashes"):
            read_text("name,colour\napple,red\n")

    def test_a_header_and_nothing_else(self, read_text):
        assert read_text("hash,quality\n") == ([], [])
        assert read_text("") == ([], [])

    @pytest.mark.parametrize(
        ("cells", "why"),
        [
            (f"nohash,{ONE},50,", "its hasher is none of those known here (md5, pdq, sha256)"),
            (f"{ONE},{ONE},50,", "its hasher is none of those known here (md5, pdq, sha256)"),
            (f"pdq,{ONE},101,", "its quality is not a whole number from 0 to 100"),
            (f"pdq,{ONE},-1,", "its quality is not a whole number from 0 to 100"),
            (f"pdq,{ONE},5.5,", "its quality is not a whole number from 0 to 100"),
            (f"pdq,{ONE},good,", "its quality is not a number"),
            (f"pdq,{ONE},nan,", "its quality is not a number"),
            (f"pdq,{ONE},1e999,", "its quality is not a number"),
            (f"pdq,{ONE},50,{'x' * 201}", "a source has at most 200 characters, not 201"),
            (f"pdq,{ONE},50,be\alll", "a source is one line of printable characters"),
            (f'pdq,"{ONE},50,', "its quotation marks do not pair up"),
            ("pdq,1.23E+45,50,", "a pdq hash has 64 hexadecimal digits, this has 8 characters"),
            ("pdq", "there is no hash in it"),
            (f"md5,{ONE},50,", "a md5 hash has 32 hexadecimal digits, this has 64 characters"),
        ],
    )
    def test_reasons(self, read_text, cells, why):
        rows, bad = read_text(f"hasher,hash,quality,source\n{cells}\npdq,{TWO},50,\n")
        assert rows == [("pdq", TWO, 50, "test")]
        assert bad == [BadLine(2, why)]

    def test_whole_numbers_as_tables_with_gaps_write_them(self, read_text):
        assert read_text(f"hash,quality\n{ONE},87.0\n")[0] == [("pdq", ONE, 87, "test")]

    def test_formulas_come_back_as_the_text_they_were(self, read_text):
        rows, _ = read_text(f"hash,source\n{ONE},'=1+1\n{TWO},'quoted'\n")
        assert [row[3] for row in rows] == ["=1+1", "'quoted'"]


class TestFilesThatAreSomethingElse:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"PK\x03\x04 and so on", "Excel"),
            (b"PAR1 and so on", "name the format parquet"),
            (ONE.encode("utf-16"), "UTF-16"),
            (gzip.compress(ONE.encode(), mtime=0), "compressed"),
        ],
    )
    def test_are_named(self, read_text, content, words):
        for name in ("hashes.csv", "hashes.txt"):
            with pytest.raises(ListFileError, match=words):
                read_text(content, name)

    def test_a_picture_is_many_bad_lines(self, read_text):
        picture = bytes(range(1, 256)) * 1000
        rows, bad = read_text(picture, "hashes.txt")
        assert rows == []
        assert bad

    def test_a_file_that_is_not_there(self, tmp_path):
        for name in ("gone.txt", "gone.csv", "gone.parquet"):
            with pytest.raises(ListFileError, match=rf"{name}.*No such file"):
                read(tmp_path / name)

    def test_a_name_that_does_not_tell_the_format(self, tmp_path):
        with pytest.raises(ListFileError, match="csv, parquet or hex"):
            format_of(tmp_path / "hashes.docx")


class TestParquet:
    @pytest.fixture
    def read_table(self, tmp_path):
        def read_it(**columns):
            file = tmp_path / "hashes.parquet"
            parquet.write_table(pa.table(columns), file)
            return read(file)

        return read_it

    def test_columns(self, read_table):
        rows, bad = read_table(
            hash=[ONE, TWO[:32]],
            hasher=pa.array(["pdq", "md5"]).dictionary_encode(),
            quality=[50, None],
            source=[None, "there"],
        )
        assert rows == [("pdq", ONE, 50, "test"), ("md5", TWO[:32], None, "there")]
        assert bad == []

    @pytest.mark.parametrize("kind", [pa.binary(32), pa.binary(), pa.large_binary()])
    def test_hashes_in_binary(self, read_table, kind):
        rows, bad = read_table(pdq=pa.array([bytes.fromhex(ONE)], kind))
        assert rows == [("pdq", ONE, None, "test")]
        assert bad == []

    def test_digits_in_binary(self, read_table):
        rows, _ = read_table(hash=pa.array([ONE.upper().encode()], pa.binary()))
        assert rows == [("pdq", ONE, None, "test")]

    def test_bad_rows_are_counted_from_one(self, read_table):
        rows, bad = read_table(hash=[ONE, None, "x", TWO], quality=[1.0, 2.0, 3.0, float("nan")])
        assert rows == [("pdq", ONE, 1, "test")]
        assert bad == [
            BadLine(2, "there is no hash in it"),
            BadLine(3, "a pdq hash has 64 hexadecimal digits, this has 1 characters"),
            BadLine(4, "its quality is not a number"),
        ]

    @pytest.mark.parametrize(
        "cells", [[1, 2], [1.5, 2.5], [[ONE], [TWO]], [{"a": ONE}, {"a": TWO}]]
    )
    def test_columns_of_other_types(self, read_table, cells):
        rows, bad = read_table(hash=cells)
        assert rows == []
        assert [line.number for line in bad] == [1, 2]

    def test_no_column_of_hashes(self, read_table):
        with pytest.raises(ListFileError, match="no column of hashes"):
            read_table(colour=["red"])

    def test_a_damaged_file(self, tmp_path):
        file = tmp_path / "hashes.parquet"
        parquet.write_table(pa.table({"hash": [ONE, TWO]}), file)
        content = file.read_bytes()
        for broken in (content[:50], content[:4] + bytes(60) + content[64:], b""):
            file.write_bytes(broken)
            with pytest.raises(ListFileError, match=r"hashes\.parquet"):
                read(file)


def test_batches_are_bounded_and_tell_how_far_they_are(tmp_path):
    file = tmp_path / "hashes.txt"
    file.write_text(f"{ONE}\n" * 25_000)
    batches = list(read_file(file, "hex", READER))
    assert all(len(batch.rows) <= 10_000 for batch in batches)
    done = [batch.done for batch in batches]
    assert done == sorted(done)
    assert done[-1] == size_of(file, "hex") == 25_000 * 65


def test_bad_lines_make_batches_too(tmp_path):
    file = tmp_path / "hashes.txt"
    file.write_text("bad\n" * 25_000)
    assert [len(batch.bad) for batch in read_file(file, "hex", READER)] == [10_000, 10_000, 5_000]


LINES = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from(
            [ONE, TWO, ONE.upper(), f" {TWO} ", f"pdq,{ONE},50,x", f'"{ONE}"', "# x", ""]
        ),
    ),
    max_size=8,
)


@settings(max_examples=150)
@given(lines=LINES, header=st.sampled_from(["hash\n", "hasher,hash,quality,source\n", ""]))
def test_any_text_at_all_is_read_or_refused_in_words(tmp_path_factory, lines, header):
    file = tmp_path_factory.getbasetemp() / "any"
    file.write_bytes((header + "\n".join(lines)).encode("utf-8", "surrogatepass"))
    for file_format in ("csv", "hex"):
        try:
            rows, bad = read(file, file_format)
        except ListFileError:
            continue
        assert all(len(digits) * 4 == WIDTHS[hasher].bits for hasher, digits, _, _ in rows)
        assert all(ONE not in line.why and TWO not in line.why for line in bad)


@settings(max_examples=150)
@given(content=st.binary(max_size=300))
def test_any_bytes_at_all_are_read_or_refused_in_words(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any"
    for before in (b"", b"hash\n"):
        file.write_bytes(before + content)
        for file_format in ("csv", "hex"):
            try:
                read(file, file_format)
            except ListFileError:
                continue
