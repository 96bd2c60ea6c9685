"""Credentials of those who may use the service."""

from collections.abc import Iterable
from datetime import timedelta

from hashmatch.registry import (
    credentials,
)
from hashmatch.registry.credentials import Credential, IssuedToken, Scope
from hashmatch.registry.doors.door import Door


class Credentials(Door):
    """Issue, show, rotate and revoke credentials."""

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
