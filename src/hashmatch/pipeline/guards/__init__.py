"""What a platform puts into its upload path: pictures are checked before anything is stored.

A `Guard` decides; the other modules, one a framework, bring it the pictures of a request and do
what it says. Each framework is imported by its own module only.
"""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

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

__getattr__, __dir__ = lazily(__name__, _HOMES)
