"""The containers of a snapshot: what is read of them, and what is refused."""

import faiss
import numpy as np
import pyarrow as pa
import pytest

from hashmatch.errors import SnapshotError
from hashmatch.indexes import files


def test_what_faiss_writes_is_read(random, tmp_path):
    codes = random.integers(0, 256, (300, 32), np.uint8)
    index = faiss.IndexBinaryFlat(256)
    index.add(codes)
    faiss.write_index_binary(index, str(tmp_path / "codes.faiss"))
    np.testing.assert_array_equal(files.read_codes(tmp_path / "codes.faiss", 300, 256), codes)


def test_ids_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(SnapshotError, match=f"{tmp_path.name} cannot be read"):
        files.read_ids(tmp_path, 2)


@pytest.mark.parametrize(
    "column", [pa.array([1, None]), pa.array([1.0, 2.0]), pa.array([1]), pa.array(["1", "2"])]
)
def test_ids_with_nulls_or_of_another_type_are_refused(column, tmp_path):
    table = pa.table({"id": column})
    with pa.ipc.new_file(str(tmp_path / "ids.arrow"), table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(SnapshotError, match=r"ids\.arrow does not hold 2 ids"):
        files.read_ids(tmp_path / "ids.arrow", 2)


@pytest.mark.parametrize("array", [np.arange(5, dtype=np.uint32), np.empty(0, np.uint16)])
def test_an_array_is_written_as_numpy_does(array, tmp_path):
    files.write_array(tmp_path / "a.npy", array)
    np.save(tmp_path / "b.npy", array)
    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "b.npy").read_bytes()
    read = files.read_array(tmp_path / "a.npy", array.dtype, array.shape)
    np.testing.assert_array_equal(read, array)
