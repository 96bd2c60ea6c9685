"""Whatever StopNCII's feed answers with is read or refused, and takes no longer than it must."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashmatch.errors import (
    ExchangeError,
)
from hashmatch.exchanges import StopNCII
from hashmatch.exchanges.remote import Answer

PDQ = hashlib.sha256(b"x").hexdigest()


NAMES = st.sampled_from(
    ["signalType", "hashStatus", "hashValue", "caseNumbers", "hashRecords", "count",
     "nextPageToken", "nextSetTimestamp", "hasMoreRecords", "x"]
)  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(PDQ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)


RECORD = st.dictionaries(
    NAMES, JSON | st.sampled_from(["ImagePDQ", "Active", "Withdrawn", PDQ]), max_size=6
)


PAGE = st.fixed_dictionaries(
    {},
    optional={
        "hashRecords": st.lists(RECORD | JSON, max_size=5) | JSON,
        "hasMoreRecords": st.booleans() | JSON,
        "nextPageToken": st.text(max_size=3) | JSON,
        "nextSetTimestamp": st.integers() | JSON,
        "count": st.integers() | JSON,
    },
)


class Fixed:
    """A remote that always answers with the same."""

    def __init__(self, body):
        self.body = body

    def get(self, *_):
        from datetime import UTC, datetime

        return Answer(self.body, datetime.now(UTC))


def read_all(body):
    """Every answer ends in pages, or in an error that was meant."""
    try:
        for page in StopNCII(Fixed(body), {"fetch_key": "x"}).fetch(None):
            json.dumps(dict(page.checkpoint))
            for record in page.records:
                assert [value.bits in {128, 256} for value in record.hashes] == [True]
    except ExchangeError:
        pass


@settings(max_examples=120)
@given(PAGE)
def test_any_json_is_read_or_refused(page):
    read_all(json.dumps(page).encode())


@settings(max_examples=120)
@given(PAGE, st.integers(0, 400), st.binary(max_size=6))
def test_any_broken_json_is_read_or_refused(page, at, noise):
    body = json.dumps({"nextPageToken": None, "hasMoreRecords": False, **page}).encode()
    read_all(body[:at] + noise + body[at + len(noise) :])


@pytest.mark.parametrize("body", [b'{"hashRecords": [' + b'{"a":' * 200_000, b"[" * 1_000_000])
def test_pages_that_would_take_for_ever(body):
    read_all(body + b' "nextPageToken": null, "hasMoreRecords": false, "count": 1')
