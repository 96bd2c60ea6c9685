"""The tree in the docstring is the tree in the code, and every error can be told by machines."""

import re

import pytest

from hashmatch import errors
from hashmatch.errors import HashmatchError

CLASSES = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, HashmatchError)
]


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_has_a_docstring_and_a_stable_reason(error):
    assert error.__doc__
    assert re.fullmatch(r"[a-z_]+", error.reason)


def test_reasons_are_all_different():
    assert len({error.reason for error in CLASSES}) == len(CLASSES)


def test_the_drawn_tree_is_the_tree():
    parents = {}
    path = []
    for line in errors.__doc__.splitlines():
        name = re.search(r"[├└│─\s]*\b(\w+Error)\b", line)
        if not name or not line.startswith("    "):
            continue
        depth = (name.start(1) - 4) // 4
        path = [*path[:depth], name[1]]
        parents[name[1]] = path[-2] if depth else None
    drawn = {name: parent for name, parent in parents.items() if name != "HashmatchError"}
    assert drawn == {
        error.__name__: error.__base__.__name__ for error in CLASSES if error is not HashmatchError
    }
