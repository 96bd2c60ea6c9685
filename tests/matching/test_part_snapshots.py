"""Parts in published snapshots."""

import mmap

import numpy as np
import pytest
from packing import packed_of_nothing, with_parts

from hashmatch.errors import SnapshotError
from hashmatch.matching import Matcher
from hashmatch.matching.snapshots import Folder
from hashmatch.matching.stored import read
from hashmatch.packed import unpack
from hashmatch.types import Hash


@pytest.fixture
def pictures():
    rng = np.random.default_rng(2)
    return [with_parts(Hash("pdq", rng.bytes(32), 90), packed_of_nothing(n)) for n in range(5)]


def found(generation, number):
    ids = generation.parts.index.search(unpack(packed_of_nothing(number)).codes, 0).ids
    return ids.tolist()


def test_parts_are_published_and_opened(registry, pictures, tmp_path):
    folder = Folder(tmp_path / "snapshots")
    registry.submit(pictures[:3])
    with Matcher(registry, snapshots=folder) as matcher:
        folder.put(matcher._kept.generation)
    registry.submit(pictures[3:4])
    registry.withdraw([1])
    with Matcher(registry, snapshots=folder) as matcher:
        generation = matcher._kept.generation
        assert generation.number == 1
        held = generation.parts.base.data
        while isinstance(held, np.ndarray):
            held = held.base
        assert isinstance(held.obj, mmap.mmap)
        assert found(generation, 0) == []
        assert found(generation, 2) == [384, 385, 386]
        assert found(generation, 3) == [512, 513, 514]
        assert generation.withdrawn >= 4
        again = folder.put(generation)
    assert again.number == 2
    assert again.parts.base.entries.tolist() == [2, 3, 4]
    assert again.withdrawn == 0
    assert found(again, 0) == []
    assert found(again, 3) == [512, 513, 514]
    content = b"".join(path.read_bytes() for path in folder.place(2).rglob("*.npy"))
    assert unpack(packed_of_nothing(0)).codes.tobytes() not in content


def test_lists_without_parts_have_none_in_their_snapshot(registry, pictures, tmp_path):
    folder = Folder(tmp_path / "snapshots")
    registry.submit([picture[:1] for picture in pictures])
    with Matcher(registry, snapshots=folder) as matcher:
        folder.put(matcher._kept.generation)
    assert not (folder.place(1) / "pdq-part").exists()
    assert len(read(folder.place(1)).parts) == 0


@pytest.mark.parametrize("name", ["records.npy", "ends.npy", "entries.npy"])
def test_a_snapshot_with_damaged_parts_is_refused(registry, pictures, tmp_path, name):
    folder = Folder(tmp_path / "snapshots")
    registry.submit(pictures)
    with Matcher(registry, snapshots=folder) as matcher:
        folder.put(matcher._kept.generation)
    path = folder.place(1) / "pdq-part" / name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match=name):
        read(folder.place(1))
