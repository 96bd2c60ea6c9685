"""What can be asked of a service: each call once, for both clients.

A call yields requests and is sent good answers; errors are thrown into it by who runs it.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from hashmatch.errors import ServiceError, SnapshotNotFoundError
from hashmatch.pipeline.client import clocks, submissions
from hashmatch.pipeline.client.steps import Answer, Ask, Call
from hashmatch.registry import DEFAULT_LIST, Case, CaseClock, CaseReceipt, Picture

_JSON: Final = {"content-type": "application/json"}


def read_object(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer.

    Raises:
        ServiceError: it is none.
    """
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ServiceError("The service answered in another form than hashmatch uses.")
    return told


def post(path: str, body: Any, headers: dict[str, str] | None = None) -> Ask:
    """A request with a JSON body."""
    return Ask("POST", path, json.dumps(body).encode(), {**_JSON, **(headers or {})})


def changes(after: int, limit: int) -> Call[dict[str, Any]]:
    """A page of the change feed, as it was told."""
    answer = yield Ask("GET", f"/v1/changes?{urlencode({'after': after, 'limit': limit})}")
    return read_object(answer)


def lists() -> Call[list[dict[str, Any]]]:
    """All lists, as they were told."""
    told = read_object((yield Ask("GET", "/v1/lists")))
    found = told.get("lists")
    if not isinstance(found, list):
        raise ServiceError("The service told of no lists.")
    return found


def snapshot() -> Call[dict[str, Any] | None]:
    """The generation and the manifest of the snapshot; None where there is none yet."""
    try:
        answer = yield Ask("GET", "/v1/snapshot")
    except SnapshotNotFoundError:
        return None
    return read_object(answer)


def piece(generation: int, file: str, sha256: str, start: int, end: int) -> Call[bytes]:
    """Bytes of a file of a snapshot, from ``start`` to before ``end``.

    Raises:
        SnapshotNotFoundError: the service has another one by now.
    """
    headers = {"range": f"bytes={start}-{end - 1}", "if-range": f'"{sha256}"'}
    answer = yield Ask(
        "GET", f"/v1/snapshot/{generation}/{quote(file)}", headers=headers, seconds=60.0
    )
    whole = answer.status == 200 and start == 0 and len(answer.body) == end
    if answer.headers.get("etag") != f'"{sha256}"' or not (answer.status == 206 or whole):
        raise SnapshotNotFoundError("The service has another snapshot by now.")
    if len(answer.body) != end - start:
        raise ServiceError("The service sent another part of a file than was asked for.")
    body: bytes = answer.body
    return body


def submit(pictures: Iterable[Picture], list_name: str, retry_key: str | None) -> Call[CaseReceipt]:
    """Open a case; a request that has to be repeated makes no second one."""
    told = [submissions.told(picture) for picture in pictures]
    key = retry_key or secrets.token_urlsafe(32)
    answer = yield post(
        "/v1/cases", {"list": list_name, "pictures": told}, {"idempotency-key": key}
    )
    given = read_object(answer)
    try:
        outcomes = submissions.outcomes(given["pictures"])
        return CaseReceipt(
            given["case"], given["secret_phrase"], (), int(given["sequence"]), outcomes
        )
    except (KeyError, TypeError, ValueError):
        raise ServiceError("The service gave no receipt for the case.") from None


def case(number: str) -> Call[Case]:
    """How a case stands."""
    return _case((yield Ask("GET", f"/v1/cases/{quote(number, safe='')}")))


def case_clock(number: str) -> Call[CaseClock]:
    """What became of a case at each platform, and by when it has to."""
    return clocks.clock(read_object((yield Ask("GET", f"/v1/cases/{quote(number, safe='')}"))))


def withdraw_case(number: str, secret_phrase: str) -> Call[Case]:
    """Take a case back."""
    path = f"/v1/cases/{quote(number, safe='')}/withdrawal"
    # the words of a phrase are plain ASCII; what else was typed fits no case
    phrase = secret_phrase.encode("ascii", "replace").decode()
    return _case((yield Ask("POST", path, headers={"secret-phrase": " ".join(phrase.split())})))


def _case(answer: Answer) -> Case:
    told = read_object(answer)
    try:
        withdrawn = told["withdrawn"]
        return Case(
            told["case"],
            told["state"],
            told["list"],
            datetime.fromisoformat(told["created"]),
            None if withdrawn is None else datetime.fromisoformat(withdrawn),
            told["entries"],
            told["active"],
            told["in_review"],
            submissions.outcomes(told["pictures"]),
        )
    except (KeyError, TypeError, ValueError):
        raise ServiceError("The service did not tell how the case stands.") from None


def match(hasher: str, codes: Sequence[bytes], qualities: Sequence[int | None]) -> Call[list[Any]]:
    """The results for codes of one hasher, in their order, and the sequence that they are of."""
    results: list[Any] = []
    for start in range(0, len(codes), CODES):
        part = slice(start, start + CODES)
        body = {
            "hasher": hasher,
            "codes": [code.hex() for code in codes[part]],
            "qualities": list(qualities[part]),
        }
        told = read_object((yield post("/v1/matches", body)))
        found = told.get("results")
        if not isinstance(found, list) or len(found) != len(body["codes"]):
            raise ServiceError("The service did not answer for each code.")
        results += found
    return results


CODES: Final = 10_000
"""Codes in one request, at most."""

__all__ = [
    "CODES", "DEFAULT_LIST", "case", "case_clock", "changes", "lists", "match", "piece", "post",
    "read_object", "snapshot", "submit", "withdraw_case",
]  # fmt: skip
