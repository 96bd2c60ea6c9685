"""Credentials of platforms and operators: who may ask the service for what, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from sqlalchemy import Connection, Row, insert, select, update

from hashmatch.errors import CredentialNotFoundError, InvalidCredentialError
from hashmatch.registry import audit, clock, tokens
from hashmatch.registry.schema import credentials

Scope = Literal["check", "submit", "operate"]
"""``check`` pictures and codes, and read the feed; ``submit`` cases; ``operate``: everything."""

SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential; its secret is known to its holder only.

    Attributes:
        id: its number.
        name: whose it is, for logs and lists.
        key_id: the public part of its token.
        scopes: what it is good for.
        created: when it was given out, in UTC.
        expires: from when on it is no longer good; None for never.
        revoked: since when it is no longer good.
        kept: the digest of its secret.
    """

    id: int
    name: str
    key_id: str
    scopes: frozenset[Scope]
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    kept: bytes = field(repr=False)

    def is_good(self, at: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked is None and (self.expires is None or at < self.expires)

    def allows(self, scope: Scope) -> bool:
        """Whether it is good for this."""
        return scope in self.scopes or "operate" in self.scopes


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new credential with its token, which is shown once: nobody can recover it later."""

    credential: Credential
    token: str = field(repr=False)


def issue(
    connection: Connection, name: str, scopes: Iterable[str], lifetime: timedelta | None
) -> IssuedToken:
    """Make a credential."""
    name = name.strip()
    if not (0 < len(name) <= 64 and name.isprintable()):
        raise InvalidCredentialError(
            "A credential is named in 1 to 64 printable characters, after who is to hold it."
        )
    wanted = {*scopes}
    if not wanted or not wanted <= {*SCOPES}:
        raise InvalidCredentialError(
            f"A credential has at least one of the scopes {', '.join(SCOPES)}, and no other."
        )
    if lifetime is not None and lifetime <= timedelta(0):
        raise InvalidCredentialError("A credential is good for some time, or for ever.")
    token = tokens.new()
    at = clock.now()
    row = connection.execute(
        insert(credentials)
        .values(
            name=name,
            key_id=token.key_id,
            secret_digest=tokens.digest(token.secret),
            scopes=",".join(scope for scope in SCOPES if scope in wanted),
            created_at=at,
            expires_at=None if lifetime is None else at + lifetime,
        )
        .returning(credentials)
    ).one()
    issued = _from_row(row)
    audit.append(
        connection,
        at,
        "credential.issue",
        f"credential {issued.key_id}",
        name=name,
        scopes=sorted(issued.scopes),
    )
    return IssuedToken(issued, tokens.text_of(token))


def read_all(connection: Connection) -> tuple[Credential, ...]:
    """All credentials, by id; revoked and expired ones too."""
    return tuple(
        _from_row(row) for row in connection.execute(select(credentials).order_by(credentials.c.id))
    )


def rotate(connection: Connection, key_id: str, overlap: timedelta) -> IssuedToken:
    """Give a credential a successor of the same name, scopes and lifetime; both work for a time."""
    at = clock.now()
    before = _read(connection, key_id)
    if not before.is_good(at):
        raise InvalidCredentialError(
            f"The credential {before.key_id} has expired or was revoked; create a new one."
        )
    lifetime = None if before.expires is None else before.expires - before.created
    after = issue(connection, before.name, before.scopes, lifetime)
    end = at + overlap if before.expires is None else min(at + overlap, before.expires)
    connection.execute(
        update(credentials).where(credentials.c.id == before.id).values(expires_at=end)
    )
    audit.append(
        connection,
        at,
        "credential.rotate",
        f"credential {before.key_id}",
        successor=after.credential.key_id,
    )
    return after


def revoke(connection: Connection, key_id: str) -> Credential:
    """End a credential at once; again is as good as once."""
    before = _read(connection, key_id)
    if before.revoked is None:
        at = clock.now()
        connection.execute(
            update(credentials).where(credentials.c.id == before.id).values(revoked_at=at)
        )
        audit.append(connection, at, "credential.revoke", f"credential {before.key_id}")
    return _read(connection, key_id)


def _read(connection: Connection, key_id: str) -> Credential:
    known = key_id.isascii() and key_id.isalnum()  # PostgreSQL takes no NUL in a text
    asked = select(credentials).where(credentials.c.key_id == key_id)
    row = connection.execute(asked).one_or_none() if known else None
    if row is None:
        raise CredentialNotFoundError(
            "There is no credential with this key id; `hashmatch token list` tells which there are."
        )
    return _from_row(row)


def _from_row(row: Row[tuple[object, ...]]) -> Credential:
    return Credential(
        id=row.id,
        name=row.name,
        key_id=row.key_id,
        scopes=frozenset(row.scopes.split(",")),
        created=row.created_at,
        expires=row.expires_at,
        revoked=row.revoked_at,
        kept=row.secret_digest,
    )
