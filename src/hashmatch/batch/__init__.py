"""Past one machine: the same scan as a Ray Data job."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashmatch.batch.scan import publish, scan_archive

__all__ = ["publish", "scan_archive"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.scan"), name)


def __dir__() -> list[str]:
    return __all__
