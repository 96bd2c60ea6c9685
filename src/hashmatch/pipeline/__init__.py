"""What a platform embeds: the HTTP client, and a registry that is followed from afar."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.pipeline.client import AsyncClient, Checked, Client, Patience

__all__ = ["AsyncClient", "Checked", "Client", "Patience"]

_HOMES = dict.fromkeys(__all__, "client")

__getattr__, __dir__ = lazily(__name__, _HOMES)
