"""What is told of a decision: entries, lists and distances; no hash, and nothing of the picture."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from hashmatch.pipeline.guards import Decision


@dataclass(frozen=True, slots=True)
class Event:
    """One event, as it is sent, perhaps several times.

    Attributes:
        id: by which a receiver knows it again.
        body: JSON.
    """

    id: str
    body: bytes


def event_of(decision: Decision, upload: str | None = None) -> Event:
    """The event of a decision.

    Args:
        decision: about an upload.
        upload: what the platform itself calls the upload; it is told as it is.
    """
    verdict = decision.verdict
    told: dict[str, Any] = {
        "id": str(uuid4()),
        "type": "decision",
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "upload": upload,
        "action": decision.action,
        "meant": decision.meant,
        "why": decision.why,
        "verdict": None,
    }
    if verdict is not None:
        told["verdict"] = {
            "action": verdict.action,
            "status": verdict.status,
            "matches": [
                {
                    "entry": match.entry,
                    "list": match.list_name,
                    "hasher": match.hasher,
                    "distance": match.distance,
                    "action": match.action,
                    "view": match.view,
                }
                for match in verdict.matches
            ],
        }
    return Event(told["id"], json.dumps(told, ensure_ascii=False).encode())
