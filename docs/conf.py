"""How the site is built: `make docs`. Nothing in its pages is loaded from elsewhere."""

import os
import sys
from pathlib import Path

os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # kernels are described here, and never run

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "making"))

import hashmatch.errors  # noqa: E402, F401 - fails here, and not page by page, if it is not there

project = "hashmatch"
author = "The hashmatch maintainers"
copyright = "the hashmatch maintainers, Apache-2.0"  # noqa: A001 - Sphinx calls it so
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_parser", "made_pages"]
exclude_patterns = ["making", "examples", "made/*.part.md"]

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 4

# Docstrings name things in single backticks; what is documented here becomes a link.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
python_maximum_signature_line_length = 88
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "hashmatch"
html_show_sphinx = False
html_copy_source = False
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_theme_options = {"top_of_page_buttons": []}
pygments_style = "default"
pygments_dark_style = "github-dark"
