"""What only PostgreSQL needs: who may write, what a reader sees, and what its errors mean."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Select, Table, create_engine, event

from hashmatch.errors import MissingExtraError

_WAIT_SECONDS: Final = 60
_WRITERS: Final = 0x6861_7368_6D61_7463  # "hashmatc": the advisory lock that writers take

_SETTINGS: Final = (
    f"SET lock_timeout = '{_WAIT_SECONDS}s'",
    # a writer that was stopped half-way shall not keep the others waiting for ever
    f"SET idle_in_transaction_session_timeout = '{_WAIT_SECONDS}s'",
    # what was acknowledged survives; a server that promises more than this is left alone
    (
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') = 'off'"
    ),
)

_WORDS: Final = {
    "08": "the connection to the server was lost. Try again",
    "25006": "the server takes no writes (a standby?). Name the primary server",
    "25P03": f"it was left idle for {_WAIT_SECONDS} s in the middle of its work. Try again",
    "28": "the server refuses this user or password. Check them",
    "3D000": "the server has no such database. Create it first, with createdb",
    "42501": "this user may not do it. Make the user the owner of the database",
    "53100": "the server's disk is full; nothing of this was written. Make room and try again",
    "53": "the server is short of memory or connections. Try again, or give it more",
    "55P03": f"another process has kept it locked for {_WAIT_SECONDS} s. Try again, or end that "
    "process",
    "57": "the server is starting, stopping, or has ended this connection. Try again",
    "58": "the server met an error of its system or disk. Look into its log",
    "XX": "the server reports damaged data. Look into its log, and restore from a backup",
}
_UNREACHABLE: Final = (
    "the server cannot be reached, or does not let this user into this database. Check that it "
    "runs, and the URL"
)


def make_engine(url: URL) -> Engine:
    """See `dialects.make_engine`."""
    try:
        # hide_parameters: parameters are hashes, and would stand in error texts and logs.
        # pool_pre_ping: a server that was started again costs nobody a request
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            max_overflow=-1,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError:
        raise MissingExtraError(
            "A registry in PostgreSQL needs a driver: pip install 'hashmatch[postgres]'"
        ) from None
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def begins(connection: Connection, *, writes: bool) -> None:
    """See `dialects.begins`.

    A writer sees what was committed before each of its statements, which is all there is, as
    nobody else writes meanwhile; a reader sees the state at its first statement.
    """
    connection.execution_options(
        hashmatch_writes=writes,
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
        postgresql_readonly=not writes,
    )


def stream(connection: Connection, query: Select[Any], size: int) -> Iterator[Sequence[Any]]:
    """See `dialects.stream`; a cursor on the server hands the rows over bit by bit."""
    with closing(connection.execute(query.execution_options(yield_per=size))) as result:
        yield from result.partitions()


def insert_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """See `dialects.insert_many`; the driver sends all rows before it waits for an answer."""
    named = ", ".join(columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table.name} ({named}) VALUES ({places})"  # noqa: S608 - our names
    connection.exec_driver_sql(statement, rows)


def find_codes(
    connection: Connection, list_id: int, hasher_id: int, codes: Sequence[bytes]
) -> Sequence[Any]:
    """See `dialects.find_codes`."""
    statement = (
        "SELECT id, code, direct FROM entries WHERE list_id = %s AND hasher_id = %s "
        "AND state = 'active' AND code = ANY(%s)"
    )
    return connection.exec_driver_sql(statement, (list_id, hasher_id, [*codes])).all()


def words_for(origin: BaseException) -> str:
    """See `dialects.words_for`."""
    state = getattr(origin, "sqlstate", None)
    if state is None:
        is_away = type(origin).__name__ == "OperationalError"
        return _UNREACHABLE if is_away else f"its driver reports {type(origin).__name__}"
    for length in (5, 2):
        if state[:length] in _WORDS:
            return _WORDS[state[:length]]
    return f"the server reports {type(origin).__name__} ({state})"


def prepare(connection: Connection) -> None:
    """See `dialects.prepare`: there is nothing to do."""


def forget_deleted(connection: Connection) -> None:
    """See `dialects.forget_deleted`: that is autovacuum's work, and of who keeps the backups."""


def _set_up(driver: Any, _record: object) -> None:
    driver.autocommit = True  # else these would begin a transaction
    for setting in _SETTINGS:
        driver.execute(setting)
    driver.autocommit = False


def _begin(connection: Connection) -> None:
    """Let writers stand in line before they look at anything.

    Locking a row instead would do as well, except before there are tables; locking several could
    end in a deadlock, since the order in which rows are met changes as they are updated.
    """
    if connection.get_execution_options().get("hashmatch_writes", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
