import subprocess
import sys


def test_without_ray_it_tells_which_extra_it_takes():
    code = (
        "import sys; sys.modules['ray'] = None\n"
        "from hashmatch.batch import scan_archive\n"
        "from hashmatch.errors import MissingExtraError\n"
        "try: scan_archive('archive.parquet', 'lists')\n"
        "except MissingExtraError as error: print(error)"
    )
    told = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert told == "A scan on many machines takes Ray: pip install 'hashmatch[ray]'\n"
