"""Everything that is different from one database to another; the rest of the room is plain SQL."""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Select, Table, create_engine, event, insert
from sqlalchemy.exc import DBAPIError

from hashmatch.errors import RegistryUnavailableError

BUSY_SECONDS: Final = 60
"""How long a writer waits for its turn before it gives up."""

ERRORS: Final = (DBAPIError, sqlite3.Error)
"""What a database may raise: through SQLAlchemy, or where its driver is asked directly."""

_BUSY_TIMEOUT: Final = f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}"
_SQLITE_SETTINGS: Final = (
    _BUSY_TIMEOUT,
    "PRAGMA synchronous = FULL",  # what was acknowledged survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # a withdrawn code is overwritten, not only unlinked
    "PRAGMA temp_store = MEMORY",  # no hash in a temporary file
    "PRAGMA cache_size = -16384",  # KiB for each connection; the system caches the file as well
    "PRAGMA journal_size_limit = 67108864",
)

_SQLITE_WORDS: Final = {
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
    "SQLITE_IOERR": "the disk gave an error while it was read or written. Check the disk",
}


def make_engine(url: URL) -> Engine:
    """An engine for the database, set up so that a transaction means what this room needs.

    Reading transactions see one state; writing ones (`begins_writing`) wait for each other from
    their first statement on, so that none fails half-way because another came between.

    Raises:
        RegistryUnavailableError: hashmatch does not speak to that kind of database.
    """
    if url.get_backend_name() != "sqlite":
        raise RegistryUnavailableError(
            f"This version keeps registries in SQLite only, not in {url.get_backend_name()}. "
            "Name a folder, or a URL like sqlite:////var/lib/hashmatch/registry.sqlite3."
        )
    if url.database in (None, "", ":memory:"):
        raise RegistryUnavailableError(
            "A registry in memory would be gone at once; name a folder or a file."
        )
    _make_file(url.database)
    # hide_parameters: parameters are hashes, and would stand in error texts and logs
    engine = create_engine(url, hide_parameters=True, max_overflow=-1)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def begins_writing(connection: Connection) -> Connection:
    """Mark a connection, before its transaction begins, as one that will write."""
    return connection.execution_options(hashmatch_writes=True)


def stream(connection: Connection, query: Select[Any], size: int) -> Iterator[Sequence[Any]]:
    """The rows of a query as the driver gives them, at most ``size`` at a time.

    For queries of a million rows and plain columns: making a Row of each would take as long as
    the query does. SQLite's cursor finds rows as they are fetched.
    """
    with closing(connection.execute(query)) as result:
        while rows := result.cursor.fetchmany(size):
            yield rows


def insert_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """Insert rows of values as the driver takes them, in the order of the table's columns.

    For a million rows of plain columns: looking at every value on its way would take longer than
    the database does.
    """
    statement = insert(table).compile(connection, column_keys=columns)
    connection.exec_driver_sql(str(statement), rows)


def words_for(error: Exception) -> str:
    """What one of `ERRORS` means, and what to do; free of the values that were on their way."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(origin, "sqlite_errorname", "") or type(origin).__name__
    for prefix, words in _SQLITE_WORDS.items():
        if name.startswith(prefix):
            return words
    return f"its driver reports {name}"


def prepare(connection: Connection) -> None:
    """Whatever a database needs once, before its tables are made; outside any transaction.

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


def _set_up_sqlite(driver: sqlite3.Connection, _record: object) -> None:
    driver.isolation_level = None  # transactions begin where `_begin_sqlite` says
    for setting in _SQLITE_SETTINGS:
        driver.execute(setting)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hashmatch_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
