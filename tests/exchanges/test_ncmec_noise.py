"""Whatever NCMEC's feed answers with is read or refused."""

import hashlib
import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from hashmatch.errors import (
    ExchangeError,
)
from hashmatch.exchanges import Ncmec
from hashmatch.exchanges.remote import Answer


class Fixed:
    """A remote that always answers with the same."""

    def __init__(self, body):
        self.body = body
        self.asked = 0

    def get(self, *_):
        self.asked += 1
        assert self.asked < 500, "it does not end"
        return Answer(self.body, datetime.now(UTC))


def read_all(body):
    """Every answer ends in pages, or in an error that was meant."""
    try:
        for page in Ncmec(Fixed(body)).fetch(None):
            json.dumps(dict(page.checkpoint))
            for record in page.records:
                assert record.external_id.isprintable()
                assert len(record.external_id) <= 200
    except ExchangeError:
        pass


PDQ = hashlib.sha256(b"x").hexdigest()


TAGS = st.sampled_from(
    ["queryResult", "images", "videos", "image", "deletedImage", "video", "deletedVideo", "member",
     "id", "fingerprints", "md5", "pdq", "paging", "next", "timestamp"]
)  # fmt: skip


TEXT = st.sampled_from(["", PDQ[:32], PDQ, "/v2/entries?x", "&amp;", "1"]) | st.text(
    alphabet="ab/ é\t", max_size=5
)


NODES = st.recursive(
    TEXT,
    lambda inner: st.builds(
        lambda tag, member, inside: f'<{tag} id="{member}">{"".join(inside)}</{tag}>',
        TAGS,
        st.sampled_from(["", "42", "x"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@settings(max_examples=120)
@given(NODES, NODES, st.integers(0, 300) | st.none())
def test_any_xml_is_read_or_refused(inside, more, cut):
    text = f"<queryResult><images>{inside}</images><videos>{more}</videos></queryResult>"
    read_all(text[:cut].encode())


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    read_all(body)
