"""StopNCII's interface for partners, as far as it is known."""

import json

from standin import Fault, Standin


class StopNCIIStandin(Standin):
    """Records by hash, each with the time of its last change.

    Attributes:
        records: what is listed, by hash, in the order in which it is given out.
        page: at most so many records in a page, whatever is asked for.
        tokens: those that are good; a test clears it, and they have expired.
        between: called before each page but the first of a reading.
    """

    def __init__(self):
        super().__init__()
        self.records = {}
        self.page = 800
        self.tokens = {}
        self.between = lambda: None
        self.told = []

    def list(self, value, status="Active", age=3600, **more):
        """List a hash, or change what is said of it, `age` seconds ago."""
        self.records.pop(value.hex, None)
        self.records[value.hex] = {
            "lastModtimestamp": self.seconds() - age,
            "signalType": {"pdq": "ImagePDQ", "md5": "VideoMD5"}[value.hasher],
            "hashValue": value.hex,
            "hashStatus": status,
            "caseNumbers": {"27664732-76e1-4a17-8099-455798e67022": status},
            "CSPFeedbacks": [],
            **more,
        }

    def answer(self, request):
        if request.headers.get("ocp-apim-subscription-key") != "subscription":
            return Fault(401)
        endpoint = request.path.removeprefix("/v1/")
        if request.headers.get("x-functions-key") != f"key of {endpoint}":
            return Fault(403)
        if endpoint == "FetchHashes":
            return self._fetch(request.query)
        body = json.loads(request.body)
        (array,) = (name for name in body if name != "count")
        assert body["count"] == len(body[array])
        self.told.append((endpoint, body))
        return Fault(200, {}, b"{}")

    def _fetch(self, query):
        since = int(query["startTimestamp"])
        token = query.get("nextPageToken")
        if token is None:
            order = [key for key, r in self.records.items() if r["lastModtimestamp"] >= since]
            done = 0
        else:
            self.between()
            if token not in self.tokens:
                return Fault(400)
            order, done = self.tokens[token]
        size = min(self.page, int(query["pageSize"]))
        here = order[done : done + size]
        more = done + size < len(order)
        following = f"token-{done + size}-{since}-{len(self.tokens)}"
        self.tokens[following] = (order, done + size)
        records = [self.records[key] for key in here if key in self.records]
        newest = [r["lastModtimestamp"] for r in self.records.values()]
        body = {
            "count": len(records),
            "nextPageToken": following if more else None,
            "nextSetTimestamp": max(newest, default=self.seconds()),
            "hasMoreRecords": more,
            "hashRecords": records,
        }
        return Fault(200, {"content-type": "application/json"}, json.dumps(body).encode())
