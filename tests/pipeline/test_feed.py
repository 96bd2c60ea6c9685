"""Pages of changes over HTTP: what is passed over, and what is refused."""

import numpy as np
import pytest
from following import found
from serving import until

from hashmatch.pipeline import feed
from hashmatch.types import Hash


class TestFeed:
    def page(self, *records):
        return {"changes": list(records), "sequence": 10 + len(records)}

    def good(self, sequence):
        return {
            "sequence": sequence, "kind": "add", "list": 1, "at": "2026-01-01T00:00:00+00:00",
            "entry": sequence, "hasher": "pdq", "hash": "00" * 32, "quality": 80,
        }  # fmt: skip

    @pytest.mark.parametrize(
        "bad",
        [
            {"hash": "xyz"},
            {"hash": "00" * 31},
            {"hash": 7},
            {"hasher": None},
            {"hasher": "md5"},
            {"quality": 101},
            {"quality": "good"},
            {"entry": None},
            {"entry": -1},
            {"entry": 1 << 60},
            {"entry": True},
            {"sequence": 99},
            {"kind": 3},
            {"list": "x"},
            {"at": "yesterday"},
            {"at": 5},
        ],
    )
    def test_a_record_that_cannot_be_read_is_passed_over(self, bad, caplog):
        page = self.page(self.good(11), {**self.good(12), **bad}, self.good(13))
        changes = feed.read_page(page, 10)
        assert [change.kind for change in changes] == ["add", "set_list", "add"]
        assert [change.sequence for change in changes] == [11, 12, 13]
        assert "Change 12 of the feed" in caplog.text

    def test_no_object_at_all(self):
        assert feed.read_page(self.page(None, 3, "x", []), 10)[3].sequence == 14

    @pytest.mark.parametrize("last", [10, 12, None, "11"])
    def test_pages_with_gaps_are_refused(self, last):
        page = {"changes": [self.good(11)], "sequence": last}
        with pytest.raises(feed.ServiceError, match="one by one"):
            feed.read_page(page, 10)

    def test_of_a_running_service(self, published, opened, filled, codes, monkeypatch):
        """A poisoned record comes first on its page; what follows is matched all the same."""
        matcher = opened(published)
        from hashmatch.service import lists

        told, spoilt = lists._change, []

        def spoil(change):
            record = told(change)
            if not spoilt and record["kind"] == "add":
                spoilt.append(change.sequence)
            if record["sequence"] in spoilt:
                record["hash"] = "poison"
            return record

        monkeypatch.setattr(lists, "_change", spoil)
        new = [Hash("pdq", bytes([n]) * 32, 80) for n in (1, 2)]
        filled.add("default", new, source="test")
        until(lambda: found(matcher, np.full((1, 32), 2, np.uint8)) == [1502])
        assert found(matcher, np.full((1, 32), 1, np.uint8)) == []
        assert found(matcher, codes[:1]) == [1]
