"""The HTTP service over a registry: cases in, verdicts out, nothing kept."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.service.app import create_app
    from hashmatch.service.server import run
    from hashmatch.service.settings import Settings

__all__ = ["Settings", "create_app", "run"]

# Imported when first asked for: a decoder must do without a web framework.
_HOMES = {"Settings": "settings", "create_app": "app", "run": "server"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
