"""Files of others: what stands in them, what no longer does, and files that are no such files."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hashmatch.errors import ExchangeError, FeedUnreadableError
from hashmatch.exchanges import HmaFile, TableFile, ThreatExchangeFile, fetch, files


def digits(number):
    """The hash of a picture of that number."""
    return hashlib.sha256(str(number).encode()).hexdigest()


ONE, TWO = digits(1), digits(2)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "feed"


@pytest.fixture
def get(registry):
    def get(exchange):
        if not registry.exchanges():
            registry.add_exchange("feed", "hma", "default", {})
        return fetch(registry, "feed", exchange=exchange)

    return get


def update(external_id="1", indicator=ONE, kind="HASH_PDQ", **more):
    return {"id": external_id, "indicator": indicator, "type": kind, **more}


def test_hma_lines(get, path):
    path.write_text(f"pdq {ONE}\n\nvideo_md5 {ONE[:32]}\nurl http://x\npdq\npdq zz\n {ONE}\n")
    done = get(HmaFile(path))
    assert (done.added, done.skipped, done.rejected) == (2, 2, 2)
    assert [each.where for each in done.rejections] == ["line 5", "line 6"]


@pytest.mark.parametrize("form", ["lines", "pages", "one", "pretty"])
def test_threat_updates_however_they_were_saved(get, path, form):
    updates = [update("1"), update("2", TWO), update("3", "x", "URI"), update("4", "zz")]
    path.write_text(
        {
            "lines": "\n".join(map(json.dumps, updates)),
            "pages": "\n".join(json.dumps({"data": [each]}) for each in updates),
            "one": json.dumps({"data": updates, "paging": {}}),
            "pretty": json.dumps({"data": updates}, indent=1),
        }[form]
    )
    done = get(ThreatExchangeFile(path))
    assert (done.added, done.skipped, done.rejected) == (2, 1, 1)


def test_a_deletion_by_id(get, registry, path, listed):
    path.write_text(json.dumps({"data": [update(1), update(2, TWO)]}))
    get(ThreatExchangeFile(path, partial=True))
    path.write_text(json.dumps({"data": [update("1", None, should_delete=True)]}))
    assert get(ThreatExchangeFile(path, partial=True)).withdrawn == 1
    assert listed(registry) == {bytes.fromhex(TWO)}


def test_what_holds_changes_only_takes_nothing_else(get, path):
    path.write_text(f"pdq {ONE}\n")
    get(HmaFile(path, partial=True))
    path.write_text(f"pdq {TWO}\n")
    done = get(HmaFile(path, partial=True))
    assert (done.added, done.withdrawn) == (1, 0)


@pytest.mark.parametrize(
    "record",
    [
        None, [], "x", {}, update(None), update(True), update(1 << 70), update("x" * 201),
        update("a\0"), update("\ud800"), update("1", None), update("1", 7), update("1", ONE, None),
    ],
)  # fmt: skip
def test_bad_records(get, path, record):
    path.write_text("\n".join(json.dumps(each) for each in (record, update("9", TWO))))
    done = get(ThreatExchangeFile(path))
    assert (done.added, done.rejected) == (1, 1)
    assert ONE not in repr(done.rejections)


def test_a_file_that_has_not_changed_is_not_read(get, path, monkeypatch):
    path.write_text(f"pdq {ONE}\n")
    get(HmaFile(path))
    monkeypatch.setattr(HmaFile, "_reads", None)
    assert get(HmaFile(path)).pages == 1


def test_a_file_that_changes_while_it_is_read(get, registry, path, monkeypatch):
    monkeypatch.setattr(files, "PAGE_SIZE", 2)
    path.write_text("".join(f"pdq {digits(number)}\n" for number in range(10, 19)))
    get(HmaFile(path))
    reads = HmaFile._reads

    def moving(self):
        for number, each in enumerate(reads(self)):
            if number == 5:
                path.write_text(f"pdq {ONE}\n")
            yield each

    path.write_text("".join(f"pdq {digits(number)}\n" for number in range(10, 18)))
    monkeypatch.setattr(HmaFile, "_reads", moving)
    with pytest.raises(FeedUnreadableError, match="changed while it was read"):
        get(HmaFile(path))
    assert registry.exchange("feed").entries == 9
    monkeypatch.setattr(HmaFile, "_reads", reads)
    assert get(HmaFile(path)).withdrawn == 9
    assert registry.exchange("feed").entries == 1


@pytest.mark.parametrize("kind", [HmaFile, TableFile, ThreatExchangeFile])
def test_a_file_that_is_not_there(get, registry, path, kind):
    with pytest.raises(FeedUnreadableError, match="cannot be read"):
        get(kind(path))
    assert registry.exchange("feed").checkpoint is None


def test_a_table_that_is_none(get, tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text("what,ever\n1,2\n")
    with pytest.raises(FeedUnreadableError, match="column of hashes"):
        get(TableFile(path))


def test_parquet(get, tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "feed.parquet"
    parquet.write_table(pa.table({"hash": [ONE, TWO, "zz"], "quality": [80, None, 1]}), path)
    done = get(TableFile(path))
    assert (done.added, done.rejected) == (2, 1)


def test_a_line_without_end(path, monkeypatch):
    monkeypatch.setattr(files, "MAX_LINE", 100)
    path.write_text("x" * 101)
    with pytest.raises(FeedUnreadableError, match="too long"):
        list(HmaFile(path).fetch(None))


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # one file, written anew
)
@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(["pdq ", ONE, "\n", "{", "}", '"id": "1"', '"data": [', ",", "hash", "\0"])
    ).map(lambda parts: "".join(parts).encode())
)
def test_any_file_is_read_or_refused(path, body):
    for kind, suffix in (
        (HmaFile, ".txt"), (ThreatExchangeFile, ".json"), (TableFile, ".csv"),
        (TableFile, ".parquet"), (TableFile, ".txt"),
    ):  # fmt: skip
        file = path.with_suffix(suffix)
        file.write_bytes(body)
        try:
            pages = list(kind(file).fetch(None))
        except ExchangeError:
            continue
        assert pages[-1].complete
