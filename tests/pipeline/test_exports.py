import subprocess
import sys
from importlib.metadata import entry_points


def test_a_client_loads_no_index_and_no_service():
    heavy = "{'numba', 'sqlalchemy', 'faiss', 'starlette'}"
    code = f"import sys, hashmatch.pipeline; print({heavy} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


def test_service_urls_are_known_to_matching():
    assert {found.name for found in entry_points(group="hashmatch.sources")} >= {"http", "https"}
