import pytest

from hashmatch.bench import wording


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.00 µs"), (0.25, "0.25 µs"), (9.994, "9.99 µs"), (9.996, "10.0 µs"), (99.96, "100 µs"),
     (999.4, "999 µs"), (999.6, "1.00 ms"), (1234, "1.23 ms"), (2.5e6, "2.50 s"), (5e9, "5,000 s")],
)  # fmt: skip
def test_times_have_three_digits_and_a_unit(value, text):
    assert wording.microseconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.00 B"), (1023, "1,023 B"), (1024, "1.00 KiB"), (5 << 30, "5.00 GiB"),
     (3 << 50, "3,072 TiB")],
)  # fmt: skip
def test_sizes_go_by_1024(value, text):
    assert wording.size(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (999, "999"), (1000, "1k"), (1500, "1.5k"), (1234, "1,234"), (10**6, "1M"),
     (25 * 10**5, "2.5M"), (10**9, "1G"), (177_165, "177,165")],
)  # fmt: skip
def test_round_numbers_of_codes_are_short(value, text):
    assert wording.amount(value) == text


def test_rates_and_ratios():
    assert wording.rate(43.5) == "43.5 /s"
    assert wording.rate(250_000) == "250 k/s"
    assert wording.ratio(307.2) == "307x"
    assert wording.ratio(None) == wording.DASH


def test_tables_have_a_cell_for_each_head(report):
    for heads, rows in (
        wording.query_table(report.results, report.peer),
        wording.batch_table(report.results, None),
        wording.index_table(report.results),
    ):
        assert rows
        assert all(len(row) == len(heads) for row in rows)


def test_batches_tell_what_a_second_thread_gives_and_what_was_cut(report):
    _, rows = wording.batch_table(report.results, report.peer)
    assert rows[1][2:] == ("8,192", "2", "480 k/s", "310x", "1.92x")
    assert rows[2][2] == "8,192 (100)"
    assert rows[0][-1] == wording.DASH


def test_without_a_peer_there_is_no_column_of_ratios(report):
    heads, rows = wording.query_table(report.results, None)
    assert heads == ("recipe", "codes", "p50", "p90", "p99", "steady p99", "recall")
    assert rows[0][-1] == "1, same sets"
