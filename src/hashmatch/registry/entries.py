"""Entries: the rows of hash lists. Putting them in, taking them out, reading them in bulk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, bindparam, exists, func, select, update

from hashmatch.errors import InvalidHashError
from hashmatch.registry import dialects, feed, parts
from hashmatch.registry.fingerprints import Fingerprint
from hashmatch.registry.schema import Instant, entries, hashers, is_active, lists
from hashmatch.registry.widths import Width, check
from hashmatch.registry.widths import read as read_widths
from hashmatch.types import Codes, Hash

_COLUMNS: Final = (
    "id", "list_id", "hasher_id", "code", "quality", "source", "direct", "kind", "state",
    "created_at",
)  # fmt: skip
_PIECE: Final = 512  # rows at a time: few objects, which the garbage collector lets pass
_CHUNK: Final = 1_000  # values in one IN (…): well under every database's limit


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the hashes that were to be added.

    Attributes:
        entries: the id of each hash's entry, in the order given.
        new: the ids that were not there before.
        sequence: the change that a follower must have reached to know them all.
    """

    entries: tuple[int, ...]
    new: tuple[int, ...]
    sequence: int

    @property
    def already_there(self) -> int:
        """How many of the hashes were in the list before, or were given twice."""
        return len(self.entries) - len(self.new)


@dataclass(frozen=True, slots=True, eq=False)
class EntryBatch:
    """Some active entries of one hasher, as parallel arrays, by rising id.

    Attributes:
        ids: shape ``(n,)``, int64.
        codes: shape ``(n, bits // 8)``, uint8.
        qualities: shape ``(n,)``, int16; -1 where it is not known.
        list_ids: shape ``(n,)``, int32.
    """

    ids: npt.NDArray[np.int64]
    codes: Codes
    qualities: npt.NDArray[np.int16]
    list_ids: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)


def add(
    connection: Connection,
    list_id: int,
    rows: Iterable[tuple[Hash, str]],
    *,
    direct: bool,
    at: datetime,
) -> Added:
    """Add hashes, each with its source, to a list; what is there already stays as it is.

    Args:
        connection: a writing transaction.
        list_id: the list.
        rows: the hashes and their sources.
        direct: the list's keeper adds them, so that they stay when a case that has them too is
            withdrawn.
        at: the time to write beside them.

    Raises:
        UnknownHasherError: a hasher that the registry does not know.
        InvalidHashError: a hash that is not of its hasher's form; the message counts from 1.
    """
    widths = read_widths(connection)
    seconds = Instant.as_kept(at)
    ids: list[int] = []
    new: list[int] = []
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        keys = _checked_keys(chunk, widths, len(ids))
        found = find(connection, list_id, keys, direct=direct)
        missing = {
            key: row for key, row in zip(keys, chunk, strict=True) if key not in found
        }  # a dict: what is given twice is added once
        numbers = feed.take_numbers(connection, "entry", len(missing))
        if missing:
            dialects.insert_many(
                connection,
                entries,
                _COLUMNS,
                [
                    (
                        number,
                        list_id,
                        *key,
                        value.quality,
                        source,
                        direct,
                        "whole",
                        "active",
                        seconds,
                    )
                    for number, (key, (value, source)) in zip(numbers, missing.items(), strict=True)
                ],
            )
            added = entries.c.id.between(numbers[0], numbers[-1])
            feed.record_entries(connection, "add", added, len(numbers), at)
            found.update(zip(missing, numbers, strict=True))
        ids.extend(found[key] for key in keys)
        new.extend(numbers)
    return Added(tuple(ids), tuple(new), feed.last_sequence(connection))


def check_hashes(connection: Connection, hashes: Iterable[Hash]) -> None:
    """Refuse hashes that the registry cannot keep.

    Raises:
        UnknownHasherError: a hasher that the registry does not know.
        InvalidHashError: a hash that is not of its hasher's form; the message counts from 1.
    """
    _checked_keys([(value, "") for value in hashes], read_widths(connection), 0)


def note_kinds(connection: Connection, added: Added, given: Iterable[Fingerprint]) -> None:
    """Write beside new entries what of a picture they are of, where that is not the whole.

    Args:
        connection: the transaction that added them.
        added: what became of the fingerprints' hashes.
        given: the fingerprints, in the order that their hashes were added in.
    """
    first: dict[int, Fingerprint] = {}
    for entry, each in zip(added.entries, given, strict=True):
        first.setdefault(entry, each)
    rows = [
        {"of": entry, "kind": first[entry].kind, "view": first[entry].view}
        for entry in added.new
        if first[entry].kind != "whole"
    ]
    if rows:
        connection.execute(
            update(entries)
            .where(entries.c.id == bindparam("of"))
            .values(kind=bindparam("kind"), view=bindparam("view")),
            rows,
        )


