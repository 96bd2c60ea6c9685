import subprocess
import sys

import pytest

from hashmatch import bench


@pytest.mark.parametrize("name", bench.__all__)
def test_every_public_name_is_there(name):
    assert getattr(bench, name).__doc__
    assert name in dir(bench)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing_here"):
        bench.nothing_here  # noqa: B018  # the access is what is tested


def test_importing_the_room_loads_nothing_heavy():
    program = (
        "import sys, hashmatch.bench\n"
        "assert not {'numpy', 'numba', 'faiss', 'matplotlib', 'pyarrow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
