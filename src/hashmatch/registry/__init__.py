"""Hash lists, entries, cases and the change feed: the truth that indexes are caches of."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.registry.audit import AuditLine, acting_as
    from hashmatch.registry.cases import Case, CaseReceipt
    from hashmatch.registry.credentials import SCOPES, Credential, IssuedToken, Scope
    from hashmatch.registry.deadlines import CaseClock, PlatformClock
    from hashmatch.registry.entries import Added, EntryBatch
    from hashmatch.registry.evidence import Evidence
    from hashmatch.registry.exchanges import Checkpoint, ExchangeState, HeldHash
    from hashmatch.registry.feed import Change, ChangeKind
    from hashmatch.registry.fingerprints import KINDS, Fingerprint, Kind, Picture
    from hashmatch.registry.hold_reasons import HOLDS, Hold
    from hashmatch.registry.importing import Imported
    from hashmatch.registry.intake import PictureOutcome
    from hashmatch.registry.lists import HashList, ListSettings
    from hashmatch.registry.opinions import DECISIONS, Decision, Opinion, Review
    from hashmatch.registry.pages import Applied, Page, Record, Rejected
    from hashmatch.registry.parts import PartsRow
    from hashmatch.registry.reading import FileFormat
    from hashmatch.registry.registry import DEFAULT_LIST, DEFAULT_PLACE, Progress, Registry
    from hashmatch.registry.reports import Sighting
    from hashmatch.registry.rows import BadLine
    from hashmatch.registry.signing import SigningKey
    from hashmatch.registry.statistics import ListCounts, Statistics
    from hashmatch.registry.telling import Told, Untold

__all__ = [
    "DECISIONS",
    "DEFAULT_LIST",
    "DEFAULT_PLACE",
    "HOLDS",
    "KINDS",
    "SCOPES",
    "Added",
    "Applied",
    "AuditLine",
    "BadLine",
    "Case",
    "CaseClock",
    "CaseReceipt",
    "Change",
    "ChangeKind",
    "Checkpoint",
    "Credential",
    "Decision",
    "EntryBatch",
    "Evidence",
    "ExchangeState",
    "FileFormat",
    "Fingerprint",
    "HashList",
    "HeldHash",
    "Hold",
    "Imported",
    "IssuedToken",
    "Kind",
    "ListCounts",
    "ListSettings",
    "Opinion",
    "Page",
    "PartsRow",
    "Picture",
    "PictureOutcome",
    "PlatformClock",
    "Progress",
    "Record",
    "Registry",
    "Rejected",
    "Review",
    "Scope",
    "Sighting",
    "SigningKey",
    "Statistics",
    "Told",
    "Untold",
    "acting_as",
]

# SQLAlchemy is slow to load, and not every command opens a registry
_HOMES = {
    "Added": "entries",
    "AuditLine": "audit",
    "Applied": "pages",
    "BadLine": "rows",
    "Case": "cases",
    "CaseClock": "deadlines",
    "CaseReceipt": "cases",
    "Change": "feed",
    "ChangeKind": "feed",
    "Checkpoint": "exchanges",
    "Credential": "credentials",
    "DECISIONS": "opinions",
    "DEFAULT_LIST": "registry",
    "DEFAULT_PLACE": "registry",
    "Decision": "opinions",
    "EntryBatch": "entries",
    "ExchangeState": "exchanges",
    "Evidence": "evidence",
    "FileFormat": "reading",
    "Fingerprint": "fingerprints",
    "HashList": "lists",
    "HOLDS": "hold_reasons",
    "Hold": "hold_reasons",
    "HeldHash": "exchanges",
    "Imported": "importing",
    "IssuedToken": "credentials",
    "KINDS": "fingerprints",
    "Kind": "fingerprints",
    "ListCounts": "statistics",
    "ListSettings": "lists",
    "Opinion": "opinions",
    "Picture": "fingerprints",
    "PictureOutcome": "intake",
    "Page": "pages",
    "PartsRow": "parts",
    "PlatformClock": "deadlines",
    "Progress": "registry",
    "Record": "pages",
    "Registry": "registry",
    "Review": "opinions",
    "Rejected": "pages",
    "SCOPES": "credentials",
    "Scope": "credentials",
    "Sighting": "reports",
    "SigningKey": "signing",
    "Statistics": "statistics",
    "Told": "telling",
    "Untold": "telling",
    "acting_as": "audit",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
