"""What a platform embeds: the HTTP client, and a registry that is followed from afar."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.pipeline.client import AsyncClient, Checked, Client, Patience

__all__ = ["AsyncClient", "Checked", "Client", "Patience"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.client"), name)


def __dir__() -> list[str]:
    return __all__
