"""Hash lists: hashes from one source, with one policy."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, TypedDict

from sqlalchemy import Connection, Row, func, insert, select, update

from hashmatch.errors import InvalidListError, ListExistsError, ListNotFoundError
from hashmatch.registry import audit, clock, feed, parts
from hashmatch.registry.schema import entries, is_active, lists

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class ListSettings(TypedDict, total=False):
    """What can be set of a list; see `HashList`."""

    threshold: int
    review_threshold: int
    part_threshold: int | None
    part_review_threshold: int | None
    min_quality: int
    action: Literal["block", "review"]
    allow_list: bool
    flood_matches: int
    flood_window: int
    false_opinions: int


@dataclass(frozen=True, slots=True)
class HashList:
    """A hash list and its policy.

    Attributes:
        id: the list's number, never given out again.
        name: 1 to 64 of a-z 0-9 . _ - (a name stands in URLs and metrics).
        created: when it was made, in UTC.
        threshold: bits of PDQ; a picture this near to an entry, or nearer, gets the list's
            ``action``. Hashers of other bits reach as far in proportion to what they advise.
        review_threshold: likewise, at least ``threshold``; up to here a match goes to review.
        min_quality: 0 to 100; pictures, and entries, of less are not matched perceptually.
        action: what a match means, ``"block"`` or ``"review"``.
        allow_list: entries are harmless pictures; a match within ``threshold`` overrules all
            others.
        flood_matches: an entry that matches more uploads than this within ``flood_window`` is
            held back until somebody has looked at it; 0 for never. Not in an allow-list.
        flood_window: seconds, 300 to 86,400.
        false_opinions: so many platforms that say an entry matches wrongly hold it back, if they
            are more than those that say the contrary; 0 for never.
        part_threshold: bits of PDQ, like ``threshold``, of a picture that was found by its parts:
            of what an upload shows in its place, or of the tiles that are visible. None for as far
            as ``threshold`` makes parts reach.
        part_review_threshold: likewise, of ``review_threshold``; at least ``part_threshold``.
    """

    id: int
    name: str
    created: datetime
    threshold: int = 31
    review_threshold: int = 45
    min_quality: int = 50
    action: Literal["block", "review"] = "block"
    allow_list: bool = False
    flood_matches: int = 50
    flood_window: int = 3_600
    false_opinions: int = 2
    part_threshold: int | None = None
    part_review_threshold: int | None = None


_SETTINGS: Final = tuple(ListSettings.__annotations__)
_WHOLE: Final = (
    "threshold", "review_threshold", "min_quality", "flood_matches", "flood_window",
    "false_opinions",
)  # fmt: skip


def read_lists(connection: Connection) -> tuple[HashList, ...]:
    """All lists, by name."""
    rows = connection.execute(select(lists).where(lists.c.removed_at.is_(None)))
    # sorted here: databases have their own ideas of the order of hyphens
    return tuple(sorted((_from_row(row) for row in rows), key=lambda each: each.name))


def read_list(connection: Connection, name: str) -> HashList:
    """The list of that name; `ListNotFoundError` where there is none."""
    is_it = (lists.c.name == name) & lists.c.removed_at.is_(None)
    # what no list can be called is not asked for: PostgreSQL takes no NUL in a text
    row = connection.execute(select(lists).where(is_it)).one_or_none() if _is_name(name) else None
    if row is None:
        raise ListNotFoundError(
            f"There is no hash list {name[:64]!r} here; "
            "`hashmatch list show` tells which there are."
        )
    return _from_row(row)


def create(connection: Connection, name: str, settings: ListSettings) -> HashList:
    """Make a list."""
    if not _is_name(name):
        raise InvalidListError(
            f"A list cannot be called {name[:80]!r}: a name is 1 to 64 of a-z, 0-9, '.', '_' and "
            "'-', and begins with a letter or digit."
        )
    if any(known.name == name for known in read_lists(connection)):
        raise ListExistsError(f"There is a hash list {name!r} already; name another.")
    at = clock.now()
    made = _checked(HashList(0, name, at), settings)
    values = {setting: getattr(made, setting) for setting in _SETTINGS}
    (list_id,) = connection.scalars(
        insert(lists).values(name=name, created_at=at, **values).returning(lists.c.id)
    )
    feed.record_list(connection, "set_list", list_id, at)
    audit.append(connection, at, "list.create", f"list {name}", settings=values)
    return replace(made, id=list_id)


def change_settings(connection: Connection, name: str, settings: ListSettings) -> HashList:
    """Set a list anew, in the settings given."""
    before = read_list(connection, name)
    after = _checked(before, settings)
    if after != before:
        connection.execute(update(lists).where(lists.c.id == before.id).values(**settings))
        at = clock.now()
        feed.record_list(connection, "set_list", before.id, at)
        audit.append(connection, at, "list.set", f"list {name}", settings=settings)
    return after


def remove(connection: Connection, name: str) -> int:
    """Take a list away, and withdraw all its entries; returns how many they were."""
    doomed = read_list(connection, name)
    at = clock.now()
    gone = connection.execute(
        update(entries)
        .where(entries.c.list_id == doomed.id, is_active)
        .values(state="withdrawn", code=None, held=None, withdrawn_at=at)
    ).rowcount
    parts.detach(connection, entries.c.list_id == doomed.id)
    connection.execute(update(lists).where(lists.c.id == doomed.id).values(removed_at=at))
    feed.record_list(connection, "remove_list", doomed.id, at)
    audit.append(connection, at, "list.remove", f"list {name}", entries=gone)
    return gone


def count_entries(connection: Connection, list_id: int) -> int:
    """How many active entries a list has."""
    count: int = connection.scalars(
        select(func.count()).select_from(entries).where(entries.c.list_id == list_id, is_active)
    ).one()
    return count


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _from_row(row: Row[Any]) -> HashList:
    return HashList(
        id=row.id,
        name=row.name,
        created=row.created_at,
        **{setting: getattr(row, setting) for setting in _SETTINGS},
    )


def _checked(before: HashList, settings: ListSettings) -> HashList:
    unknown = settings.keys() - set(_SETTINGS)
    if unknown:
        raise InvalidListError(
            f"A list has no setting {min(unknown)!r}; it has {', '.join(_SETTINGS)}."
        )
    after = replace(before, **settings)
    # callers without types (a command line, a request) come here too
    for name in _WHOLE:
        _require(after, name, type(getattr(after, name)) is int, "a whole number")
    most = after.review_threshold
    _require(after, "threshold", 0 <= after.threshold <= most, f"0 to review_threshold, {most}")
    _require(after, "review_threshold", most <= 256, "threshold to 256")
    _check_bits_of_parts(after)
    _require(after, "min_quality", 0 <= after.min_quality <= 100, "0 to 100")
    _require(after, "action", after.action in {"block", "review"}, "'block' or 'review'")
    _require(after, "allow_list", type(after.allow_list) is bool, "true or false")
    _require(after, "flood_matches", 0 <= after.flood_matches < 1 << 31, "0 or more")
    window = 300 <= after.flood_window <= 86_400
    _require(after, "flood_window", window, "300 to 86,400 seconds")
    _require(after, "false_opinions", 0 <= after.false_opinions <= 1_000, "0 to 1,000")
    return after


def _check_bits_of_parts(after: HashList) -> None:
    for name in ("part_threshold", "part_review_threshold"):
        bits = getattr(after, name)
        fits = bits is None or (type(bits) is int and 0 <= bits <= 256)
        _require(after, name, fits, "0 to 256, or nothing for as far as hashes reach")
    near, far = after.part_threshold, after.part_review_threshold
    if near is not None and far is not None:
        _require(after, "part_threshold", near <= far, f"0 to part_review_threshold, {far}")


def _require(after: HashList, setting: str, holds: bool, form: str) -> None:
    if not holds:
        given = repr(getattr(after, setting))[:20]
        raise InvalidListError(f"The setting {setting} of a list must be {form}; not {given}.")
