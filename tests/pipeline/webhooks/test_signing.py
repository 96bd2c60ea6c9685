"""A receiver believes what is genuine and fresh only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch.pipeline.webhooks import sign, verify
from hashmatch.pipeline.webhooks.signing import EVENT, SIGNATURE, TIMESTAMP

SECRET = b"sixteen bytes or more"


@given(body=st.binary(), other=st.binary(), at=st.integers(0, 2**40), late=st.integers(-999, 999))
def test_a_signature_holds_for_its_body_time_and_secret_only(body, other, at, late):
    headers = {EVENT.upper(): "id", TIMESTAMP: str(at), SIGNATURE: sign(SECRET, at, body)}
    assert verify(SECRET, headers, body, now=at + late) == ("id" if abs(late) <= 300 else None)
    assert (verify(SECRET, headers, other, now=at) == "id") == (other == body)
    assert verify(SECRET + b"!", headers, body, now=at) is None
    assert verify(SECRET, {**headers, TIMESTAMP: str(at + 1)}, body, now=at) is None


@pytest.mark.parametrize("timestamp", ["", "now", "-5", "٣", "9" * 30])
def test_a_time_that_is_none_is_refused(timestamp):
    headers = {EVENT: "id", TIMESTAMP: timestamp, SIGNATURE: "v1=é"}
    assert verify(SECRET, headers, b"") is None
    assert verify(SECRET, {EVENT: "id", TIMESTAMP: "5", SIGNATURE: "v1=é"}, b"", now=5) is None
