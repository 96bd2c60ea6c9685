"""NCMEC's hash sharing, version 2, as far as it is known."""

import base64
import random
from datetime import UTC, datetime
from urllib.parse import urlencode

from standin import Fault, Standin

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMESPACE = 'xmlns="https://hashsharing.ncmec.org/hashsharing/v2"'


def iso(seconds):
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_iso(text):
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


class NcmecStandin(Standin):
    """Entries by number, which a page's link counts; not in the order of their times.

    Attributes:
        entries: (kind, member, id) → (time, fingerprints or None for deleted, number).
        page: at most so many entries in a page.
        links: whether links to further pages are good.
        poison: a time; a page with an entry of it breaks off there.
    """

    def __init__(self):
        super().__init__()
        self.entries = {}
        self.page = 1000
        self.links = True
        self.between = lambda: None
        self.poison = None
        self.told = []
        self.reasons = {"Not what it says": "01234567-abcd-0123-4567-012345678900"}

    def list(self, entry_id, fingerprints, kind="image", member=42, age=3600):
        """List an entry, or change what is said of it; None for deleted."""
        key = (kind, member, entry_id)
        number = self.entries[key][2] if key in self.entries else len(self.entries) + 1
        self.entries[key] = (self.seconds() - age, fingerprints, number)

    def answer(self, request):
        user = base64.b64encode(b"user:password").decode()
        if request.headers.get("authorization") != f"Basic {user}":
            return Fault(401)
        _, _, what, *rest = request.path.split("/")
        if what == "status":
            return self._xml(f'<status {NAMESPACE}><member id="1">Us</member></status>')
        if what == "feedback":
            reasons = "".join(
                f'<reason guid="{guid}" name="{name}" type="{rest[0]}"/>'
                for name, guid in self.reasons.items()
            )
            return self._xml(
                f"<availableFeedbackReasons {NAMESPACE}>{reasons}</availableFeedbackReasons>"
            )
        if request.method == "PUT":
            self.told.append((request.path, request.body))
            return self._xml(f"<submissionResult {NAMESPACE}/>")
        return self._entries(request.query)

    def _entries(self, query):
        first = int(query.get("start", 0))
        if first:
            if not self.links:
                return Fault(404)
            self.between()
        start, stop = from_iso(query["from"]), from_iso(query["to"])
        found = [
            (number, *key, at, fingerprints)
            for key, (at, fingerprints, number) in self.entries.items()
            if start <= at < stop and number >= first
        ]
        random.Random(1).shuffle(found)  # not by time
        found.sort(key=lambda row: row[0])
        here, after = found[: self.page], found[self.page :]
        groups = ""
        for kind in ("image", "video"):
            some = [row for row in here if row[1] == kind]
            if some:
                entries = "".join(self._entry(*row[1:]) for row in some)
                newest = iso(max(row[4] for row in some))
                groups += (
                    f'<{kind}s count="{len(some)}" maxTimestamp="{newest}">{entries}</{kind}s>'
                )
        paging = ""
        if after:
            link = urlencode(
                {
                    "from": query["from"],
                    "to": query["to"],
                    "start": after[0][0],
                    "size": self.page,
                    "max": max(row[0] for row in found),
                }
            ).replace("&", "&amp;")
            paging = f"<paging><next>/v2/entries?{link}</next></paging>"
        answer = self._xml(f"<queryResult {NAMESPACE}>{groups}{paging}</queryResult>")
        if self.poison is not None and any(row[4] == self.poison for row in here):
            cut = answer.body.index(iso(self.poison).encode())
            return answer._replace(body=answer.body[:cut] + b"\x00<<")
        return answer

    def _entry(self, kind, member, entry_id, at, fingerprints):
        head = (
            f'<member id="{member}">Somebody</member><timestamp>{iso(at)}</timestamp>'
            f"<id>{entry_id}</id>"
        )
        if fingerprints is None:
            return f"<deleted{kind.capitalize()}>{head}</deleted{kind.capitalize()}>"
        inner = "".join(f"<{name}>{text}</{name}>" for name, text in fingerprints.items())
        return (
            f"<{kind}>{head}<classification>A1</classification>"
            f"<fingerprints>{inner}</fingerprints><feedback /></{kind}>"
        )

    def _xml(self, text):
        return Fault(200, {"content-type": "application/xml"}, (HEAD + text).encode())
