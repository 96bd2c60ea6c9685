"""The hash sharing of NCMEC, version 2: XML over HTTP, for which they give out accounts.

It lists the entries of members that changed between two times, in pages; an entry comes up in its
newest state only. Entries are not in the order of their times, so how far the feed has been read
moves only when a range of time was read to its end. Times are UTC, and the server's: what it
stamps while a range is read shall not fall between two ranges because two clocks differ.

A page that cannot be read does not stop the feed for ever: its range is read again in ever shorter
ones, until what cannot be read lies within one second, and is reported and left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from hashmatch.errors import ExchangeRefusedError, FeedUnreadableError, InvalidHashError
from hashmatch.exchanges import credentials, xml_documents
from hashmatch.exchanges.exchange import Feedback, Reported
from hashmatch.exchanges.hashes import is_id, read_hash
from hashmatch.exchanges.remote import Remote
from hashmatch.registry import Checkpoint, Page, Record, Rejected

URL: Final = "https://report.cybertip.org/hashsharing"
NAMESPACE: Final = "https://hashsharing.ncmec.org/hashsharing/v2"

_FROM: Final = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
_LAG: Final = timedelta(seconds=5)  # what is being written right now may not be listed yet
_SHRINK: Final = 8
_TRIES: Final = 2
_RESTARTS: Final = 3
_LATER: Final = (1, 60, 3600)  # seconds
_KINDS: Final = {"image": ("md5", "pdq", "sha256"), "video": ("md5", "sha256")}
_TYPE: Final = {"md5": "MD5", "pdq": "PDQ", "sha256": "SHA256"}


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the feed; times are seconds since 1970 by the source's clock.

    Attributes:
        start: everything before has been read.
        stop: the end of the range that is being read; None where none is.
        page: where its next page is; None for the first.
        width: how long a range may be, in seconds; None for any length.
    """

    start: int = _FROM
    stop: int | None = None
    page: str | None = None
    width: int | None = None


class _Feed:
    """One answer: its records, and where the next page is."""

    def __init__(self, document: xml_documents.Document) -> None:
        root = document.root
        self.is_whole = document.is_whole and root is not None and root.tag == "queryResult"
        self.records: list[Record] = []
        self.rejected: list[Rejected] = []
        self.skipped = 0
        self.next = None
        if root is not None and root.tag == "queryResult":
            self.next = root.findtext("paging/next") or None
            entries = [
                entry for group in ("images", "videos") for entry in root.iterfind(f"{group}/*")
            ]
            if not document.is_whole:
                entries = entries[:-1]  # the last one may be the one that breaks off
            for place, entry in enumerate(entries, start=1):
                self._read(place, entry)

    def _read(self, place: int, entry: Element) -> None:
        where = f"entry {place} of a page"
        kind = entry.tag.lower().removeprefix("deleted")
        external_id = _external_id(entry)
        if kind not in _KINDS or external_id is None:
            self.rejected.append(Rejected(where, "it does not say what it is, or whose"))
            return
        if entry.tag.lower().startswith("deleted"):
            self.records.append(Record(external_id, (), gone=True))
            return
        found = []
        for hasher in _KINDS[kind]:
            for fingerprint in entry.iterfind(f"fingerprints/{hasher}"):
                try:
                    found.append(read_hash(hasher, fingerprint.text))
                except InvalidHashError as error:
                    self.rejected.append(Rejected(where, str(error), external_id))
        if not found:
            self.skipped += 1
        # one that lost its hashes here is still told on, so that they go
        self.records.append(Record(external_id, tuple(found)))


