"""The tables of a registry, as SQLAlchemy Core knows them.

`migrations/` makes them; a test holds the two equal. Whatever differs between databases stays in
`dialects.py`.

Times are whole seconds of UTC, and whole hours where a person's case caused them, so that a
registry cannot tell who was awake when. A withdrawn entry loses its code and keeps only its row:
what a person takes back is gone, and what others know it by (its id) still means something.

Words that will grow (states, kinds) are not constrained in SQL: SQLite changes a constraint only by
copying the table.
"""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)
from sqlalchemy.types import TypeDecorator

REVISION: Final = "v0013"
"""The newest migration: what a database must be at for this version to use it."""

KNOWN_HASHERS: Final = {
    "pdq": 256,
    "phash": 64,
    "dhash": 64,
    "ahash": 64,
    "whash": 64,
    "md5": 128,
    "sha256": 256,
}
"""Bits of each hasher that a new registry knows; others are made known by their users."""

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite's rowid goes by INTEGER alone


class Instant(TypeDecorator[datetime]):
    """A time in UTC, kept as whole seconds since 1970: one form in every database."""

    impl = BigInteger
    cache_ok = True

    @staticmethod
    def as_kept(value: datetime) -> int:
        """The seconds that stand for a time."""
        return int(value.timestamp())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """As it is kept."""
        del dialect  # the same in every database
        return None if value is None else self.as_kept(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """As it is used."""
        del dialect
        return None if value is None else datetime.fromtimestamp(value, UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", BigInteger, nullable=False),
    comment="The last number given out: entry ids, and the sequence of changes.",
)

hashers = Table(
    "hashers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("bits", Integer, nullable=False),
    UniqueConstraint("name"),
    CheckConstraint("bits > 0 AND bits % 8 = 0", name="bits"),
)

lists = Table(
    "lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("threshold", SmallInteger, nullable=False),
    Column("review_threshold", SmallInteger, nullable=False),
    Column("min_quality", SmallInteger, nullable=False),
    Column("action", String(8), nullable=False),
    Column("allow_list", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("flood_matches", Integer, nullable=False, server_default="50"),
    Column("flood_window", Integer, nullable=False, server_default="3600"),
    Column("false_opinions", SmallInteger, nullable=False, server_default="2"),
    Column("part_threshold", SmallInteger, comment="Null: as far as the threshold makes it."),
    Column("part_review_threshold", SmallInteger, comment="Null: likewise."),
)
Index(
    "uq_lists_name",
    lists.c.name,
    unique=True,
    sqlite_where=lists.c.removed_at.is_(None),
    postgresql_where=lists.c.removed_at.is_(None),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("list_id", ForeignKey("lists.id"), nullable=False),
    Column("hasher_id", ForeignKey("hashers.id"), nullable=False),
    Column("code", LargeBinary),
    Column("quality", SmallInteger),
    Column("source", String(200), nullable=False),
    Column("direct", Boolean, nullable=False, comment="Put here by the list's keeper."),
    Column("kind", String(8), nullable=False),
    Column("view", String(32)),
    Column("state", String(12), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("held", String(16), comment="Why; null where live."),
    Column(
        "confirmed",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="Somebody looked at it: no count holds it back again.",
    ),
    CheckConstraint("(state = 'withdrawn') = (code IS NULL)", name="withdrawn_means_gone"),
)
Index(
    "uq_entries_list_id_hasher_id_code",
    entries.c.list_id,
    entries.c.hasher_id,
    entries.c.code,
    unique=True,
    sqlite_where=entries.c.state == "active",
    postgresql_where=entries.c.state == "active",
)

Index(
    "ix_entries_held",
    entries.c.held,
    sqlite_where=entries.c.held.is_not(None),
    postgresql_where=entries.c.held.is_not(None),
)

is_active = entries.c.state == literal_column("'active'")
"""For a WHERE: with the word in the statement, every database sees that the index above fits."""

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(16), nullable=False),
    Column("phrase_hash", String(200), nullable=False, comment="argon2id; the phrase is unknown."),
    Column("list_id", ForeignKey("lists.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("pictures", Text, comment="What became of each, as `intake` writes it."),
    Column("sequence", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("number"),
)

case_entries = Table(
    "case_entries",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), primary_key=True, index=True),
    comment="Two persons may submit one picture: the entry stays until both have withdrawn.",
)

parts = Table(
    "parts",
    metadata,
    Column("entry_id", ForeignKey("entries.id"), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("data", LargeBinary, nullable=False, comment="Packed: parts and tiles."),
    comment="What a case knows of the parts of an entry's picture; of several, the oldest counts.",
)

changes = Table(
    "changes",
    metadata,
    Column("sequence", Id, primary_key=True, autoincrement=False),
    Column("kind", String(12), nullable=False),
    Column("list_id", ForeignKey("lists.id"), nullable=False),
    Column("entry_id", ForeignKey("entries.id")),
    Column("at", Instant, nullable=False),
)

credentials = Table(
    "credentials",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("secret_digest", LargeBinary, nullable=False),
    Column("scopes", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    UniqueConstraint("key_id"),
)

retries = Table(
    "retries",
    metadata,
    Column("key_digest", LargeBinary, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("request_mac", LargeBinary, nullable=False),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    comment="The case that a client's key made; the key itself is unknown.",
)

floods = Table(
    "floods",
    metadata,
    Column("entry_id", ForeignKey("entries.id"), primary_key=True),
    Column("at", Instant, primary_key=True, index=True),
    Column("uploads", BigInteger, nullable=False),
    comment="Uploads that matched an entry of late, by the slice of time they came in.",
)

sightings = Table(
    "sightings",
    metadata,
    Column("entry_id", ForeignKey("entries.id"), primary_key=True),
    Column("platform", String(64), primary_key=True),
    Column("first_at", Instant, nullable=False),
    Column("blocked", BigInteger, nullable=False),
    Column("reviewed", BigInteger, nullable=False),
    Column("nearest", SmallInteger),
    comment="How often a platform's uploads matched an entry, and since when.",
)

served = Table(
    "served",
    metadata,
    Column("platform", String(64), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    comment="Up to which change a platform had what is here, by the hour.",
)

opinions = Table(
    "opinions",
    metadata,
    Column("entry_id", ForeignKey("entries.id"), primary_key=True),
    Column("platform", String(64), primary_key=True),
    Column("is_match", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("operator", Boolean, nullable=False),
    Column("why", String(500), nullable=False),
    Column("at", Instant, nullable=False),
    comment="The latest opinion of each on an entry; the audit has all of them.",
)

audit = Table(
    "audit",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(80), nullable=False, index=True),
    Column("detail", Text, nullable=False, comment="JSON"),
    Column("digest", LargeBinary, nullable=False),
    comment="What was done, each line with the SHA-256 of itself and of the line before.",
)

exchanges = Table(
    "exchanges",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("list_id", ForeignKey("lists.id"), nullable=False),
    Column(
        "settings",
        Text,
        nullable=False,
        comment="JSON. Says where credentials are kept; holds none.",
    ),
    Column("checkpoint", Text, comment="JSON: how far the source has been read."),
    Column("turn", Integer, nullable=False, comment="Pages applied so far."),
    Column("round", Integer, nullable=False, comment="Whole readings begun so far."),
    Column("whole", Boolean, nullable=False, comment="A whole reading is under way."),
    Column("rejected", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("fetched_at", Instant),
    Column("completed_at", Instant),
    Column("failed_at", Instant),
    Column("failure", String(64)),
    UniqueConstraint("name"),
)

exchange_entries = Table(
    "exchange_entries",
    metadata,
    Column("exchange_id", ForeignKey("exchanges.id"), primary_key=True),
    Column("external_id", String(200), primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), primary_key=True, index=True),
    Column("round", Integer, nullable=False, comment="When it was last seen."),
    comment="An entry stays while a source still lists it, whoever else took it back.",
    sqlite_with_rowid=False,
)

told = Table(
    "told",
    metadata,
    Column("exchange_id", ForeignKey("exchanges.id"), primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), primary_key=True),
    Column("is_match", Boolean, nullable=False),
    Column("taken", Boolean, nullable=False),
    comment="What the source was last told of an entry, and whether it took it.",
)
