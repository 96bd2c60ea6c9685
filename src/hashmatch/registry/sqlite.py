"""What only SQLite needs: its settings, who may write, its file, and what its errors mean."""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Select, Table, create_engine, event

from hashmatch.errors import RegistryUnavailableError

BUSY_SECONDS: Final = 60
"""How long a writer waits for its turn before it gives up."""

_BUSY_TIMEOUT: Final = f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}"
_SETTINGS: Final = (
    _BUSY_TIMEOUT,
    "PRAGMA synchronous = FULL",  # what was acknowledged survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # a withdrawn code is overwritten, not only unlinked
    "PRAGMA temp_store = MEMORY",  # no hash in a temporary file
    "PRAGMA cache_size = -16384",  # KiB for each connection; the system caches the file as well
    "PRAGMA journal_size_limit = 67108864",
)

_ROWS: Final = 500
"""Of one statement; all values together must be fewer than 32,766."""

_WORDS: Final = {
    "SQLITE_FULL": "the disk is full, or the database has reached its size limit; nothing of this "
    "was written. Make room and try again",
    "SQLITE_BUSY": f"another process has kept it locked for {BUSY_SECONDS} s. Try again, or end "
    "that process",
    "SQLITE_LOCKED": "another connection has kept it locked. Try again",
    "SQLITE_NOTADB": "the file is not a database. Move it away, or name another place",
    "SQLITE_CORRUPT": "the file is damaged. Restore it from a backup",
    "SQLITE_READONLY": "it may not be written to. Check the owner and mode of the folder and file",
    "SQLITE_PERM": "it may not be opened. Check the owner and mode of the folder and file",
    "SQLITE_CANTOPEN": "it cannot be opened. Check that the folder exists and may be written to",
    "SQLITE_IOERR": "the disk is full, or gave an error while it was read or written. "
    "Check the disk",
}


def make_engine(url: URL) -> Engine:
    """See `dialects.make_engine`."""
    if url.database in (None, "", ":memory:"):
        raise RegistryUnavailableError(
            "A registry in memory would be gone at once; name a folder or a file."
        )
    _make_file(url.database)
    # hide_parameters: parameters are hashes, and would stand in error texts and logs
    engine = create_engine(url, hide_parameters=True, max_overflow=-1)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def begins(connection: Connection, *, writes: bool) -> None:
    """See `dialects.begins`."""
    connection.execution_options(hashmatch_writes=writes)


def stream(connection: Connection, query: Select[Any], size: int) -> Iterator[Sequence[Any]]:
    """See `dialects.stream`; SQLite's cursor finds rows as they are fetched.

    They are the driver's: making a Row of each would take as long as the query does.
    """
    with closing(connection.execute(query)) as result:
        while rows := result.cursor.fetchmany(size):
            yield rows


def insert_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """See `dialects.insert_many`.

    Many rows a statement: for each one the driver lets other threads run, and waits for them.
    """
    head = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES "  # noqa: S608 - our names
    one = f"({', '.join('?' * len(columns))})"
    for start in range(0, len(rows), _ROWS):
        some = rows[start : start + _ROWS]
        statement = head + ", ".join([one] * len(some))
        connection.exec_driver_sql(statement, tuple(chain.from_iterable(some)))


def find_codes(
    connection: Connection, list_id: int, hasher_id: int, codes: Sequence[bytes]
) -> Sequence[Any]:
    """See `dialects.find_codes`."""
    places = ", ".join("?" * len(codes))
    statement = (
        "SELECT id, code, direct FROM entries WHERE list_id = ? AND hasher_id = ? "  # noqa: S608 - places
        f"AND state = 'active' AND code IN ({places})"
    )
    return connection.exec_driver_sql(statement, (list_id, hasher_id, *codes)).all()


def words_for(origin: BaseException) -> str:
    """See `dialects.words_for`."""
    name = getattr(origin, "sqlite_errorname", "") or type(origin).__name__
    for prefix, words in _WORDS.items():
        if name.startswith(prefix):
            return words
    return f"its driver reports {name}"


def prepare(connection: Connection) -> None:
    """See `dialects.prepare`.

    SQLite does not wait for a lock while it changes its journal, so that two processes which make
    one registry at once have to take turns here.
    """
    driver: Any = connection.connection.driver_connection
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            driver.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorname.startswith("SQLITE_BUSY")
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def forget_deleted(connection: Connection) -> None:
    """Drop the write-ahead log, in which deleted values stand until it is written over.

    Nothing is lost if others keep it busy just then; it is tried again the next time.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout = 20")
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    driver.execute(_BUSY_TIMEOUT)


def _make_file(path: str) -> None:
    """Make the file before SQLite does, which would let others read it."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise RegistryUnavailableError(
            f"The registry {path} cannot be opened: {error.strerror}. "
            "Check that its folder exists and may be written to."
        ) from None


def _set_up(driver: sqlite3.Connection, _record: object) -> None:
    driver.isolation_level = None  # transactions begin where `_begin` says
    for setting in _SETTINGS:
        driver.execute(setting)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hashmatch_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
