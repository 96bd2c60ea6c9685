"""Senders, and a receiver for them."""

import pytest
from receiving import QUICK, SECRET, Receiver

from hashmatch.pipeline.webhooks import Webhooks


@pytest.fixture
def receiver():
    here = Receiver()
    yield here
    here.close()


@pytest.fixture
def hooked(receiver):
    made = []

    def make(**options):
        made.append(Webhooks(receiver.url, SECRET, **{"patience": QUICK, **options}))
        return made[-1]

    yield make
    for each in made:
        each.close(0)
