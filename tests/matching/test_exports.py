import subprocess
import sys


def test_importing_the_room_loads_nothing_heavy():
    code = (
        "import sys, hashmatch.matching; print({'numba', 'sqlalchemy', 'cv2'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


def test_a_matcher_does_without_faiss():
    code = "import sys; from hashmatch import Matcher; print('faiss' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
