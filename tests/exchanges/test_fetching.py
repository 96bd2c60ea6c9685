"""Pages go into the list a few a transaction, and none is held longer than it takes."""

import gc
import tracemalloc
from itertools import pairwise

import pytest

from hashmatch.errors import ExchangeUnavailableError
from hashmatch.exchanges import fetch, fetching
from hashmatch.registry import Page, Record
from hashmatch.types import Hash

RECORDS = 800


def page_of(number, of):
    first = RECORDS * number
    records = [
        Record(None, (Hash("pdq", (place * 2**200 + 1).to_bytes(32, "big"), None),))
        for place in range(first, first + RECORDS)
    ]
    return Page(records, {"page": number + 1}, begins=not number, complete=number == of - 1)


class Source:
    """So many pages; after `until` of them it is away."""

    def __init__(self, pages, until=None):
        self.pages = pages
        self.until = until

    def fetch(self, checkpoint):
        for number in range((checkpoint or {"page": 0})["page"], self.pages):
            if number == self.until:
                raise ExchangeUnavailableError("The source is away.")
            yield page_of(number, self.pages)


@pytest.fixture
def exchange(registry):
    registry.add_exchange("feed", "stopncii", "default", {})


@pytest.mark.usefixtures("exchange")
def test_what_came_before_a_source_went_away_stays(registry):
    with pytest.raises(ExchangeUnavailableError):
        fetch(registry, "feed", exchange=Source(9, until=5))
    assert registry.exchange("feed").checkpoint == {"page": 5}
    assert registry.count_entries("default") == 5 * RECORDS
    told = []
    done = fetch(registry, "feed", exchange=Source(9), progress=lambda now: told.append(now.pages))
    assert (done.pages, done.added) == (4, 4 * RECORDS)
    assert told[-1] == 4
    assert registry.count_entries("default") == 9 * RECORDS


@pytest.mark.usefixtures("exchange")
def test_a_transaction_takes_no_more_pages_than_it_may(registry, monkeypatch):
    monkeypatch.setattr(fetching, "_TOGETHER", 2 * RECORDS)
    told = [0]
    fetch(registry, "feed", exchange=Source(9), progress=lambda now: told.append(now.pages))
    assert told[-1] == 9
    assert {after - before for before, after in pairwise(told)} <= {1, 2}


def peak_of(registry, name, pages):
    registry.add_exchange(name, "stopncii", "default", {})
    gc.collect()
    tracemalloc.start()
    try:
        fetch(registry, name, exchange=Source(pages))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_is_that_of_a_page_however_long_the_feed(registry):
    """Without what the database caches, which is the same for every connection."""
    peak_of(registry, "first", 1)  # imports, and statements that are compiled once
    assert peak_of(registry, "long", 40) < 2.5 * peak_of(registry, "short", 1)
