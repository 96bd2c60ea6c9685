"""Webhooks: another system of a platform is told what was decided about uploads.

An event is a POST of JSON. Its headers: ``Hashmatch-Event``, an id that repetitions share;
``Hashmatch-Timestamp``, the seconds since 1970 at which this one was sent; ``Hashmatch-Signature``,
``v1=`` and the hexadecimal HMAC-SHA256, by a secret that both sides know, of the timestamp, a dot,
and the body. A receiver checks all that by `verify`, and answers with any 2xx at once.
"""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.pipeline.webhooks.events import Event, event_of
    from hashmatch.pipeline.webhooks.sender import Counts, Webhooks
    from hashmatch.pipeline.webhooks.signing import sign, verify

__all__ = ["Counts", "Event", "Webhooks", "event_of", "sign", "verify"]

_HOMES = {
    "Counts": "sender",
    "Event": "events",
    "Webhooks": "sender",
    "event_of": "events",
    "sign": "signing",
    "verify": "signing",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
