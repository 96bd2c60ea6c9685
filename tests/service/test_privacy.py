"""Nothing of a picture is kept: no file is made, and none holds a run of its bytes or pixels."""

import io
import os
import re
import shutil

import numpy as np
import pytest
from PIL import Image
from serving import Started

from hashmatch.registry import Registry

# What a service may open for writing. SQLite's files, whose contents are looked through below.
ALLOWED = re.compile(r".*/registry\.sqlite3(-wal|-shm|-journal)?$|/dev/null$|/proc/.*")


@pytest.fixture(scope="module")
def large():
    """Noise, which no format shrinks: a file of 40 MB, and the pixels in it."""
    pixels = np.random.default_rng(40).integers(0, 256, (3660, 3660, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=0)
    return file.getvalue(), pixels.tobytes()


def runs(data):
    """A run of 24 bytes of every 4 KB: what is written in blocks cannot avoid all of them."""
    return {data[at : at + 24] for at in range(0, len(data) - 24, 4096)}


def upload(place, tmp_path, large, before=()):
    """Check the picture, and other uploads that fail; returns the folder for temporary files."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with Registry.open(place) as registry:
        issued = registry.issue_credential("check", {"check"})
    headers = {"Authorization": f"Bearer {issued.token}"}
    service = Started(
        place,
        tmp_path / "logs",
        before=before,
        environment={
            "TMPDIR": str(temporary),
            "PYTHONDONTWRITEBYTECODE": "1",
            "UV_USE_IO_URING": "0",  # of it, only the ring that batches epoll_ctl is left
        },
    )
    data, _ = large
    assert len(data) > 40_000_000
    with service:
        answer = service.client.post("/v1/checks", content=data, headers=headers)
        assert answer.json()["action"] == "pass", answer.text
        cut = service.client.post("/v1/checks", content=data[:20_000_000], headers=headers)
        assert cut.json()["reason"] == "truncated"
        assert not list(temporary.iterdir())
        service.end()
    return temporary


def look_through(tmp_path, large):
    """No file that is left holds a run of the picture's bytes, or of its pixels."""
    known = runs(large[0]) | runs(large[1])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name.startswith("registry.sqlite3") for path in files)
    for path in files:
        content = path.read_bytes()
        assert len(content) < 2_000_000, path
        assert not any(run in content for run in known), path


def test_an_upload_of_40_mb_leaves_nothing(place, tmp_path, large):
    temporary = upload(place, tmp_path, large)
    assert not list(temporary.iterdir())
    assert {path.name for path in tmp_path.iterdir()} == {"registry", "temporary", "logs"}
    look_through(tmp_path, large)


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_no_process_opens_a_file_for_it(place, tmp_path, large):
    trace = tmp_path / "trace"
    calls = "trace=open,openat,creat,memfd_create,mmap,copy_file_range,sendfile"
    upload(place, tmp_path, large, ["strace", "-f", "-q", "-y", "-e", calls, "-o", str(trace)])
    lines = trace.read_text(errors="replace").splitlines()
    trace.unlink()
    opened = [
        line for line in lines if re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE|creat\(", line)
    ]
    written = {found[1] for line in opened if (found := re.search(r'"([^"]+)"', line))}
    assert any(path.endswith("registry.sqlite3") for path in written)  # so that we saw something
    # compiled kernels are kept, which is done while the service loads
    kernels = (os.environ.get("NUMBA_CACHE_DIR", "__pycache__"), "__pycache__")
    others = {
        path
        for path in written
        if not ALLOWED.match(path) and not any(folder in path for folder in kernels)
    }
    assert not others
    shared = [
        line for line in lines if "mmap(" in line and "MAP_SHARED" in line and "PROT_WRITE" in line
    ]
    for line in shared:
        assert re.search(r"registry\.sqlite3-shm|MAP_ANONYMOUS|anon_inode", line), line
    assert not [
        line for line in lines if re.search(r"memfd_create|copy_file_range|sendfile\(", line)
    ]
    look_through(tmp_path, large)
