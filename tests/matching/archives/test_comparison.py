"""What a comparison finds is what a matcher finds, whichever side is indexed."""

import numpy as np
import pytest

from hashmatch.hashers import LIKELIHOODS
from hashmatch.matching import Matcher
from hashmatch.matching.archives import Comparison, Lists, comparison
from hashmatch.types import Hash

GENERATOR = np.random.default_rng(11)


def near(code, distance):
    bits = np.unpackbits(code)
    bits[GENERATOR.choice(256, distance, replace=False)] ^= 1
    return np.packbits(bits)


BASE = GENERATOR.integers(0, 256, (20, 32), np.uint8)


@pytest.fixture(autouse=True)
def numbers_that_no_other_test_has_moved():
    """Else two entries are equal in some orders of the tests, and are one."""
    GENERATOR.bit_generator.state = np.random.default_rng(14).bit_generator.state


def some(count):
    """Codes near those of a small set, and their qualities."""
    codes = [
        near(BASE[int(GENERATOR.integers(20))], int(GENERATOR.integers(30))) for _ in range(count)
    ]
    return np.array(codes), GENERATOR.choice([-1, 40, 55, 80, 100], count).astype(np.int16)


def add(registry, name, count):
    codes, qualities = some(count)
    told = [
        Hash("pdq", code.tobytes(), None if quality < 0 else int(quality))
        for code, quality in zip(codes, qualities, strict=True)
    ]
    registry.add(name, told, source="test")


@pytest.fixture
def lists(registry):
    """Lists of all kinds; the entries of each were added partly before, partly after a change."""
    registry.update_list("default", threshold=20, review_threshold=40)
    registry.create_list("partners", action="review", threshold=30, min_quality=60)
    registry.create_list("harmless", allow_list=True, threshold=10)
    sequence = 0
    for turn in range(2):
        for name in ("default", "partners", "harmless"):
            add(registry, name, 25)
        if not turn:
            sequence = registry.sequence()
    return sequence


def rows_of(judged, newer_than=0):
    rows = np.repeat(np.arange(len(judged.matches)), np.diff(judged.matches.offsets))
    found = zip(
        rows.tolist(),
        judged.matches.distances.tolist(),
        judged.matches.ids.tolist(),
        [judged.lists[place].name for place in judged.list_of],
        judged.actions.tolist(),
        judged.verdicts[rows].tolist(),
        strict=True,
    )
    return [row for row in found if row[2] > newer_than]


def told(found):
    return [
        *zip(
            found.rows.tolist(),
            found.distances.tolist(),
            found.entries.tolist(),
            [found.names[place] for place in found.list_of],
            found.actions.tolist(),
            found.verdicts.tolist(),
            strict=True,
        )
    ]


@pytest.mark.parametrize("indexed", ["entries", "entries for some codes at a time", "codes"])
@pytest.mark.parametrize("since", ["the first", "a change"])
def test_all_pairs_are_those_of_a_matcher(registry, tmp_path, lists, indexed, since, monkeypatch):
    if indexed == "codes":
        monkeypatch.setattr(comparison, "FEW", 1)
        monkeypatch.setattr(comparison, "FLAT_BELOW", 1)
    if "some" in indexed:
        monkeypatch.setattr(comparison, "TOGETHER", 70)
    codes, qualities = some(600)
    with Lists.open(tmp_path / "registry") as opened, Matcher(registry) as matcher:
        after = 0 if since == "the first" else opened.entry_at(lists)
        made = Comparison(opened.generation, after)
        assert made.entries == (150 if not after else 75)
        found = told(made.find(codes, qualities, "pdq"))
        assert found == rows_of(matcher.match_lists(codes, qualities), after)
        assert {row[5] for row in found} == {0, 1, 2}
        assert len(found) > 500


def test_an_older_entry_of_an_allow_list_overrules_a_newer_one(registry, tmp_path):
    code = BASE[:1]
    registry.create_list("harmless", allow_list=True)
    registry.add("harmless", [Hash("pdq", code.tobytes(), 100)], source="test")
    before = registry.sequence()
    registry.add("default", [Hash("pdq", code.tobytes(), 100)], source="test")
    with Lists.open(tmp_path / "registry") as opened:
        made = Comparison(opened.generation, opened.entry_at(before))
        (row,) = told(made.find(code, np.array([100], np.int16), "pdq"))
    assert row[3:] == ("default", 2, 0)


def test_the_more_a_view_supposes_the_nearer_it_has_to_be(registry, tmp_path):
    registry.add("default", [Hash("pdq", BASE[0].tobytes(), 100)], source="test")
    bits = [31, 32, 40, 41, 45]
    registry.create_list("wider", review_threshold=90)
    codes = np.array([near(BASE[0], each) for each in bits] * len(LIKELIHOODS))
    kinds = np.repeat(np.arange(len(LIKELIHOODS)), len(bits))
    qualities = np.full(len(codes), 90, np.int16)
    with Lists.open(tmp_path / "registry") as opened:
        found = Comparison(opened.generation).find(codes, qualities, "pdq", kinds)
    rows = [[bits[row % 5] for row in found.rows.tolist() if kinds[row] == by] for by in range(3)]
    assert dict(zip(LIKELIHOODS, rows, strict=True)) == {
        "given": bits, "seen": [31, 32, 40], "far-fetched": [31],
    }  # fmt: skip


@pytest.mark.usefixtures("registry")
def test_codes_of_a_hasher_without_entries_match_nothing(tmp_path):
    with Lists.open(tmp_path / "registry") as opened:
        made = Comparison(opened.generation)
        assert made.width("sha256") is None
        assert not len(made.find(BASE, np.full(20, -1, np.int16), "sha256").rows)
        assert not len(made.find(BASE, np.full(20, -1, np.int16), "pdq").rows)


def test_digests_match_where_they_are_equal(registry, tmp_path):
    registry.add("default", [Hash("sha256", BASE[3].tobytes())], source="test")
    with Lists.open(tmp_path / "registry") as opened:
        found = Comparison(opened.generation).find(BASE, np.full(20, -1, np.int16), "sha256")
    assert (found.rows.tolist(), found.distances.tolist()) == ([3], [0])


def test_a_withdrawn_entry_is_not_found_and_a_new_one_has_a_higher_id(registry, tmp_path):
    registry.add("default", [Hash("pdq", BASE[0].tobytes(), 100)], source="test")
    with Lists.open(tmp_path / "registry") as opened:
        first = opened.mark
    registry.withdraw([first.entry])
    registry.add("default", [Hash("pdq", BASE[0].tobytes(), 100)], source="test")
    with Lists.open(tmp_path / "registry") as opened:
        found = Comparison(opened.generation).find(BASE[:1], np.array([90], np.int16), "pdq")
        assert opened.knows(first)
        assert opened.mark.entry > first.entry
        assert found.entries.tolist() == [opened.mark.entry]
        assert opened.entry_at(first.sequence) == first.entry
