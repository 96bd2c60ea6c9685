"""Asking a service over HTTP: one set of calls, a client for threads and one for event loops."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

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
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
