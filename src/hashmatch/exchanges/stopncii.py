"""StopNCII.org: hashes that adults submitted of their own intimate pictures.

The interface for partners (base ``https://api.stopncii.org/v1``) lists records, each a hash and
where it stands, from a time on, in pages; a token leads to the next page, and expires. Records
say how they are *now*: a hash that a person withdrew comes up again as withdrawn, for a month.

How far the feed has been read is a time of the source's own clock, and moves only when its end
was reached: records need not be in the order of their times, and one that changes while the feed
is read may move behind the reader. So the next reading begins where this one did by that clock,
a little earlier; what comes up twice does no harm.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from hashmatch.errors import ExchangeRefusedError, FeedUnreadableError, InvalidHashError
from hashmatch.exchanges import credentials
from hashmatch.exchanges.exchange import Feedback, Judgement, Reported
from hashmatch.exchanges.hashes import read_hash
from hashmatch.exchanges.remote import Remote
from hashmatch.exchanges.salvage import read_object, salvage
from hashmatch.registry import Checkpoint, Page, Record, Rejected
from hashmatch.types import Hash

URL: Final = "https://api.stopncii.org/v1"
PAGE_SIZE: Final = 800
STALE: Final = timedelta(days=28)
"""Withdrawals stay in the feed for 30 days; two are for clocks that differ."""

_FROM: Final = 10  # what its own client begins with: 0 stands for "not given"
_OVERLAP: Final = timedelta(minutes=10)
_TRIES: Final = 3  # of a page that cannot be read, before what can be is saved
_KNOWN: Final = {"ImagePDQ": "pdq", "VideoMD5": "md5"}
_OTHER: Final = frozenset({"VideoTMK", "Text", "URL", "ImagePDNA", "Unknown"})
_SIGNAL: Final = {hasher: signal for signal, hasher in _KNOWN.items()}
_LISTED: Final = frozenset({"Received", "Active"})
_GONE: Final = frozenset({"Withdrawn", "Deleted"})
_VALUE: Final[Mapping[Judgement, str]] = {
    "confirmed": "Blocked",
    "rejected": "NotBlocked",
    "pending": "PendingReview",
}
_TOKEN: Final = re.compile(r"[\x21-\x7e]{0,8192}")
_FIELDS: Final[dict[str, type | tuple[type, ...]]] = {
    "hasMoreRecords": bool,
    "nextPageToken": (str, type(None)),
    "nextSetTimestamp": (int, type(None)),
    "count": (int, type(None)),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the feed; times are seconds since 1970 by the source's clock.

    Attributes:
        since: records from this time on are read.
        token: of the next page; None for the first.
        began: when the reading under way began, less the overlap.
        read: when the last reading that came to its end began; or the first one, under way.
        renewed: the feed is being read as a whole once more, for what is no longer in it.
        torn: a page of this reading was broken.
    """

    since: int = _FROM
    token: str | None = None
    began: int | None = None
    read: int | None = None
    renewed: bool = False
    torn: bool = False

    def done(self) -> "_Place":
        return replace(self, renewed=False, torn=False)

    def anew(self) -> "_Place":
        return replace(self, token=None, began=None)

    def after(self, body: Mapping[str, Any], at: datetime, *, broken: bool) -> "_Place":
        began = self.began or int((at - _OVERLAP).timestamp())
        torn = self.torn or broken
        if body["hasMoreRecords"]:
            token = body["nextPageToken"]
            return replace(self, token=token, began=began, read=self.read or began, torn=torn)
        reached = body["nextSetTimestamp"]
        since = max(self.since, began if reached is None else min(reached, began))
        return _Place(since, read=began, renewed=self.renewed, torn=torn)


