"""The containers of a snapshot: standard files, opened by mmap, that other programs read as well.

- ``*.faiss``: a FAISS ``IndexBinaryFlat``;
  ``faiss.read_index_binary(path, faiss.IO_FLAG_MMAP_IFC)`` opens it;
- ``*.npy``: a NumPy array; ``numpy.load(path, mmap_mode="r")``;
- ``*.arrow``: an Arrow IPC file of one batch; ``pyarrow.ipc.open_file(pyarrow.memory_map(path))``.

Readers refuse a file whose header does not promise what the manifest says, or whose size does not
keep it. The FAISS header is read and written here, so that serving an index does not load FAISS.
"""

import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hashmatch.errors import SnapshotError
from hashmatch.types import Codes

# Kind, bits, bytes a code, number of codes, trained, metric (unused), bytes that follow.
_FAISS_HEADER: Final = struct.Struct("<4siiq?iQ")
_FAISS_FLAT: Final = b"IBxF"
_METRIC: Final = 1

LARGE: Final = 1 << 21
"""Bytes of a large page; a shorter file has none."""
_PIECE: Final = 4 * LARGE
_POPULATE_READ: Final = 22
"""``MADV_POPULATE_READ`` of Linux 5.14, which Python has no name for; others refuse it."""


def damaged(path: Path, what: str) -> SnapshotError:
    """The error for a file that is not what the manifest says."""
    return SnapshotError(
        f"The snapshot file {path} {what}. Restore it from a copy, or delete the folder "
        f"{path.parent} and build the index anew from its registry."
    )


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn the system's refusal to let a file or folder be read into an error that names it."""
    try:
        yield
    except OSError as error:
        raise SnapshotError(
            f"{path} cannot be read: {error.strerror or error}. Check its permissions and the disk."
        ) from error


def write_codes(path: Path, codes: Codes) -> None:
    """Write codes as a FAISS ``IndexBinaryFlat``."""
    count, width = codes.shape
    header = _FAISS_HEADER.pack(_FAISS_FLAT, 8 * width, width, count, True, _METRIC, codes.size)
    with path.open("xb") as file:
        file.write(header)
        file.write(codes.reshape(-1).data)
        _settle(file)


def read_codes(path: Path, count: int, bits: int) -> Codes:
    """Open codes by mmap, shape ``(count, bits // 8)``.

    Raises:
        SnapshotError: the file does not hold that many codes of that width, or cannot be read.
    """
    with readable(path), path.open("rb") as file:
        header = file.read(_FAISS_HEADER.size)
    width = bits // 8
    expected = (_FAISS_FLAT, bits, width, count, True, count * width)
    if len(header) == _FAISS_HEADER.size:
        kind, *numbers, _metric, size = _FAISS_HEADER.unpack(header)
        if (kind, *numbers, size) == expected:
            return _mapped(path, np.dtype(np.uint8), (count, width), _FAISS_HEADER.size)
    raise damaged(path, f"does not begin as {count} codes of {bits} bits in a FAISS index do")


def write_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Write an array in C order in NumPy's own form.

    The bytes go through the file itself: ``numpy.save`` does not tell why it could not write all.
    """
    with path.open("xb") as file:
        form = np.lib.format
        form.write_array_header_1_0(file, form.header_data_from_array_1_0(array))
        file.write(array.reshape(-1).data)
        _settle(file)


def read_array(path: Path, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Open an array by mmap.

    Raises:
        SnapshotError: it has another dtype or shape, or cannot be read.
    """
    try:
        with readable(path), path.open("rb") as file:
            np.lib.format.read_magic(file)
            found = np.lib.format.read_array_header_1_0(file)
            offset = file.tell()
    except ValueError as error:
        raise damaged(path, f"does not begin as a NumPy array does ({error})") from error
    if found != (shape, False, np.dtype(dtype)):
        raise damaged(path, f"does not hold an array of {np.dtype(dtype)} of the shape {shape}")
    return _mapped(path, np.dtype(dtype), shape, offset)


def write_ids(path: Path, ids: npt.NDArray[np.int64]) -> None:
    """Write ids as the one column of an Arrow file."""
    import pyarrow as pa  # 0.1 s that only users of ids pay

    table = pa.table({"id": pa.array(ids)})
    with path.open("xb") as file:
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=max(len(ids), 1))
        _settle(file)


def read_ids(path: Path, count: int) -> npt.NDArray[np.int64]:
    """Open ids by mmap.

    Raises:
        SnapshotError: the file does not hold ``count`` ids and nothing else, holds nulls, or
            cannot be read.
    """
    import pyarrow as pa  # 0.1 s that only users of ids pay

    try:
        with readable(path):
            column = pa.ipc.open_file(pa.memory_map(str(path))).read_all().column("id")
    except (pa.ArrowException, KeyError) as error:
        raise damaged(path, f"is not an Arrow file of ids ({error})") from error
    if column.type != pa.int64() or column.null_count or len(column) != count:
        raise damaged(path, f"does not hold {count} ids of 64 bits without nulls")
    if not count:
        return np.empty(0, np.int64)
    if column.num_chunks != 1:
        raise damaged(path, "holds its ids in several parts")
    ids: npt.NDArray[np.int64] = column.chunk(0).to_numpy(zero_copy_only=True)
    return ids


def _mapped(
    path: Path, dtype: np.dtype[Any], shape: tuple[int, ...], offset: int
) -> npt.NDArray[Any]:
    """Map the rest of a file, if it is as long as the array is."""
    size = offset + dtype.itemsize * int(np.prod(shape, dtype=object))
    if path.stat().st_size != size:
        raise damaged(path, f"has {path.stat().st_size} bytes where {size} belong")
    if size == offset:  # nothing cannot be mapped
        return np.empty(shape, dtype)
    with readable(path), path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a kernel without large pages
            mapped.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(mapped, dtype, offset=offset).reshape(shape)


def lay_in_large_pages(file: Any) -> None:
    """Have the page cache hold a file in large pages, as far as system and file system can do that.

    What was just written lies there in pages of any size, and with small ones a search of a long
    list takes a third longer: the processor has to look up where nearly each of them is. So the
    file leaves the cache, but for what somebody has mapped, and is read by a mapping that asks for
    large pages: piece by piece, for other threads wait meanwhile, and so that what cannot be read
    is no signal.
    """
    size = os.fstat(file.fileno()).st_size
    if size < LARGE or not hasattr(os, "posix_fadvise") or not hasattr(mmap, "MADV_HUGEPAGE"):
        return
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as mapped, suppress(OSError):
        mapped.madvise(mmap.MADV_HUGEPAGE)
        for start in range(0, size, _PIECE):
            mapped.madvise(_POPULATE_READ, start, min(_PIECE, size - start))


def _settle(file: Any) -> None:
    """Bring a written file to the disk."""
    file.flush()
    os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can do that."""
    if os.name == "nt":  # a folder cannot be opened there; its names are journaled
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
