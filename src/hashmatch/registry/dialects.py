"""The door to what differs from one database to another; the rest of the room is plain SQL."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import URL, Connection, Engine, ExceptionContext, Select, Table, event
from sqlalchemy.exc import DBAPIError

from hashmatch.errors import RegistryError, RegistryUnavailableError
from hashmatch.registry import postgresql, sqlite

Values = tuple[Any, ...]

_OUT_OF_RANGE: Final = "22003"
"""How PostgreSQL names it."""


class _Dialect(Protocol):
    """What a module that knows a database must offer; see the functions below."""

    def make_engine(self, url: URL) -> Engine: ...

    def begins(self, connection: Connection, *, writes: bool) -> None: ...

    def stream(
        self, connection: Connection, query: Select[Any], size: int
    ) -> Iterator[Sequence[Any]]: ...

    def insert_many(
        self, connection: Connection, table: Table, columns: Sequence[str], rows: list[Values]
    ) -> None: ...

    def find_codes(
        self, connection: Connection, list_id: int, hasher_id: int, codes: Sequence[bytes]
    ) -> Sequence[Any]: ...

    def words_for(self, origin: BaseException) -> str: ...

    def prepare(self, connection: Connection) -> None: ...

    def forget_deleted(self, connection: Connection) -> None: ...


_SPOKEN: Final[dict[str, _Dialect]] = {
    "sqlite": sqlite,
    "postgresql": postgresql,
    "postgres": postgresql,
}


def make_engine(url: URL) -> Engine:
    """An engine for the database, set up so that a transaction means what this room needs.

    Reading transactions see one state; writing ones (`begins`) wait for each other from their
    first statement on, so that none fails half-way because another came between.

    Raises:
        RegistryUnavailableError: hashmatch does not speak to that kind of database.
        MissingExtraError: it does, with the extra that the message names.
    """
    backend = url.get_backend_name()
    if backend not in _SPOKEN:
        raise RegistryUnavailableError(
            f"A registry is kept in SQLite or PostgreSQL, not in {backend}. Name a folder, or a "
            "URL like sqlite:////var/lib/hashmatch/registry.sqlite3 or "
            "postgresql://user@host/database."
        )
    engine = _SPOKEN[backend].make_engine(url)
    event.listen(engine, "handle_error", _refuse_large_numbers)
    return engine


def begins(connection: Connection, *, writes: bool) -> None:
    """Say of a connection, before its transaction begins, whether it will write."""
    _SPOKEN[connection.dialect.name].begins(connection, writes=writes)


def stream(connection: Connection, query: Select[Any], size: int) -> Iterator[Sequence[Any]]:
    """The rows of a query, at most ``size`` at a time, each with plain columns in its order.

    For queries of a million rows: none of them is held longer than it takes to be used.
    """
    return _SPOKEN[connection.dialect.name].stream(connection, query, size)


def insert_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: list[Values]
) -> None:
    """Insert rows of values as the driver takes them, in the order of the table's columns.

    For a million rows of plain columns: looking at every value on its way would take longer than
    the database does.
    """
    _SPOKEN[connection.dialect.name].insert_many(connection, table, columns, rows)


def find_codes(
    connection: Connection, list_id: int, hasher_id: int, codes: Sequence[bytes]
) -> Sequence[Any]:
    """The active entries of a list that have one of these codes: rows of id, code, direct.

    At most 1,000 codes, given as the driver takes them: a feed of a million passes here.
    """
    return _SPOKEN[connection.dialect.name].find_codes(connection, list_id, hasher_id, codes)


def errors(engine: Engine) -> tuple[type[Exception], ...]:
    """What the database may raise: through SQLAlchemy, or where its driver is asked directly."""
    driver: Any = engine.dialect.loaded_dbapi
    return DBAPIError, driver.Error


def words_for(engine: Engine, error: Exception) -> str:
    """What one of `errors` means, and what to do; free of the values that were on their way."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    return _SPOKEN[engine.dialect.name].words_for(origin or error)


def prepare(connection: Connection) -> None:
    """Whatever a database needs once, before its tables are made; outside any transaction."""
    _SPOKEN[connection.dialect.name].prepare(connection)


def forget_deleted(connection: Connection) -> None:
    """Clear what the database keeps for a while of values that were deleted, as far as it can."""
    _SPOKEN[connection.dialect.name].forget_deleted(connection)


def _refuse_large_numbers(context: ExceptionContext) -> None:
    """Say of numbers beyond 64 bits what is wrong: SQLite's driver takes none, PostgreSQL few."""
    error = context.original_exception
    if isinstance(error, OverflowError) or getattr(error, "sqlstate", None) == _OUT_OF_RANGE:
        raise RegistryError(
            "A number is too large for a registry: entry ids, sequence numbers and limits lie "
            "below 2**63."
        ) from None
