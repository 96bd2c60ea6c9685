"""What a first visit loads: little enough for a slow line and an old telephone."""

import re

import pytest

MOST = 60_000
CORE = "hashmatch-????????.wasm"
"""The module of PDQ; the one with parts is called `hashmatch-parts`."""


def packed(path):
    """Bytes as they are sent."""
    small = path.with_name(f"{path.name}.br")
    return (small if small.is_file() else path).stat().st_size


@pytest.fixture(scope="module")
def first(built):
    """All that is loaded before a picture is chosen, but decoders: the page, worker and core."""
    html = (built / "index.ar.html").read_text("utf-8")
    linked = [built / name for name in re.findall(r'(?:href|src)="/(assets/[^"]+)"', html)]
    assert len(linked) == 3  # icon, style, program
    client = built / "client"
    core = [*client.glob("worker.js"), *client.glob(CORE)]
    # of the decoders, PNG's is of the browser and ours: what the first self-test takes
    png = [*client.glob("png-*.js"), *client.glob("chunk-*.js")]
    return [built / "index.ar.html", built / "signposts.json", *linked, *core, *png]


def test_a_first_visit_is_small(first):
    assert sum(map(packed, first)) <= MOST


def test_the_core_is_small(built):
    (core,) = (built / "client").glob(CORE)
    assert packed(core) <= 16_000


def test_parts_are_small_and_of_no_first_visit(built, first):
    client = built / "client"
    kinds = ("hashmatch-parts-*.wasm", "parts-*.js", "known_parts-*.js")
    (module,), (program,), (known,) = (list(client.glob(each)) for each in kinds)
    assert not {module, program, known}.intersection(first)
    assert packed(module) <= 16_000
    assert sum(map(packed, (module, program, known))) <= 22_000


def test_everything_is_packed(built):
    for path in built.rglob("*"):
        if path.suffix in {".html", ".js", ".css", ".wasm"} and path.stat().st_size > 1_000:
            assert packed(path) < path.stat().st_size, path.name
