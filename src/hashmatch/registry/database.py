"""One opened database: where it is, that its tables are there, and its transactions."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, inspect, make_url, text
from sqlalchemy.exc import ArgumentError

from hashmatch.errors import RegistryUnavailableError
from hashmatch.registry import dialects
from hashmatch.registry.schema import REVISION

FILE_NAME: Final = "registry.sqlite3"


class Database:
    """A database whose tables are there and of this version.

    Threads may share it, and so may processes that were forked after it was opened.

    Args:
        place: a folder, made on first use and closed to other users; or a database URL.

    Raises:
        RegistryUnavailableError: the place cannot be opened, holds something else, or was written
            by a newer version of hashmatch.
        MissingExtraError: it is in PostgreSQL, and the extra ``postgres`` is not installed.
    """

    def __init__(self, place: str | os.PathLike[str]) -> None:
        url = _url_of(place)
        # what follows the question mark may hold a password as well
        self.place: Final = url.set(query={}).render_as_string(hide_password=True)
        self._engine = dialects.make_engine(url)
        self._process = os.getpid()
        self._turn = threading.Lock()
        try:
            self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the registry, whatever others write meanwhile."""
        with self._transaction(writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, and the only one that does at its time.

        It is committed, and on the disk, when the block is left; an error undoes all of it.
        """
        # threads stand in line here, where they are woken in time; the database lets them sleep
        self._notice_fork()
        with self._turn, self._transaction(writes=True) as connection:
            yield connection

    @contextmanager
    def erasing(self) -> Iterator[Connection]:
        """A writing transaction after which the files do not hold what it deleted.

        A reader at work meanwhile may delay that, until the database next tidies up by itself;
        so does PostgreSQL always.
        """
        with self.writing() as connection:
            yield connection
        self.forget_deleted()

    def forget_deleted(self) -> None:
        """Keep the files from holding what was deleted before; see `erasing`."""
        # the change is made and acknowledged, whatever becomes of this
        with suppress(*dialects.errors(self._engine)), self._engine.connect() as connection:
            dialects.forget_deleted(connection)

    def close(self) -> None:
        """Close every connection; the registry may be opened again."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        self._notice_fork()
        try:
            with self._engine.connect() as connection:
                dialects.begins(connection, writes=writes)
                with connection.begin():
                    yield connection
        except dialects.errors(self._engine) as error:
            # not chained: some drivers repeat the values, which are hashes
            raise self._unavailable(error, "do this") from None

    def _notice_fork(self) -> None:
        """A fork must not use its parent's connections, nor wait for its parent's threads."""
        if self._process != os.getpid():
            self._engine.dispose(close=False)
            self._turn = threading.Lock()
            self._process = os.getpid()

    def _unavailable(self, error: Exception, what: str) -> RegistryUnavailableError:
        why = dialects.words_for(self._engine, error)
        return RegistryUnavailableError(f"The registry {self.place} cannot {what}: {why}.")

    def _bring_up_to_date(self) -> None:
        with self._transaction(writes=False) as connection:
            if _revision(connection) == REVISION:
                return
        try:
            with self._engine.connect() as connection:
                dialects.prepare(connection)
        except dialects.errors(self._engine) as error:
            raise self._unavailable(error, "be made") from None
        with self._transaction(writes=True) as connection:
            # another process may have been quicker, so ask again where nobody else writes
            revision = _revision(connection)
            if revision is None and inspect(connection).get_table_names():
                raise RegistryUnavailableError(
                    f"{self.place} is a database of something else than hashmatch. "
                    "Name another place."
                )
            if revision != REVISION:
                self._migrate(connection, revision)

    def _migrate(self, connection: Connection, revision: str | None) -> None:
        # imported here: Alembic takes longer to load than most commands take to run
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option(
            "script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%")
        )
        config.set_main_option("path_separator", "os")
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if revision is not None and revision not in known:
            raise RegistryUnavailableError(
                f"The registry {self.place} was written by a newer version of hashmatch (its "
                f"tables are at {revision}, this version knows {REVISION}). Update hashmatch."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, REVISION)


def _url_of(place: str | os.PathLike[str]) -> URL:
    """Where the database of a place is; a folder that is not there yet is made."""
    if isinstance(place, str) and "://" in place:
        if place.startswith(("http://", "https://")):
            raise RegistryUnavailableError(
                "A service URL is asked over HTTP; a registry is opened by a folder or a "
                "database URL."
            )
        try:
            return make_url(place)
        except ArgumentError:
            raise RegistryUnavailableError(
                "This place looks like a database URL but is not one. It should be like "
                "postgresql://user@host/database or sqlite:////var/lib/hashmatch/registry.sqlite3; "
                "a folder will do as well."
            ) from None
    try:
        str(place).encode()
    except UnicodeEncodeError:
        raise RegistryUnavailableError(
            f"The registry folder {str(place)!r} cannot be used: databases want names in UTF-8."
        ) from None
    if not str(place):
        raise RegistryUnavailableError("The registry's place is empty; name a folder, such as '.'.")
    folder = Path(place)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise RegistryUnavailableError(
            f"The registry folder {folder} cannot be used: {error.strerror}. "
            "A registry is a folder that hashmatch may write to."
        ) from None
    return URL.create("sqlite", database=str(folder / FILE_NAME))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
