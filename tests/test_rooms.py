"""Every package that loads its names when they are asked for keeps the same promises."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import hashmatch

HERE = Path(hashmatch.__file__).parent
ROOMS = sorted(
    ".".join(("hashmatch", *found.parent.relative_to(HERE).parts))
    for found in HERE.rglob("__init__.py")
    if "lazily(__name__" in found.read_text()
)


def test_there_are_rooms():
    assert {"hashmatch", "hashmatch.matching", "hashmatch.pipeline.guards"} <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_there_and_no_other(room):
    module = import_module(room)
    assert sorted(module.__all__) == dir(module)
    assert all(getattr(module, name) is not None for name in module.__all__)
    with pytest.raises(AttributeError, match=f"'{room}' has no attribute 'nothing_of_that_name'"):
        _ = module.nothing_of_that_name


@pytest.mark.parametrize("room", ROOMS)
def test_importing_a_room_loads_nothing_heavy(room):
    heavy = {"numba", "faiss", "sqlalchemy", "cv2", "httpx", "starlette", "matplotlib", "ray"}
    code = f"import sys, {room}; print(sorted({heavy!r} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
