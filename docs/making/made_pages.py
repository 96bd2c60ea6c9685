"""The Sphinx extension that makes what is not written by hand, anew with each build."""

from pathlib import Path
from typing import Any

import api_pages
import command_pages
import diagrams
import docstrings
import http_pages
import plots


def make(app: Any) -> None:
    """Write all made pages and pictures into `made`, beside the pages that show them."""
    made = Path(app.srcdir) / "made"
    made.mkdir(exist_ok=True)
    benchmarks = (Path(app.srcdir).parent / "benchmarks" / "README.md").read_text()
    files: dict[str, str] = {
        **api_pages.pages(),
        **command_pages.pages(),
        **http_pages.pages(),
        **diagrams.pictures(),
        **plots.pictures(benchmarks),
    }
    for old in made.iterdir():
        if old.name not in files:
            old.unlink()
    for name, content in files.items():
        path = made / name
        if not path.exists() or path.read_text() != content:  # else Sphinx reads it again
            path.write_text(content)


def setup(app: Any) -> dict[str, bool]:
    """See Sphinx."""
    app.connect("builder-inited", make)
    app.connect("autodoc-process-docstring", docstrings.adapt)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
