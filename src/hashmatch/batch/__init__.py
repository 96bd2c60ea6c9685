"""Past one machine: the same scan as a Ray Data job."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.batch.scan import publish, scan_archive

__all__ = ["publish", "scan_archive"]

_HOMES = dict.fromkeys(__all__, "scan")

__getattr__, __dir__ = lazily(__name__, _HOMES)
