"""Asking a service over HTTP: one set of calls, a client for threads and one for event loops."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.pipeline.client.attempts import Patience
    from hashmatch.pipeline.client.checking import Checked
    from hashmatch.pipeline.client.client import AsyncClient, Client

__all__ = ["AsyncClient", "Checked", "Client", "Patience"]

_HOMES = {
    "AsyncClient": "client",
    "Checked": "checking",
    "Client": "client",
    "Patience": "attempts",
}  # imported when first asked for


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
