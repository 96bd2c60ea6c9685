import subprocess
import sys

import pytest

import hashmatch
import hashmatch.matching as room


def test_every_public_name_is_there():
    assert room.__all__ == dir(room) == sorted(room._HOMES)
    assert all(hasattr(room, name) for name in room.__all__)
    assert hashmatch.Matcher is room.Matcher


def test_other_names_are_not():
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = room.nothing_of_that_name


def test_importing_the_room_loads_nothing_heavy():
    code = (
        "import sys, hashmatch.matching; print({'numba', 'sqlalchemy', 'cv2'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


def test_a_matcher_does_without_faiss():
    code = "import sys; from hashmatch import Matcher; print('faiss' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
