import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from hashmatch.errors import InvalidCodesError
from hashmatch.indexes.reading import read_codes_file


@pytest.fixture
def codes(random):
    return random.integers(0, 256, (50, 32), np.uint8)


def as_hex(codes):
    return [row.tobytes().hex() for row in codes]


def as_bytes(codes):
    return [row.tobytes() for row in codes]


def write_table(path, **columns):
    parquet.write_table(pa.table(columns), path)
    return path


def test_arrays_are_opened_by_mmap(tmp_path, codes):
    np.save(tmp_path / "codes.npy", codes)
    read = read_codes_file(tmp_path / "codes.npy")
    np.testing.assert_array_equal(read, codes)
    assert isinstance(read, np.memmap)


def test_arrays_in_another_order_are_put_into_ours(tmp_path, codes):
    np.save(tmp_path / "codes.npy", np.asfortranarray(codes))
    read = read_codes_file(tmp_path / "codes.npy")
    np.testing.assert_array_equal(read, codes)
    assert read.flags.c_contiguous


def test_lines_of_either_case_with_blanks_and_remarks(tmp_path, codes):
    lines = as_hex(codes)
    lines[3] = f"  {lines[3].upper()}\r"
    lines[5:5] = ["", "# a remark"]
    for encoding in ("utf-8", "utf-8-sig"):
        (tmp_path / "codes.txt").write_text("\n".join(lines), encoding=encoding)
        np.testing.assert_array_equal(read_codes_file(tmp_path / "codes.txt"), codes)


@pytest.mark.parametrize(
    "kind", [pa.binary(32), pa.binary(), pa.large_binary(), pa.string(), pa.large_string()], ids=str
)
@pytest.mark.parametrize("chunked", [False, True])
def test_columns_of_bytes_or_digits(tmp_path, codes, kind, chunked):
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    values = as_hex(codes) if text else as_bytes(codes)
    parts = [values[:20], values[20:]] if chunked else [values]
    column = pa.chunked_array([pa.array(part, kind) for part in parts])
    parquet.write_table(
        pa.table({"note": list(range(50)), "Hash": column}), tmp_path / "c.parquet",
        row_group_size=7 if chunked else 50,
    )  # fmt: skip
    np.testing.assert_array_equal(read_codes_file(tmp_path / "c.parquet"), codes)


def test_a_lone_column_may_have_any_name(tmp_path, codes):
    path = write_table(tmp_path / "c.pq", whatever=as_bytes(codes))
    np.testing.assert_array_equal(read_codes_file(path), codes)


def test_codes_of_64_bits_are_read_as_well(tmp_path):
    (tmp_path / "codes.hex").write_text("00112233aabbccdd\n" * 2)
    assert read_codes_file(tmp_path / "codes.hex").shape == (2, 8)


def refused(path, match):
    with pytest.raises(InvalidCodesError, match=match) as error:
        read_codes_file(path)
    assert path.name in str(error.value)


@pytest.mark.parametrize(
    ("array", "match"),
    [
        (np.zeros((5, 32), np.int8), "dtype uint8, not int8"),
        (np.zeros((5, 4), np.uint64), "dtype uint8, not uint64"),
        (np.zeros((5, 32), np.float32), "dtype uint8, not float32"),
        (np.zeros(32, np.uint8), r"shape \(32,\)"),
        (np.zeros((5, 33), np.uint8), "264 bits"),
        (np.zeros((5, 0), np.uint8), "0 bits"),
        (np.zeros((0, 32), np.uint8), "holds no codes"),
    ],
)
def test_arrays_that_are_no_codes_are_refused(tmp_path, array, match):
    np.save(tmp_path / "codes.npy", array)
    refused(tmp_path / "codes.npy", match)


def test_pickled_and_damaged_arrays_are_refused(tmp_path, codes):
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    refused(tmp_path / "objects.npy", "no NumPy array")
    np.save(tmp_path / "codes.npy", codes)
    (tmp_path / "cut.npy").write_bytes((tmp_path / "codes.npy").read_bytes()[:500])
    refused(tmp_path / "cut.npy", "damaged")
    (tmp_path / "empty.npy").write_bytes(b"")
    refused(tmp_path / "empty.npy", "no NumPy array")


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        (["ab" * 32, "xy" * 32], "line 2: a code is an even number"),
        (["ab" * 32, "", "abc"], "line 3: a code is an even number"),
        (["ab" * 32, "ab" * 32 + " " + "cd" * 32], "line 2: a code is an even number"),
        (["ab" * 32, "ab" * 8], "line 2: this code has 64 bits, those before it have 256"),
        (["abcd"], "16 bits"),
        (["# nothing but this"], "holds no codes"),
        ([], "holds no codes"),
    ],
)
def test_lines_that_are_no_codes_are_told_by_number(tmp_path, lines, match):
    (tmp_path / "codes.txt").write_text("\n".join(lines))
    refused(tmp_path / "codes.txt", match)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "codes.hex").write_bytes(bytes(range(128, 256)))
    refused(tmp_path / "codes.hex", "line 1")


def test_no_message_holds_a_code(tmp_path):
    (tmp_path / "codes.txt").write_text("ab" * 32 + "\n" + "cafe" * 3 + "g\n")
    with pytest.raises(InvalidCodesError) as error:
        read_codes_file(tmp_path / "codes.txt")
    assert "cafe" not in str(error.value)


def test_nulls_are_told_by_column_and_row(tmp_path, codes):
    values = as_bytes(codes)
    values[6] = values[9] = None
    path = write_table(tmp_path / "c.parquet", code=pa.array(values, pa.binary(32)))
    refused(path, r"2 nulls in the column 'code', the first in row 7. Drop those rows")


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"code": [1, 2]}, "of type int64; codes are bytes"),
        ({"code": [[1, 2]]}, "of type list"),
        ({"code": [b"a" * 32, b"b" * 8]}, "different widths, 8 to 32 bytes"),
        ({"code": ["ab" * 32, "ab" * 8]}, "different widths, 16 to 64 digits"),
        ({"code": ["xy" * 32]}, "not hexadecimal"),
        ({"code": ["ab" * 31 + "éa"]}, "different|hexadecimal|bits"),
        ({"code": [b"abc"]}, "24 bits"),
        ({"code": pa.array([], pa.binary(32))}, "holds no codes"),
        ({"id": [1], "name": ["a"]}, "no column 'code' or 'hash'; it has 'id', 'name'"),
    ],
)
def test_tables_that_hold_no_codes_are_refused(tmp_path, columns, match):
    refused(write_table(tmp_path / "c.parquet", **columns), match)


def test_files_that_are_no_tables_are_refused(tmp_path, codes):
    (tmp_path / "text.parquet").write_text("ab" * 32)
    refused(tmp_path / "text.parquet", "no Parquet file")
    whole = write_table(tmp_path / "c.parquet", code=as_bytes(codes)).read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[:-100])
    refused(tmp_path / "cut.parquet", "no Parquet file")


def test_files_that_are_missing_or_of_another_kind_are_told(tmp_path):
    for name in ("gone.npy", "gone.parquet", "gone.txt"):
        refused(tmp_path / name, "cannot be read: No such file")
    (tmp_path / "folder.npy").mkdir()
    refused(tmp_path / "folder.npy", "cannot be read")
    refused(tmp_path / "codes.csv", r"endings \.npy.*hashmatch list import")