class Ncmec:
    """The feed of one of NCMEC's databases, and the way back to it.

    Args:
        remote: the server, with the account.
        reason: the name or id of the reason to give for what was rejected, where none is told.
    """

    NEEDS: Final = ("user", "password")

    def __init__(self, remote: Remote, reason: str | None = None) -> None:
        self._remote = remote
        self._reason_given = reason
        self._reasons: dict[str, dict[str, str]] = {}
        self.takes_feedback = True

    @classmethod
    def open(cls, name: str, settings: Mapping[str, Any]) -> Self:
        """With the credentials of the exchange of that name."""
        found = credentials.read(name, cls.NEEDS, settings.get("credentials"))
        remote = Remote(settings.get("url", URL), auth=(found["user"], found["password"]))
        return cls(remote, settings.get("reason"))

    def close(self) -> None:
        """Close the connections."""
        self._remote.close()

    def fetch(self, checkpoint: Checkpoint | None) -> Iterator[Page]:
        """See `Exchange.fetch`."""
        place = _Place() if checkpoint is None else _Place(**checkpoint)
        begins = checkpoint is None
        end = int((self._remote.get("/v2/status").at - _LAG).timestamp())
        if place.stop is None and place.start >= end:  # nothing can have been stamped since
            yield Page((), asdict(place), complete=True)
            return
        seen: set[str] = set()
        restarts = 0
        is_last = False
        while not is_last:
            if place.stop is None:
                width = place.width or end - place.start
                place = replace(place, stop=min(place.start + width, end))
                seen.clear()
            try:
                feed = self._page(place)
            except ExchangeRefusedError:
                if place.page is None or restarts == _RESTARTS:
                    raise
                # the link to the page has expired: the range starts anew
                place = replace(place, page=None)
                seen.clear()
                restarts += 1
                continue
            if not feed.is_whole:
                span = (place.stop or 0) - place.start
                if span > 1:
                    place = _Place(place.start, width=max(1, span // _SHRINK))
                    continue
                self._give_up_on(feed, place)
            place, is_last = _after(place, feed.next, end, seen)
            yield Page(
                feed.records,
                asdict(place),
                feed.rejected,
                feed.skipped,
                begins=begins,
                complete=is_last,
            )
            begins = False

    def _give_up_on(self, feed: _Feed, place: _Place) -> None:
        """Leave out the rest of a second that cannot be read, where later ones can be."""
        later = (_Place(at, at + 1) for at in (place.start + past for past in _LATER))
        if not any(self._page(each).is_whole for each in later):
            raise FeedUnreadableError(
                "The feed answers with pages that cannot be read, whatever it is asked for."
            )
        feed.next = None
        why = f"it is broken, and with it the rest of {_iso(place.start)}"
        feed.rejected.append(Rejected("a page", why))

    def _page(self, place: _Place) -> _Feed:
        for tries_left in reversed(range(_TRIES)):
            if place.page is not None:
                answer = self._remote.get(place.page)
            else:
                params = {"from": _iso(place.start), "to": _iso(place.stop or 0)}
                answer = self._remote.get("/v2/entries", params)
            feed = _Feed(xml_documents.read(answer.body))
            if feed.is_whole or not tries_left:
                return feed
        raise AssertionError  # the last try returns

    def report(self, feedback: Iterable[Feedback]) -> Reported:
        """See `TakesFeedback.report`; one request for each, by the member and id of the entry."""
        sent = 0
        rejected = []
        for place, each in enumerate(feedback, start=1):
            try:
                body = self._vote(each)
            except InvalidHashError as error:
                rejected.append(Rejected(f"feedback {place}", str(error), each.external_id))
                continue
            member, _, entry = (each.external_id or "").partition("/")
            path = f"/v2/entries/{quote(member, safe='')}/{quote(entry, safe='')}"
            self._remote.send(
                "PUT",
                f"{path}/{_TYPE[each.hash.hasher]}/feedback",
                body,
                "application/xml; charset=utf-8",
            )
            sent += 1
        return Reported(sent, tuple(rejected))

    def _vote(self, feedback: Feedback) -> bytes:
        """What is told of one entry; `InvalidHashError` where it cannot be."""
        if feedback.external_id is None or feedback.hash.hasher not in _TYPE:
            raise InvalidHashError("NCMEC knows it by no member and id, or takes no such hash")
        root = Element("feedbackSubmission", xmlns=NAMESPACE)
        if feedback.judgement == "pending":
            raise InvalidHashError("NCMEC takes no feedback on what nobody has looked at")
        if feedback.judgement == "confirmed":
            SubElement(root, "affirmative")
        else:
            reasons = SubElement(SubElement(root, "negative"), "reasonIds")
            SubElement(reasons, "guid").text = self._reason(feedback)
        document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return document

    def _reason(self, feedback: Feedback) -> str:
        """The id of a reason: as given, by its name, or the only one there is."""
        kind = _TYPE[feedback.hash.hasher]
        if kind not in self._reasons:
            answer = self._remote.get(f"/v2/feedback/{kind}/reasons")
            document = xml_documents.read(answer.body)
            if document.root is None or not document.is_whole:
                raise FeedUnreadableError("NCMEC's list of reasons cannot be read.")
            self._reasons[kind] = {
                reason.get("name", ""): reason.get("guid", "")
                for reason in document.root.iter("reason")
            }
        known = self._reasons[kind]
        reason = feedback.reason or self._reason_given
        if reason in known.values():
            return str(reason)
        if reason in known:
            return known[reason]
        if reason is None and len(known) == 1:
            return next(iter(known.values()))
        raise InvalidHashError(f"NCMEC asks for a reason, one of: {', '.join(sorted(known))}")


def _after(place: _Place, page: str | None, end: int, seen: set[str]) -> tuple[_Place, bool]:
    """Where to go on after a page, and whether that was the last one."""
    if page is not None:
        if page in seen or page == place.page:
            raise FeedUnreadableError("The feed names a next page that was read before.")
        seen.add(page)
        return replace(place, page=page), False
    reached = place.stop or place.start
    width = None if place.width is None else place.width * 2  # it recovers as fast as it can
    return _Place(reached, width=width), reached >= end


def _external_id(entry: Element) -> str | None:
    member = entry.find("member")
    entry_id = entry.findtext("id")
    found = f"{'' if member is None else member.get('id', '')}/{entry_id or ''}"
    return found if is_id(found) and not found.startswith("/") and not found.endswith("/") else None


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
