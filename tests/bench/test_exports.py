import subprocess
import sys


def test_importing_the_room_loads_nothing_heavy():
    program = (
        "import sys, hashmatch.bench\n"
        "assert not {'numpy', 'numba', 'faiss', 'matplotlib', 'pyarrow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