class StopNCII:
    """The feed of StopNCII.org, and the way back to it.

    Args:
        remote: the server, with the subscription's key.
        keys: the function key of each endpoint that may be used.
        now: the time, for telling how old a checkpoint is.
    """

    NEEDS: Final = ("subscription_key", "fetch_key")
    USES: Final = ("feedback_key", "submit_key")

    def __init__(
        self,
        remote: Remote,
        keys: Mapping[str, str],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._remote = remote
        self._keys = keys
        self._now = now
        self.takes_feedback = "feedback_key" in keys

    @classmethod
    def open(cls, name: str, settings: Mapping[str, Any]) -> Self:
        """With the credentials of the exchange of that name."""
        found = credentials.read(name, cls.NEEDS, settings.get("credentials"), cls.USES)
        subscription = {"Ocp-Apim-Subscription-Key": found["subscription_key"]}
        return cls(Remote(settings.get("url", URL), headers=subscription), found)

    def close(self) -> None:
        """Close the connections."""
        self._remote.close()

    def fetch(self, checkpoint: Checkpoint | None) -> Iterator[Page]:
        """See `Exchange.fetch`."""
        begins = not _is_fresh(checkpoint, self._now())
        place = _Place(**(checkpoint or {}))
        if begins:
            place = _Place(renewed=checkpoint is not None)
        seen: set[str] = set()
        restarts = 0
        while True:
            try:
                body, rejected, at = self._page(place)
            except ExchangeRefusedError:
                if place.token is None or restarts == _TRIES:
                    raise
                # the token has expired: the reading starts anew, and what it marked stays marked
                place = place.anew()
                seen.clear()
                restarts += 1
                continue
            more = body["hasMoreRecords"]
            place = place.after(body, at, broken=bool(rejected))
            if more and (not place.token or place.token in seen):
                raise FeedUnreadableError(
                    "The feed has more records, and names no page that was not read before."
                )
            seen.add(place.token or "")
            records, bad, skipped = _read_records(body["hashRecords"])
            # what stood in a broken page is not gone: the next fetch looks again
            unsure = not more and place.renewed and place.torn
            yield Page(
                records,
                asdict(_Place() if unsure else place if more else place.done()),
                rejected + bad,
                skipped,
                begins=begins,
                complete=not (more or unsure),
            )
            begins = False
            if not more:
                return

    def report(self, feedback: Iterable[Feedback]) -> Reported:
        """See `TakesFeedback.report`."""
        rejected = []
        told = []
        for place, each in enumerate(feedback, start=1):
            if each.hash.hasher not in _SIGNAL:
                rejected.append(Rejected(f"feedback {place}", _foreign(each.hash)))
                continue
            told.append(
                {
                    "hashValue": each.hash.hex,
                    "feedbackValue": _VALUE[each.judgement],
                    "tags": [*each.tags],
                }
            )
        self._tell("SubmitFeedback", "feedback_key", "hashFeedbacks", told)
        return Reported(len(told), tuple(rejected))

    def submit(self, hashes: Iterable[Hash], tags: Iterable[str] = ()) -> Reported:
        """See `TakesHashes.submit`; each hash goes with the feedback that it is blocked here."""
        words = [*tags]
        now = int(self._now().timestamp())
        rejected = []
        told = []
        for place, value in enumerate(hashes, start=1):
            if value.hasher not in _SIGNAL:
                rejected.append(Rejected(f"hash {place}", _foreign(value)))
                continue
            told.append(
                {
                    "lastModtimestamp": now,
                    "signalType": _SIGNAL[value.hasher],
                    "hashValue": value.hex,
                    "CSPFeedbacks": [{"feedbackValue": _VALUE["confirmed"], "tags": words}],
                }
            )
        self._tell("SubmitHashes", "submit_key", "hashRecords", told)
        return Reported(len(told), tuple(rejected))

    def _page(self, place: "_Place") -> tuple[dict[str, Any], list[Rejected], datetime]:
        params: dict[str, str | int] = {"startTimestamp": place.since, "pageSize": PAGE_SIZE}
        if place.token is not None:
            params["nextPageToken"] = place.token
        for tries_left in reversed(range(_TRIES)):
            answer = self._remote.get("/FetchHashes", params, _key(self._keys["fetch_key"]))
            try:
                return _checked(read_object(answer.body)), [], answer.at
            except FeedUnreadableError:
                if not tries_left:
                    break
        body = _checked(salvage(answer.body, "hashRecords", _FIELDS, "hashValue"))
        lost = max(1, (body["count"] or 0) - len(body["hashRecords"]))
        why = f"it is broken; {lost} of its records cannot be read"
        return body, [Rejected("a page", why)], answer.at

    def _tell(self, endpoint: str, key: str, array: str, told: list[dict[str, Any]]) -> None:
        if told and key not in self._keys:
            raise ExchangeRefusedError(
                f"StopNCII needs a key of its own for {endpoint}: add the credential {key}."
            )
        for start in range(0, len(told), PAGE_SIZE):
            some = told[start : start + PAGE_SIZE]
            content = json.dumps({"count": len(some), array: some}).encode()
            self._remote.send(
                "POST", f"/{endpoint}", content, "application/json", _key(self._keys[key])
            )


def _key(value: str) -> dict[str, str]:
    return {"x-functions-key": value}


def _foreign(value: Hash) -> str:
    return f"StopNCII takes no {value.hasher} hashes"


def _is_fresh(checkpoint: Checkpoint | None, now: datetime) -> bool:
    if checkpoint is None or checkpoint["read"] is None:
        return False
    return now - datetime.fromtimestamp(checkpoint["read"], UTC) < STALE


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    for name, kind in _FIELDS.items():
        value = body.setdefault(name, None)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise FeedUnreadableError(f"The feed answers without a {name} that can be read.")
    if not _TOKEN.fullmatch(body["nextPageToken"] or ""):
        raise FeedUnreadableError("The feed answers with a nextPageToken that is none.")
    if not isinstance(body.get("hashRecords"), list):
        raise FeedUnreadableError("The feed answers without records.")
    return body


def _read_records(values: Iterable[Any]) -> tuple[list[Record], list[Rejected], int]:
    records: list[Record] = []
    rejected: list[Rejected] = []
    skipped = 0
    for place, value in enumerate(values, start=1):
        try:
            record = _read_record(value)
        except InvalidHashError as error:
            rejected.append(Rejected(f"record {place} of a page", str(error)))
            continue
        if record is None:
            skipped += 1
        else:
            records.append(record)
    return records, rejected, skipped


def _read_record(value: Any) -> Record | None:
    """A record; None for one of a kind that is not matched here.

    Nothing is asked for but what is needed: cases and feedback may be as they like, or a
    withdrawal would be lost for the sake of a field that nobody reads.
    """
    if not isinstance(value, dict):
        raise InvalidHashError("it is not an object")
    signal = value.get("signalType")
    status = value.get("hashStatus")
    if not isinstance(signal, str) or signal not in _KNOWN:
        if isinstance(signal, str) and signal in _OTHER:
            return None
        raise InvalidHashError("its signalType is none that is known")
    if not isinstance(status, str) or status not in _LISTED | _GONE:
        raise InvalidHashError("its hashStatus does not say whether it is listed or withdrawn")
    gone = status in _GONE
    return Record(None, (read_hash(_KNOWN[signal], value.get("hashValue"), gone=gone),), gone)
