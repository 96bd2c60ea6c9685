"""One page for each public module: what its `__all__` names, from the docstrings."""

import inspect
import sys
from importlib import import_module
from textwrap import indent
from types import ModuleType
from typing import Any, Final

from sphinx.pycode import ModuleAnalyzer

MODULES: Final = {
    "hashmatch.types": ("Hash", "Match", "Matches", "Neighbours", "Verdict"),
    "hashmatch.errors": (),
    "hashmatch.hashers": (),
    "hashmatch.indexes": (),
    "hashmatch.matching": (),
    "hashmatch.registry": (),
    "hashmatch.pipeline": (),
    "hashmatch.pipeline.guards": (),
    "hashmatch.pipeline.guards.starlette": ("CheckedFile", "CheckedFiles"),
    "hashmatch.pipeline.guards.flask": ("CheckUploads", "InMemoryRequest"),
    "hashmatch.pipeline.guards.django": (
        "CheckedStorage",
        "CheckedUploadHandler",
        "UploadRefused",
    ),
    "hashmatch.pipeline.webhooks": (),
    "hashmatch.pipeline.scan": (),
    "hashmatch.pipeline.watch": ("Handled", "Watcher"),
    "hashmatch.batch": (),
    "hashmatch.exchanges": (),
}
"""The modules, each with the names to show where it has no `__all__`."""


def pages() -> dict[str, str]:
    """The pages by file name, and an index of them."""
    made = {f"api-{name.replace('.', '-')}.rst": _page(name, given)
            for name, given in MODULES.items()}  # fmt: skip
    entries = "\n".join(f"   {file.removesuffix('.rst')}" for file in made)
    made["api.rst"] = (
        f"{_title('API reference')}\n"
        "From the docstrings. `hashmatch.hash_image` is `hashmatch.hashers.hash_image`, and\n"
        "`hashmatch.Matcher` is `hashmatch.matching.Matcher`.\n\n"
        f".. toctree::\n   :maxdepth: 1\n\n{entries}\n"
    )
    return made


def _page(name: str, given: tuple[str, ...]) -> str:
    module = import_module(name)
    parts = [_title(name), f".. automodule:: {name}\n   :no-members:\n"]
    parts += [_entry(f"{name}.{each}", getattr(module, each)) for each in given or _names(module)]
    return "\n".join(parts)


def _names(module: ModuleType) -> list[str]:
    if hasattr(module, "__all__"):
        return list(module.__all__)
    return [
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__ and name[0] != "_"
    ]


def _entry(path: str, value: Any) -> str:
    if inspect.isclass(value):
        return f".. autoclass:: {path}\n   :members:\n   :show-inheritance:\n"
    if inspect.isroutine(value):
        return f".. autofunction:: {path}\n"
    room, _, name = path.rpartition(".")
    return f".. py:data:: {name}\n   :module: {room}\n\n{_said_of(path, value)}\n"


def _said_of(path: str, value: Any) -> str:
    """What the module that a value is defined in says of it, below its name."""
    room, _, name = path.rpartition(".")
    for module in sorted(each for each in sys.modules if each.startswith(room)):
        if vars(sys.modules[module]).get(name) is value:
            said = ModuleAnalyzer.for_module(module).find_attr_docs().get(("", name))
            if said:
                return indent("\n".join(said), "   ")
    return ""


def _title(text: str) -> str:
    return f"{text}\n{'=' * len(text)}\n"
