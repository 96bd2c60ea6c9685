"""What a platform puts into its upload path: pictures are checked before anything is stored.

A `Guard` decides; the other modules, one a framework, bring it the pictures of a request and do
what it says. Each framework is imported by its own module only.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.pipeline.guards.asgi import CheckUploads
    from hashmatch.pipeline.guards.edge import EdgePolicy
    from hashmatch.pipeline.guards.guard import Checker, Decision, Guard

__all__ = ["CheckUploads", "Checker", "Decision", "EdgePolicy", "Guard"]

_HOMES = {
    "CheckUploads": "asgi",
    "Checker": "guard",
    "Decision": "guard",
    "EdgePolicy": "edge",
    "Guard": "guard",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
