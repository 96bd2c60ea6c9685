"""Entries that are held back send what matches them to review."""

import numpy as np
import pytest

from hashmatch import hash_image
from hashmatch.matching import Matcher
from hashmatch.registry import Sighting
from hashmatch.types import Hash


@pytest.fixture
def entry(registry, photo):
    return registry.add("default", [hash_image(photo)], source="test").entries[0]


def actions(matcher, photo):
    """What is made of a photograph, and of its code."""
    codes = np.frombuffer(hash_image(photo).code, np.uint8)[None]
    judged = matcher.match_lists(codes)
    return matcher.check(photo).action, ("pass", "review", "block")[judged.verdicts[0]]


def test_a_hold_and_a_release_become_effective(registry, matcher, photo, entry):
    matcher.refresh()
    assert actions(matcher, photo) == ("block", "block")
    registry.report("site", 1, [Sighting(entry, 51)])
    assert actions(matcher, photo) == ("block", "block")  # not yet
    matcher.refresh()
    assert actions(matcher, photo) == ("review", "review")
    reason = matcher.check(photo).reason
    assert "asks for a review" in reason
    assert "held back, because it matched unusually many uploads" in reason
    with Matcher(registry) as other:  # that read the entries instead of the changes
        assert actions(other, photo) == ("review", "review")
    registry.give_opinion(entry, "site", is_match=True)
    matcher.refresh()
    assert actions(matcher, photo) == ("block", "block")
    registry.decide(entry, "demote")
    registry.withdraw([entry])
    matcher.refresh()
    assert actions(matcher, photo) == ("pass", "pass")


def test_what_is_held_back_in_an_allow_list_allows_nothing(registry, matcher, photo, entry):
    del entry
    registry.create_list("harmless", allow_list=True)
    (allowing,) = registry.add("harmless", [hash_image(photo)], source="test").entries
    matcher.refresh()
    assert actions(matcher, photo) == ("pass", "pass")
    registry.decide(allowing, "demote")
    matcher.refresh()
    assert actions(matcher, photo) == ("block", "block")


def test_only_the_entry_itself_is_held_back(registry, matcher, photo, entry, flip):
    near = Hash("pdq", flip(hash_image(photo).code, 5), 100)
    registry.add("default", [near], source="test")
    registry.decide(entry, "demote")
    matcher.refresh()
    found = {match.entry: match.action for match in matcher.check(photo).matches}
    assert found == {entry: "review", entry + 1: "block"}
    assert actions(matcher, photo) == ("block", "block")
