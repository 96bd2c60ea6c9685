import subprocess
import sys

import numpy as np
import pytest
from submitting import pictures_of

from hashmatch.matching import submit
from hashmatch.matching.submitting import near_allowed
from hashmatch.types import Hash


@pytest.fixture
def harmless(registry):
    """A list of ten harmless pictures, and their codes."""
    codes = [np.random.default_rng(seed).bytes(32) for seed in range(10)]
    registry.create_list("harmless", allow_list=True, threshold=20)
    registry.add("harmless", [Hash("pdq", code, 90) for code in codes], source="test")
    registry.add("harmless", [Hash("md5", code[:16]) for code in codes], source="test")
    return codes


@pytest.mark.parametrize(("distance", "state"), [(0, "review"), (20, "review"), (21, "live")])
def test_within_the_threshold_of_an_allow_list(registry, harmless, flip, distance, state):
    pictures = pictures_of(
        [Hash("pdq", flip(harmless[7], distance), 90), Hash("pdq", b"0123456789abcdef" * 2)]
    )
    pictures[1] = pictures_of([Hash("pdq", np.random.default_rng(99).bytes(32))])[0]
    receipt = submit(registry, pictures)
    assert [each.state for each in receipt.pictures] == [state, "live"]
    assert len(registry.held()) == (state == "review")


def test_digests_are_equal_or_not(registry, harmless, flip):
    near = [Hash("md5", flip(harmless[3][:16], count)) for count in (0, 1)]
    assert near_allowed(registry, pictures_of(near)) == {0}


@pytest.mark.usefixtures("harmless")
def test_entries_of_other_lists_do_not_matter(registry):
    value = Hash("pdq", np.random.default_rng(50).bytes(32), 90)
    registry.add("default", [value], source="test")
    assert near_allowed(registry, pictures_of([value])) == frozenset()


def test_it_is_what_all_distances_say(registry, harmless):
    generator = np.random.default_rng(1)
    asked = []
    for _ in range(200):
        bits = np.unpackbits(np.frombuffer(harmless[generator.integers(10)], np.uint8))
        bits[generator.choice(256, generator.integers(10, 30), replace=False)] ^= 1
        asked.append(Hash("pdq", np.packbits(bits).tobytes()))
    near = {
        number
        for number, value in enumerate(asked)
        if any(value - Hash("pdq", code) <= 20 for code in harmless)
    }
    assert 20 < len(near) < 180
    assert near_allowed(registry, pictures_of(asked)) == near


def test_a_hasher_that_is_not_installed_here(registry):
    registry.know_hasher("another", 64)
    registry.create_list("harmless", allow_list=True)
    registry.add("harmless", [Hash("another", b"12345678")], source="test")
    asked = pictures_of([Hash("another", b"12345678"), Hash("another", b"12345679")])
    assert near_allowed(registry, asked) == {0}


def test_it_loads_no_index():
    program = (
        "import sys\nfrom hashmatch.matching import submit\n"
        "assert not {'numba', 'faiss'} & set(sys.modules), set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
