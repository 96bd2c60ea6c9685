"""What every kind of exchange must do, against a source that is like the real one."""

import json

import pytest

from hashmatch.errors import ExchangeBusyError, FeedShrankError
from hashmatch.exchanges import fetch
from hashmatch.registry import Page


def codes(values):
    return {value.code for value in values}


def get(registry, source, **options):
    return fetch(registry, "feed", exchange=source.exchange, **options)


def test_everything_that_is_listed_comes(registry, source, hashes, listed):
    values = hashes(30)
    source.small_pages()
    for value in values:
        source.list(value)
    done = get(registry, source)
    assert done.added == 30
    assert done.rejected == 0
    assert listed(registry) == codes(values)
    state = registry.exchange("feed")
    assert state.entries == 30
    assert state.completed is not None


def test_md5_comes_too(registry, source, hashes, listed):
    (video,) = hashes(1, "md5")
    if type(source).__name__ == "FileSource":
        pytest.skip("a bare line does not say which hasher made it")
    source.list(video)
    get(registry, source)
    assert listed(registry, "md5") == {video.code}


def test_an_empty_source(registry, source):
    done = get(registry, source)
    assert (done.added, done.withdrawn, done.rejected) == (0, 0, 0)
    assert registry.exchange("feed").completed is not None


def test_what_is_taken_back_goes(registry, source, hashes, listed):
    values = hashes(9)
    for value in values:
        source.list(value)
    get(registry, source)
    source.take_back(values[3])
    done = get(registry, source)
    assert done.withdrawn == 1
    assert listed(registry) == codes(values) - {values[3].code}
    assert registry.exchange("feed").entries == 8


def test_what_comes_back_is_listed_again(registry, source, hashes, listed):
    (value,) = hashes(1)
    source.list(value)
    get(registry, source)
    source.take_back(value)
    get(registry, source)
    assert listed(registry) == set()
    source.later()
    source.list(value, age=10)
    get(registry, source)
    assert listed(registry) == {value.code}


def test_nothing_new_changes_nothing(registry, source, hashes):
    for value in hashes(9):
        source.list(value)
    get(registry, source)
    before = registry.sequence()
    done = get(registry, source)
    assert (done.added, done.withdrawn) == (0, 0)
    assert registry.sequence() == before


def test_what_the_keeper_added_stays(registry, source, hashes, listed):
    mine, ours, theirs = hashes(3)
    registry.add("default", [mine, ours], source="by hand")
    source.list(ours)
    source.list(theirs)
    assert get(registry, source).added == 1
    source.take_back(ours)
    source.take_back(theirs)
    get(registry, source)
    assert listed(registry) == {mine.code, ours.code}


def test_a_bad_record_costs_itself_only(registry, source, hashes, listed):
    values = hashes(5)
    for value in values[:3]:
        source.list(value)
    source.spoil()
    for value in values[3:]:
        source.list(value)
    done = get(registry, source)
    assert done.rejected == 1
    (told,) = done.rejections
    assert told.why
    assert listed(registry) == codes(values)
    assert registry.exchange("feed").rejected == 1


def test_an_interrupted_fetch_goes_on(registry, source, hashes, listed):
    values = hashes(40)
    source.small_pages()
    for value in values:
        source.list(value)
    pages = source.exchange.fetch(None)
    registry.apply_page("feed", next(pages), 0)
    pages.close()
    done = get(registry, source)
    assert listed(registry) == codes(values)
    if hasattr(source, "server"):
        assert done.added == 33
    assert registry.exchange("feed").completed is not None


def test_duplicate_pages_are_harmless(registry, source, hashes, listed):
    values = hashes(20)
    source.small_pages()
    for value in values:
        source.list(value)
    turn = 0
    for page in source.exchange.fetch(None):
        for _ in range(2):
            turn = registry.apply_page("feed", page, turn).turn
    assert listed(registry) == codes(values)
    added = [change.entry for change in registry.follow() if change.kind == "add"]
    assert len(added) == len(set(added)) == 20


def test_only_one_process_fetches(registry, source, hashes):
    source.list(hashes(1)[0])
    (page,) = source.exchange.fetch(None)
    registry.apply_page("feed", page, 0)
    with pytest.raises(ExchangeBusyError, match="another process"):
        registry.apply_page("feed", page, 0)


def test_thousands_of_records_in_one_page(registry, source, hashes, listed):
    values = hashes(5_000)
    if hasattr(source, "server"):
        source.server.page = 10_000
    listing = source.lines if hasattr(source, "lines") else None
    for value in values[:-1]:
        if listing is None:
            source.list(value)
        else:
            listing[value.hex] = source.line(value)
    source.list(values[-1])
    assert get(registry, source).added == 5_000
    assert listed(registry) == codes(values)


def test_a_source_that_lost_nearly_all_withdraws_nothing_unasked(registry, source, hashes):
    if not hasattr(source, "lines"):
        pytest.skip("a feed of changes says what goes; see the tests of each")
    values = hashes(300)
    for value in values:
        source.lines[value.hex] = source.line(value)
    source.list(values[0])
    get(registry, source)
    for value in values[10:]:
        del source.lines[value.hex]
    source.list(values[0])
    with pytest.raises(FeedShrankError, match="290 of the 300"):
        get(registry, source)
    assert registry.exchange("feed").entries == 300
    assert registry.exchange("feed").failure == "feed_shrank"
    assert get(registry, source, may_shrink=True).withdrawn == 290
    assert registry.exchange("feed").failure is None


def test_pages_hold_plain_checkpoints(source, hashes):
    source.list(hashes(1)[0])
    for page in source.exchange.fetch(None):
        assert isinstance(page, Page)
        assert json.loads(json.dumps(dict(page.checkpoint))) == dict(page.checkpoint)
