"""The HTTP service over a registry: cases in, verdicts out, nothing kept."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.service.app import create_app
    from hashmatch.service.server import run
    from hashmatch.service.settings import Settings

__all__ = ["Settings", "create_app", "run"]

# Imported when first asked for: a decoder must do without a web framework.
_HOMES = {"Settings": "settings", "create_app": "app", "run": "server"}

__getattr__, __dir__ = lazily(__name__, _HOMES)
