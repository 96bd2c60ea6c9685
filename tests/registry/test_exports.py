import subprocess
import sys


def test_importing_the_room_does_not_load_sqlalchemy():
    code = "import sys, hashmatch.registry; print('sqlalchemy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
