"""Parts of listed pictures, which come by the feed and in the snapshot."""

import numpy as np
import pytest
from following import fingerprint, parts_fingerprint
from serving import until

from hashmatch.matching import Matcher, snapshots_of
from hashmatch.pipeline import feed


class TestParts:
    @pytest.fixture
    def upload(self, photo):
        height, width = photo.shape[:2]
        return np.ascontiguousarray(photo[height // 8 :, width // 8 :])

    def test_they_come_and_go_by_the_feed(self, published, opened, registry, photo, upload):
        matcher = opened(published)
        receipt = registry.submit([[fingerprint(photo), parts_fingerprint(photo)]])
        until(lambda: matcher.check(upload, "thorough").action == "block")
        registry.withdraw_case(receipt.number, receipt.secret_phrase)
        until(lambda: matcher.check(upload, "thorough").action == "pass")
        assert len(matcher._kept.generation.parts) == 0

    def test_they_come_with_the_snapshot(
        self, start, opened, filled, photo, upload, token, tmp_path
    ):
        del token  # it is there before the service starts
        filled.submit([[fingerprint(photo), parts_fingerprint(photo)]])
        folder = snapshots_of(tmp_path / "registry", None)
        with Matcher(filled, snapshots=folder) as matcher:
            folder.put(matcher._kept.generation)
        with start() as url:
            far = opened(url)
            assert far.generation >= 1
            assert len(far._kept.generation.parts.base.entries) == 1
            assert far.check(upload, "thorough").action == "block"
        again = opened(url)  # the service is away
        assert again.check(upload, "thorough").action == "block"

    @pytest.mark.parametrize("told", ["zz", "00", 5, ["00"], None])
    def test_such_as_cannot_be_read_are_left_out(self, told):
        record = {
            "sequence": 1, "kind": "add", "list": 1, "at": "2026-11-22T11:00:00+00:00", "entry": 7,
            "hasher": "pdq", "hash": "0f" * 32, "quality": 90, "parts": told,
        }  # fmt: skip
        (change,) = feed.read_page({"changes": [record], "sequence": 1}, 0)
        assert (change.entry, change.parts) == (7, None)
        assert change.code is not None
