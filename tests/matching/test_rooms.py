"""What rooms that do not know each other must agree on."""

from datetime import UTC, datetime

import pytest

from hashmatch import hashers
from hashmatch.matching import policy
from hashmatch.registry import HashList
from hashmatch.registry.schema import KNOWN_HASHERS


@pytest.mark.parametrize("name", KNOWN_HASHERS)
def test_registry_and_hashers_agree_on_widths(name):
    assert hashers.get(name).bits == KNOWN_HASHERS[name]


def test_the_registry_knows_all_hashers_that_come_with_hashmatch():
    assert KNOWN_HASHERS.keys() == set(hashers.names())


def test_policy_and_registry_agree_on_what_is_usual():
    usual = HashList(1, "usual", datetime.now(UTC))
    for name in KNOWN_HASHERS:
        hasher = hashers.get(name)
        assert policy.reach(usual, hasher) == (hasher.block_threshold, hasher.review_threshold)