def withdraw(connection: Connection, ids: Iterable[int], at: datetime) -> tuple[int, ...]:
    """Withdraw entries, and forget their codes; returns those that were active until now."""
    wanted = iter(sorted(set(ids)))
    gone: list[int] = []
    while chunk := list(islice(wanted, _CHUNK)):
        active = connection.scalars(
            select(entries.c.id).where(entries.c.id.in_(chunk), is_active)
        ).all()
        if active:
            going = entries.c.id.in_(active)
            feed.record_entries(connection, "withdraw", going, len(active), at)
            connection.execute(
                update(entries)
                .where(going)
                .values(state="withdrawn", code=None, held=None, withdrawn_at=at)
            )
            parts.detach(connection, going)
            gone.extend(sorted(active))
    return tuple(gone)


def read_batches(
    connection: Connection, hasher: str, size: int, *, allow_lists: bool = False
) -> Iterator[EntryBatch]:
    """All active entries of a hasher, by rising id, in batches of at most ``size``.

    Those of allow-lists only, where that is asked for.
    """
    width = read_widths(connection).get(hasher)
    if width is None or not _is_used(connection, width.hasher_id):
        return
    query = (
        select(
            entries.c.id,
            entries.c.code,
            func.coalesce(entries.c.quality, -1),
            entries.c.list_id,
        )
        .where(entries.c.hasher_id == width.hasher_id, is_active)
        .order_by(entries.c.id)
    )
    if allow_lists:
        allowing = select(lists.c.id).where(lists.c.allow_list.is_(True))
        ids = connection.scalars(allowing.where(lists.c.removed_at.is_(None))).all()
        query = query.where(entries.c.list_id.in_(ids))
    piece = min(size, _PIECE)
    pieces = (_arrays(rows, width) for rows in dialects.stream(connection, query, piece))
    while some := list(islice(pieces, size // piece)):
        yield EntryBatch(*(np.concatenate(arrays) for arrays in zip(*some, strict=True)))


def _arrays(rows: Sequence[Any], width: Width) -> tuple[npt.NDArray[Any], ...]:
    ids, codes, qualities, list_ids = zip(*rows, strict=True)
    return (
        np.array(ids, np.int64),
        np.frombuffer(b"".join(codes), np.uint8).reshape(len(ids), width.bits // 8),
        np.array(qualities, np.int16),
        np.array(list_ids, np.int32),
    )


def _is_used(connection: Connection, hasher_id: int) -> bool:
    """Whether any list has entries of a hasher: told by the index, without a look at the table."""
    of_list = exists().where(
        entries.c.list_id == lists.c.id, entries.c.hasher_id == hasher_id, is_active
    )
    return connection.scalar(select(lists.c.id).where(of_list).limit(1)) is not None


def read_rows(
    connection: Connection, list_id: int, hasher: str | None, size: int
) -> Iterator[list[tuple[Hash, str]]]:
    """A list's active entries with their sources, in batches of at most ``size``.

    They come by hasher and code: an index has that order, and a file in it does not tell which
    hashes were submitted together.
    """
    query = (
        select(hashers.c.name, entries.c.code, entries.c.quality, entries.c.source)
        .join_from(entries, hashers)
        .where(entries.c.list_id == list_id, is_active)
        .order_by(entries.c.hasher_id, entries.c.code)
    )
    if hasher is not None:
        query = query.where(hashers.c.name == hasher)
    for part in dialects.stream(connection, query, size):
        yield [(Hash(name, code, quality), source) for name, code, quality, source in part]


Key = tuple[int, bytes]
"""The id of a hasher, and a code of it."""


def _checked_keys(
    chunk: Sequence[tuple[Hash, str]], widths: Mapping[str, Width], before: int
) -> list[Key]:
    keys = []
    for position, (value, _) in enumerate(chunk, start=before + 1):
        try:
            keys.append((check(value, widths), value.code))
        except InvalidHashError as error:
            raise InvalidHashError(f"Hash {position} cannot be added: {error}.") from None
    return keys


def find(
    connection: Connection, list_id: int, keys: Iterable[Key], *, direct: bool = False
) -> dict[Key, int]:
    """The active entries among at most 1,000 keys; they become direct ones where that is asked."""
    by_hasher: dict[int, list[bytes]] = {}
    for hasher_id, code in keys:
        by_hasher.setdefault(hasher_id, []).append(code)
    found: dict[Key, int] = {}
    only_by_case: list[int] = []
    for hasher_id, codes in by_hasher.items():
        rows = dialects.find_codes(connection, list_id, hasher_id, codes)
        for entry, code, is_direct in rows:
            found[hasher_id, code] = entry
            if direct and not is_direct:
                only_by_case.append(entry)
    if only_by_case:
        connection.execute(
            update(entries).where(entries.c.id.in_(only_by_case)).values(direct=True)
        )
    return found
