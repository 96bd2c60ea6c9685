"""Numbers that no registry has, wherever they enter: nothing is found, or the reason is told."""

import pytest

from hashmatch.errors import EntryNotFoundError, RegistryError
from hashmatch.registry import Sighting

ASKED = {
    "withdraw": lambda registry, number: registry.withdraw([number]),
    "follow": lambda registry, number: registry.follow(number),
    "follow, limit": lambda registry, number: registry.follow(0, number),
    "opinions": lambda registry, number: registry.opinions(number),
    "give_opinion": lambda registry, number: registry.give_opinion(number, "p", is_match=True),
    "report": lambda registry, number: registry.report("p", number),
    "report, entry": lambda registry, number: registry.report("p", 0, [sighting(number)]),
    "reviews": lambda registry, number: registry.reviews(number),
    "reviews, limit": lambda registry, number: registry.reviews(0, number),
    "decide": lambda registry, number: registry.decide(number, "confirm"),
    "audit": lambda registry, number: registry.audit(number),
    "audit, limit": lambda registry, number: registry.audit(0, number),
    "search_audit": lambda registry, number: registry.search_audit(number),
    "search_audit, limit": lambda registry, number: registry.search_audit(None, number),
}


REFUSED = (
    "A number is too large for a registry: entry ids, sequence numbers and limits lie below 2**63."
)


def sighting(entry):
    return Sighting(entry, 1, 0, 3)


def told(asked, registry, number):
    """The reason of a refusal; else what was found."""
    try:
        return ASKED[asked](registry, number)
    except EntryNotFoundError:
        return ()
    except RegistryError as error:
        return str(error)


@pytest.mark.parametrize("number", [2**63, 2**70], ids=["one too many", "far too many"])
@pytest.mark.parametrize("asked", ASKED)
def test_a_number_beyond_64_bits_finds_nothing_or_is_refused(asked, number, registry, hashes):
    registry.add("default", hashes(2), source="test")
    before = registry.sequence()
    found = told(asked, registry, number)
    if not asked.endswith("limit"):
        assert found in {(), REFUSED}
    assert isinstance(found, tuple) or found == REFUSED
    assert registry.sequence() == before
    assert registry.count_entries("default") == 2


def test_a_number_of_64_bits_is_only_unknown(registry, hashes):
    registry.add("default", hashes(1), source="test")
    assert registry.withdraw([2**63 - 1]) == ()
    assert registry.follow(2**63 - 1) == ()
    with pytest.raises(EntryNotFoundError):
        registry.decide(2**63 - 1, "confirm")
