"""Entries in and out of a registry, beside what SQLite's own driver takes for the same rows."""

import itertools
import sqlite3

import numpy as np
import pytest

from hashmatch.registry import Registry
from hashmatch.registry.database import FILE_NAME
from hashmatch.types import Hash

ENTRIES = 200_000
IMPORTED = 50_000


@pytest.fixture(scope="module")
def codes():
    return np.random.default_rng(1).integers(0, 256, (ENTRIES, 32), np.uint8)


@pytest.fixture
def registry(tmp_path):
    with Registry.open(tmp_path / "registry") as opened:
        yield opened


@pytest.fixture
def full(registry, codes):
    registry.add("default", (Hash("pdq", code.tobytes(), 80) for code in codes), source="test")
    return registry


def test_read_all_entries_as_arrays(benchmark, race, full, tmp_path):
    database = sqlite3.connect(tmp_path / "registry" / FILE_NAME)

    def with_sqlite3():
        return database.execute("SELECT id, code, quality, list_id FROM entries").fetchall()

    def ours():
        return list(full.entries("pdq"))

    race.compare(benchmark, ours, {"sqlite3, as tuples": with_sqlite3}, rounds=5)
    database.close()


def test_import_plain_lines(benchmark, race, registry, codes, tmp_path):
    file = tmp_path / "hashes.txt"
    file.write_text("\n".join(code.tobytes().hex() for code in codes[:IMPORTED]))
    lists = map("list-{}".format, itertools.count())
    database = sqlite3.connect(tmp_path / "plain.sqlite3")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE entries (id INTEGER PRIMARY KEY, list TEXT, code BLOB)")
    database.execute("CREATE UNIQUE INDEX once ON entries (list, code)")

    def ours():
        name = next(lists)
        registry.create_list(name)
        assert registry.import_file(name, file).added == IMPORTED

    def with_sqlite3():
        name = next(lists)
        with database, file.open() as lines:
            rows = ((name, bytes.fromhex(line)) for line in lines)
            database.executemany("INSERT INTO entries (list, code) VALUES (?, ?)", rows)

    race.compare(benchmark, ours, {"sqlite3, a table, no feed": with_sqlite3}, rounds=3)
    database.close()


def test_add_one_hash(benchmark, full):
    """One acknowledged change: on the disk when it returns."""
    seeds = itertools.count()
    benchmark(lambda: full.add("default", [Hash("pdq", next(seeds).to_bytes(32))], source="test"))


def test_follow_one_change(benchmark, full):
    last = full.sequence()
    benchmark(lambda: full.follow(last - 1))


def test_open(benchmark, full, tmp_path):
    del full
    benchmark(lambda: Registry.open(tmp_path / "registry").close())
