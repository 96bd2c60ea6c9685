"""Exchanges: StopNCII, NCMEC, and files of others. Feeds in, feedback out."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.exchanges.exchange import (
        Exchange,
        Feedback,
        Judgement,
        Reported,
        TakesFeedback,
        TakesHashes,
    )
    from hashmatch.exchanges.fetching import Fetched, fetch
    from hashmatch.exchanges.files import HmaFile, TableFile, ThreatExchangeFile
    from hashmatch.exchanges.kinds import KINDS, Kind, add, opened
    from hashmatch.exchanges.ncmec import Ncmec
    from hashmatch.exchanges.remote import Patience, Remote
    from hashmatch.exchanges.stopncii import StopNCII
    from hashmatch.exchanges.telling import Telling, tell

__all__ = [
    "KINDS",
    "Exchange",
    "Feedback",
    "Fetched",
    "HmaFile",
    "Judgement",
    "Kind",
    "Ncmec",
    "Patience",
    "Remote",
    "Reported",
    "StopNCII",
    "TableFile",
    "TakesFeedback",
    "TakesHashes",
    "Telling",
    "ThreatExchangeFile",
    "add",
    "fetch",
    "opened",
    "tell",
]

# httpx and SQLAlchemy are slow to load, and httpx comes with an extra
_HOMES = {
    "Exchange": "exchange",
    "Feedback": "exchange",
    "Fetched": "fetching",
    "HmaFile": "files",
    "Judgement": "exchange",
    "KINDS": "kinds",
    "Kind": "kinds",
    "Ncmec": "ncmec",
    "Patience": "remote",
    "Remote": "remote",
    "Reported": "exchange",
    "StopNCII": "stopncii",
    "TableFile": "files",
    "TakesFeedback": "exchange",
    "TakesHashes": "exchange",
    "Telling": "telling",
    "ThreatExchangeFile": "files",
    "add": "kinds",
    "fetch": "fetching",
    "opened": "kinds",
    "tell": "telling",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
