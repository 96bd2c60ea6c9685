import subprocess
import sys

import pytest

import hashmatch.registry as room


def test_every_public_name_is_there():
    assert all(getattr(room, name) is not None for name in room.__all__)
    assert sorted(room.__all__) == sorted(room._HOME)


def test_other_names_are_not():
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = room.nothing_of_that_name


def test_importing_the_room_does_not_load_sqlalchemy():
    code = "import sys, hashmatch.registry; print('sqlalchemy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
