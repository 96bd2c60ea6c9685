import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from hashmatch import hashers
from hashmatch.errors import UnknownHasherError
from hashmatch.hashers import lookup

BUILT_IN = ["ahash", "dhash", "md5", "pdq", "phash", "sha256", "whash"]
MODULE = """
from hashmatch.hashers import PixelHasher

class Mean(PixelHasher):
    name = "mean"
    bits = 8
    block_threshold = review_threshold = 1

    def _hash(self, pixels):
        return bytes([int(pixels.mean())]), None

class Impostor(Mean):
    name = "pdq"

class Misnamed(Mean):
    name = "other"

not_a_class = 5
"""
ENTRIES = """[hashmatch.hashers]
mean = their_hashers:Mean
pdq = their_hashers:Impostor
misnamed = their_hashers:Misnamed
nothing = their_hashers:not_a_class
broken = their_hashers:Absent
"""


@pytest.fixture
def theirs(tmp_path, monkeypatch):
    """Another package, installed beside this one, that brings hashers of its own."""
    (tmp_path / "their_hashers.py").write_text(MODULE)
    information = tmp_path / "their_hashers-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: their-hashers\nVersion: 1.0\n"
    )
    (information / "entry_points.txt").write_text(ENTRIES)
    monkeypatch.syspath_prepend(tmp_path)
    lookup.get.cache_clear()
    yield
    lookup.get.cache_clear()
    sys.modules.pop("their_hashers", None)


def test_names_are_sorted():
    assert hashers.names() == BUILT_IN


@pytest.mark.usefixtures("theirs")
def test_another_package_adds_a_hasher():
    assert hashers.names() == sorted([*BUILT_IN, "mean", "misnamed", "nothing", "broken"])
    import numpy as np

    found = hashers.get("mean").hash(np.full((20, 20), 7, np.uint8))
    assert (found.hasher, found.code) == ("mean", b"\x07")


@pytest.mark.usefixtures("theirs")
def test_no_package_replaces_a_built_in_hasher():
    assert hashers.get("pdq").bits == 256


@pytest.mark.parametrize("name", ["misnamed", "nothing", "broken"])
@pytest.mark.usefixtures("theirs")
def test_entry_points_that_are_no_hashers_are_named(name):
    with pytest.raises(UnknownHasherError, match=name):
        hashers.get(name)


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(UnknownHasherError, match=r"no hasher 'pdg'; .*md5, pdq, phash"):
        hashers.get("pdg")


def test_the_entry_points_of_this_package_are_the_built_in_hashers():
    own = [e for e in entry_points(group=lookup.GROUP) if e.value.startswith("hashmatch.")]
    if not own:
        pytest.skip("hashmatch is not installed, only on the path")
    assert sorted(entry.name for entry in own) == BUILT_IN
    for entry in own:
        assert type(hashers.get(entry.name)) is entry.load()


def test_built_in_hashers_are_found_without_reading_metadata():
    program = (
        "import sys\n"
        "from hashmatch import hashers\n"
        "def refuse(*a, **k): raise SystemExit('metadata were read')\n"
        "import importlib.metadata\n"
        "importlib.metadata.entry_points = refuse\n"
        "import hashmatch.hashers.lookup as lookup\n"
        "lookup.entry_points = refuse\n"
        "hashers.get('pdq'), hashers.get('md5')\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_hasher_is_made_once():
    assert hashers.get("pdq") is hashers.get("pdq")
