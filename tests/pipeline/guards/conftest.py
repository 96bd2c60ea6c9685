"""Guards over a checker that knows pictures by their bytes."""

import pytest
from known_uploads import Checker

from hashmatch.pipeline.guards import EdgePolicy, Guard


@pytest.fixture
def checker():
    return Checker()


@pytest.fixture
def guarded(checker):
    """A guard with a policy of these settings."""

    def make(tell=None, tell_of=None, **settings):
        return Guard(checker, EdgePolicy(**settings), tell=tell, tell_of=tell_of or {})

    return make
