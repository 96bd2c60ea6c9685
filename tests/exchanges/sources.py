"""Every kind of exchange behind one face, so that one suite of tests can drive them all."""

import json
from datetime import timedelta

from standin_ncmec import NcmecStandin
from standin_stopncii import StopNCIIStandin

from hashmatch.exchanges import (
    HmaFile,
    Ncmec,
    Remote,
    StopNCII,
    TableFile,
    ThreatExchangeFile,
)

KEYS = {
    "fetch_key": "key of FetchHashes",
    "feedback_key": "key of SubmitFeedback",
    "submit_key": "key of SubmitHashes",
}


class StopNCIISource:
    """`list`, `take_back` and `spoil` hashes; `exchange` reads what there is."""

    def __init__(self, folder, pauses):
        del folder
        self.server = StopNCIIStandin()
        self.exchange = StopNCII(
            Remote(
                self.server.url + "/v1",
                headers={"Ocp-Apim-Subscription-Key": "subscription"},
                sleep=pauses.append,
            ),
            KEYS,
        )

    def list(self, value, age=3600):
        self.server.list(value, age=age)

    def take_back(self, value):
        self.later()
        self.server.list(value, status="Withdrawn", age=10)

    def spoil(self):
        self.server.records["broken"] = {
            "lastModtimestamp": self.server.seconds(),
            "signalType": "ImagePDQ",
            "hashValue": "zz",
            "hashStatus": "Active",
            "caseNumbers": [],
        }

    def later(self):
        """A minute passes: an hour and a day would do as well."""
        self.server.skew += timedelta(minutes=1)

    def small_pages(self):
        self.server.page = 7

    def close(self):
        self.exchange.close()
        self.server.close()


class NcmecSource:
    def __init__(self, folder, pauses):
        del folder
        self.server = NcmecStandin()
        self.exchange = Ncmec(
            Remote(self.server.url, auth=("user", "password"), sleep=pauses.append)
        )

    def list(self, value, age=3600):
        self.server.list(f"n{value.hex[:8]}", {value.hasher: value.hex}, age=age)

    def take_back(self, value):
        self.later()
        self.server.list(f"n{value.hex[:8]}", None, age=10)

    def spoil(self):
        self.server.list("bad", {"md5": "not a hash"}, age=10)

    def later(self):
        """A minute passes: an hour and a day would do as well."""
        self.server.skew += timedelta(minutes=1)

    def small_pages(self):
        self.server.page = 7

    def close(self):
        self.exchange.close()
        self.server.close()


class FileSource:
    """A file that is written anew at each change."""

    name = "feed.txt"
    kind = TableFile

    def __init__(self, folder, pauses):
        del pauses
        self.path = folder / self.name
        self.lines = {}
        self.broken = []
        self._write()
        self.exchange = self.kind(self.path)

    def list(self, value, age=3600):
        del age
        self.lines[value.hex] = self.line(value)
        self._write()

    def line(self, value):
        return value.hex

    def take_back(self, value):
        del self.lines[value.hex]
        self._write()

    def spoil(self):
        self.broken.append("zz")
        self._write()

    def later(self):
        pass

    def small_pages(self):
        pass

    def _write(self):
        self.path.write_text("\n".join([*self.lines.values(), *self.broken, ""]))

    def close(self):
        pass


class CsvSource(FileSource):
    name = "feed.csv"

    def line(self, value):
        return f"{value.hasher},{value.hex}"

    def _write(self):
        lines = ["hasher,hash", *self.lines.values(), *(f"pdq,{each}" for each in self.broken)]
        self.path.write_text("\n".join([*lines, ""]))


class HmaSource(FileSource):
    kind = HmaFile

    def line(self, value):
        return f"{value.hasher} {value.hex}"

    def spoil(self):
        self.broken.append("pdq zz")
        self._write()


class ThreatExchangeSource(FileSource):
    name = "updates.json"
    kind = ThreatExchangeFile

    def line(self, value):
        kind = {"pdq": "HASH_PDQ", "md5": "HASH_MD5"}[value.hasher]
        return self._record(value, kind, should_delete=False)

    def take_back(self, value):
        self.lines[value.hex] = self._record(value, "HASH_PDQ", should_delete=True)
        self._write()

    def _record(self, value, kind, *, should_delete):
        record = {
            "id": str(int(value.hex[:12], 16)),
            "indicator": value.hex,
            "type": kind,
            "last_updated": 1582372222,
            "should_delete": should_delete,
        }
        return json.dumps(record)


SOURCES = {
    "stopncii": StopNCIISource,
    "ncmec": NcmecSource,
    "plain": FileSource,
    "csv": CsvSource,
    "hma": HmaSource,
    "threatexchange": ThreatExchangeSource,
}
