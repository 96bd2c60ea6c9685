"""The registry: one class, the door to everything in this room."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self, Unpack

from hashmatch.errors import UnknownHasherError
from hashmatch.registry import (
    cases,
    clock,
    credentials,
    entries,
    feed,
    importing,
    lists,
    phrases,
    reading,
    retries,
    sources,
    widths,
    writing,
)
from hashmatch.registry.cases import Case, CaseReceipt
from hashmatch.registry.credentials import Credential, IssuedToken, Scope
from hashmatch.registry.database import Database
from hashmatch.registry.entries import Added, EntryBatch
from hashmatch.registry.feed import Change
from hashmatch.registry.importing import Imported
from hashmatch.registry.lists import HashList, ListSettings
from hashmatch.registry.reading import FileFormat
from hashmatch.registry.rows import RowReader
from hashmatch.types import Hash

DEFAULT_PLACE: Final = "var/hashmatch"
DEFAULT_LIST: Final = "default"

Progress = Callable[[int, int | None], None]
"""Called with how much is done, and of how much (None: unknown): bytes of text, rows of Parquet."""

_BATCH: Final = 65_536
_EXPORTED: Final = (
    1_024  # rows at a time: of few objects, Python's garbage collector lets them pass
)


class Registry:
    """Hash lists, their entries, the cases of persons, and the feed of changes to them.

    Threads may share one; any number of processes may open the same place. Every method is one
    transaction: when it returns, what it did is on the disk; when it raises, nothing was done
    (`import_file` says where it differs).

    Every method may raise `RegistryUnavailableError`: the disk is full or broken, or another
    process has locked the database for a minute.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, place: str | os.PathLike[str] = DEFAULT_PLACE) -> Self:
        """Open a registry; it is made where there is none, with an empty list ``default``.

        Args:
            place: a folder (only its owner can enter it when it is made here), or a database URL
                like ``postgresql://user@host/database``.

        Raises:
            RegistryUnavailableError: the place cannot be used, holds something else, or was
                written by a newer version of hashmatch.
            MissingExtraError: it is in PostgreSQL, and the extra ``postgres`` is not installed.
        """
        return cls(Database(place))

    def close(self) -> None:
        """Close the registry's files. Closing twice is fine."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # Lists

    def lists(self) -> tuple[HashList, ...]:
        """All hash lists, by name."""
        with self._database.reading() as connection:
            return lists.read_lists(connection)

    def hash_list(self, name: str) -> HashList:
        """One hash list.

        Raises:
            ListNotFoundError: there is none of that name.
        """
        with self._database.reading() as connection:
            return lists.read_list(connection, name)

    def create_list(self, name: str, **settings: Unpack[ListSettings]) -> HashList:
        """Make a list; settings that are not given have the defaults of `HashList`.

        Raises:
            InvalidListError: a name or setting that a list cannot have.
            ListExistsError: there is one of that name.
        """
        with self._database.writing() as connection:
            return lists.create(connection, name, settings)

    def update_list(self, name: str, **settings: Unpack[ListSettings]) -> HashList:
        """Set a list anew; settings that are not given stay.

        Raises:
            ListNotFoundError: there is none of that name.
            InvalidListError: a setting that a list cannot have.
        """
        with self._database.writing() as connection:
            return lists.change_settings(connection, name, settings)

    def remove_list(self, name: str) -> int:
        """Remove a list and withdraw all its entries; returns how many those were.

        Raises:
            ListNotFoundError: there is none of that name.
        """
        with self._database.erasing() as connection:
            return lists.remove(connection, name)

    def count_entries(self, list_name: str) -> int:
        """How many active entries a list has.

        Raises:
            ListNotFoundError: there is none of that name.
        """
        with self._database.reading() as connection:
            return lists.count_entries(connection, lists.read_list(connection, list_name).id)

    # Hashers

    def hashers(self) -> dict[str, int]:
        """The hashers that this registry knows, and how many bits their codes have."""
        with self._database.reading() as connection:
            return {name: width.bits for name, width in widths.read(connection).items()}

    def know_hasher(self, name: str, bits: int) -> None:
        """Make a further hasher known; doing so again is fine.

        Raises:
            HasherMismatchError: it is known already, with codes of another width.
            InvalidHashError: a name or a width that no hasher has.
        """
        with self._database.writing() as connection:
            widths.make_known(connection, name, bits)

    # Entries

    def add(self, list_name: str, hashes: Iterable[Hash], *, source: str) -> Added:
        """Add hashes to a list. One that is there already stays as it is, and the result says so.

        Args:
            list_name: the list.
            hashes: any number, of any hashers that the registry knows.
            source: where they come from, in a few words.

        Raises:
            ListNotFoundError: there is no such list.
            UnknownHasherError: a hasher that `know_hasher` was not told of.
            InvalidHashError: a hash that is not of its hasher's form. Nothing is added then.
        """
        source = sources.checked(source)
        with self._database.writing() as connection:
            list_id = lists.read_list(connection, list_name).id
            rows = ((value, source) for value in hashes)
            return entries.add(connection, list_id, rows, direct=True, at=clock.now())

    def withdraw(self, entry_ids: Iterable[int]) -> tuple[int, ...]:
        """Withdraw entries; their codes are deleted, and nobody can bring them back.

        Returns:
            The ids that were active until now; others were withdrawn before, or never there.
        """
        with self._database.erasing() as connection:
            return entries.withdraw(connection, entry_ids, clock.now())

    def entries(self, hasher: str) -> Iterator[EntryBatch]:
        """All active entries of one hasher, of all lists, by rising id, as arrays.

        They are of one state, that of the first batch. To keep up with what comes later, ask for
        `sequence` *before* this and `follow` from there: changes that the arrays hold already are
        known by their entry ids.
        """
        with self._database.reading() as connection:
            yield from entries.read_batches(connection, hasher, _BATCH)

    # The change feed

    def sequence(self) -> int:
        """The number of the newest change."""
        with self._database.reading() as connection:
            return feed.last_sequence(connection)

    def follow(self, after: int = 0, limit: int = 10_000) -> tuple[Change, ...]:
        """The next changes above a sequence number, in order and without gaps; () at the end."""
        with self._database.reading() as connection:
            return feed.follow(connection, after, limit)

    # Cases

    def submit(
        self,
        hashes: Iterable[Hash],
        list_name: str = DEFAULT_LIST,
        *,
        retry_key: str | None = None,
    ) -> CaseReceipt:
        """Open a case: what a person submits, and can take back with the secret phrase.

        Args:
            hashes: at least one.
            list_name: the list.
            retry_key: makes a repeated request return the receipt of the first, and nothing new:
                22 to 200 visible ASCII characters, random for each case, and as secret as the
                phrase.

        Raises:
            InvalidHashError: no hash at all, or one that is not of its hasher's form.
            UnknownHasherError: a hasher that the registry does not know.
            ListNotFoundError: there is no such list.
            InvalidListError: the list is one of harmless pictures.
            InvalidRetryKeyError: a key that is none, or that came with another request before.
        """
        hashes = tuple(hashes)
        salt = retries.new_salt()
        phrase = (
            phrases.new() if retry_key is None else retries.phrase(retries.checked(retry_key), salt)
        )
        phrase_hash = phrases.hash_of(phrase)
        with self._database.writing() as connection:
            if retry_key is not None:
                before = retries.find(connection, retry_key, list_name, hashes)
                if before is not None:
                    return cases.receipt(connection, *before)
            hash_list = lists.read_list(connection, list_name)
            receipt = cases.submit(connection, hash_list, hashes, phrase, phrase_hash)
            if retry_key is not None:
                retries.note(connection, retry_key, salt, receipt.number, list_name, hashes)
            return receipt

    def case(self, number: str) -> Case:
        """How a case stands.

        Raises:
            CaseNotFoundError: there is none of that number, or it is mistyped.
        """
        with self._database.reading() as connection:
            return cases.read(connection, number)

    def withdraw_case(self, number: str, secret_phrase: str) -> Case:
        """Take a case back. Entries leave the list unless somebody else put them there as well.

        Doing it again is fine.

        Raises:
            CaseNotFoundError: there is no such case, or the phrase is not its phrase.
        """
        with self._database.reading() as connection:
            kept = cases.phrase_hash(connection, number)
        if not phrases.fits(secret_phrase, kept):
            cases.refuse(number)
        with self._database.erasing() as connection:
            cases.withdraw(connection, number)
            return cases.read(connection, number)

    # Credentials

    def issue_credential(
        self, name: str, scopes: Iterable[Scope], lifetime: timedelta | None = None
    ) -> IssuedToken:
        """Make a credential for the service; its token is not kept, and shown this once.

        Args:
            name: who is to hold it.
            scopes: what it is to be good for.
            lifetime: how long; None for ever.

        Raises:
            InvalidCredentialError: a name, scope or lifetime that a credential cannot have.
        """
        with self._database.writing() as connection:
            return credentials.issue(connection, name, scopes, lifetime)

    def issue_first_credential(self, name: str) -> IssuedToken | None:
        """Make an operator's credential where there is none of anybody yet; else None."""
        with self._database.writing() as connection:
            if credentials.read_all(connection):
                return None
            return credentials.issue(connection, name, {"operate"}, None)

    def credentials(self) -> tuple[Credential, ...]:
        """All credentials, by id; revoked and expired ones too."""
        with self._database.reading() as connection:
            return credentials.read_all(connection)

    def rotate_credential(self, key_id: str, overlap: timedelta = timedelta(days=1)) -> IssuedToken:
        """Give a credential a successor of the same name, scopes and lifetime.

        Args:
            key_id: the public part of its token.
            overlap: how long the old token works beside the new one.

        Raises:
            CredentialNotFoundError: there is none of that key id.
            InvalidCredentialError: it has expired or was revoked.
        """
        with self._database.writing() as connection:
            return credentials.rotate(connection, key_id, overlap)

    def revoke_credential(self, key_id: str) -> Credential:
        """End a credential at once; doing it again is fine.

        Raises:
            CredentialNotFoundError: there is none of that key id.
        """
        with self._database.writing() as connection:
            return credentials.revoke(connection, key_id)

    # Files

    def import_file(
        self,
        list_name: str,
        path: str | os.PathLike[str],
        *,
        file_format: FileFormat | None = None,
        hasher: str = "pdq",
        source: str = "import",
        strict: bool = False,
        progress: Progress | None = None,
    ) -> Imported:
        """Add the hashes in a file to a list.

        Upper-case digits and stray white space are fine; blank lines and lines that begin with
        ``#`` are skipped. Bad lines are left out and reported. What was read when an import is
        interrupted stays; importing the file again adds the rest.

        Args:
            list_name: the list.
            path: a CSV file (columns ``hasher, hash, quality, source``, of which only ``hash`` is
                needed), a Parquet file with such columns, or plain lines of hexadecimal digits.
            file_format: ``"csv"``, ``"parquet"`` or ``"hex"``; else the file's name tells it.
            hasher: the hasher of hashes that stand without one.
            source: the source of hashes that stand without one.
            strict: import all of the file or, if a line is bad, nothing.
            progress: called after each batch.

        Raises:
            ListNotFoundError: there is no such list.
            ListFileError: the file cannot be read, or is not of its format at all.
            ImportRejectedError: the import is strict and lines are bad; nothing was added.
            UnknownHasherError: the registry does not know the hasher.
        """
        path = Path(path)
        file_format = file_format or reading.format_of(path)
        with self._database.reading() as connection:
            lists.read_list(connection, list_name)
            known = widths.read(connection)
        if hasher not in known:
            raise UnknownHasherError(
                f"This registry does not know a hasher {hasher[:64]!r}; "
                f"it knows {', '.join(sorted(known))}."
            )
        reader = RowReader(known, hasher, sources.checked(source))
        batches = reading.read_file(path, file_format, reader)
        total = reading.size_of(path, file_format)

        def report(done: int) -> None:
            if progress is not None:
                progress(done, total)

        run = importing.import_all_or_nothing if strict else importing.import_what_is_good
        return run(self._database, list_name, batches, report)

    def export_file(
        self,
        list_name: str,
        path: str | os.PathLike[str],
        *,
        file_format: FileFormat | None = None,
        hasher: str | None = None,
    ) -> int:
        """Write a list's active entries to a file that only its owner can read.

        The file gets its name when it is complete; one of that name is replaced then.

        Args:
            list_name: the list.
            path: the file.
            file_format: ``"csv"``, ``"parquet"`` or ``"hex"``; else the file's name tells it.
            hasher: only the hashes of this one.

        Returns:
            How many hashes were written.

        Raises:
            ListNotFoundError: there is no such list.
            ListFileError: the file cannot be written; or plain lines were asked for hashes of
                several hashers.
        """
        path = Path(path)
        file_format = file_format or reading.format_of(path)
        with self._database.reading() as connection:
            list_id = lists.read_list(connection, list_name).id
            batches = entries.read_rows(connection, list_id, hasher, _EXPORTED)
            return writing.write_file(path, file_format, batches)
