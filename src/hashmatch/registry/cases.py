"""Cases: what a person submits, looks up, and can take back. No name, no address, coarse times."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final, Literal, NoReturn

from sqlalchemy import Connection, and_, exists, func, insert, select, update

from hashmatch.errors import (
    CaseNotFoundError,
    InvalidHashError,
    InvalidListError,
    SubmissionRefusedError,
)
from hashmatch.registry import (
    attaching,
    audit,
    case_numbers,
    clock,
    entries,
    feed,
    fingerprints,
    holds,
    intake,
)
from hashmatch.registry.entries import Added
from hashmatch.registry.fingerprints import Picture
from hashmatch.registry.intake import Examined, PictureOutcome
from hashmatch.registry.keepers import is_kept
from hashmatch.registry.lists import HashList
from hashmatch.registry.schema import case_entries, is_active, lists
from hashmatch.registry.schema import cases as cases_table
from hashmatch.registry.schema import entries as entries_table

SOURCE: Final = "case"
"""The source of an entry that a person submitted."""


@dataclass(frozen=True, slots=True)
class CaseReceipt:
    """What a person is given, once: nobody can recover either later.

    Attributes:
        number: the case number, with a check digit, for instance ``4821-0937-5523``.
        secret_phrase: the words that withdraw the case.
        entries: the ids of the entries that the case holds.
        sequence: the change that a follower must have reached to know them all.
        pictures: what became of each picture, in the order submitted.
    """

    number: str
    secret_phrase: str = field(repr=False)
    entries: tuple[int, ...]
    sequence: int
    pictures: tuple[PictureOutcome, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """How a case stands.

    Attributes:
        number: the case number.
        state: ``"open"``, or ``"withdrawn"``.
        list_name: the list that it was submitted to.
        created: when, in UTC, to the hour.
        withdrawn: when it was withdrawn, in UTC, to the hour.
        entries: how many entries it was submitted with.
        active: how many of them are in the list today.
        in_review: how many of those are held back, so that what matches them goes to review.
        pictures: what became of each picture when it was submitted, or since it was withdrawn.
    """

    number: str
    state: Literal["open", "withdrawn"]
    list_name: str
    created: datetime
    withdrawn: datetime | None
    entries: int
    active: int
    in_review: int
    pictures: tuple[PictureOutcome, ...] = ()


def submit(
    connection: Connection,
    hash_list: HashList,
    pictures: Sequence[Picture],
    phrase: str,
    phrase_hash: str,
    near_allowed: Collection[int],
) -> CaseReceipt:
    """Open a case with these pictures.

    The phrase comes with its hash because making that takes a while, in which nobody else could
    write.
    """
    if hash_list.allow_list:
        raise InvalidListError(
            f"{hash_list.name!r} lists harmless pictures; submit to a list that blocks or reviews."
        )
    if not pictures or not all(pictures):
        raise InvalidHashError("A case has at least one picture, and a picture one fingerprint.")
    for picture in pictures:
        fingerprints.check_picture(picture)
    searched = (each for each in chain.from_iterable(pictures) if each.kind != "parts")
    entries.check_hashes(connection, (each.hash for each in searched))
    examined = [intake.examine(picture, hash_list) for picture in pictures]
    outcomes = tuple(each.outcome for each in examined)
    taken = [fingerprint for each in examined for fingerprint in each.taken]
    if not taken:
        raise SubmissionRefusedError("None of these pictures can be looked for.", outcomes)
    at = clock.this_hour()
    rows = ((each.hash, SOURCE) for each in taken)
    added = entries.add(connection, hash_list.id, rows, direct=False, at=at)
    entries.note_kinds(connection, added, taken)
    outcomes = _hold_back(connection, examined, added, near_allowed, at)
    number = _new_number(connection)
    (case_id,) = connection.scalars(
        insert(cases_table)
        .values(
            number=number,
            phrase_hash=phrase_hash,
            list_id=hash_list.id,
            state="open",
            created_at=at,
            pictures=intake.kept(outcomes),
            sequence=feed.last_sequence(connection),
        )
        .returning(cases_table.c.id)
    )
    attaching.attach(connection, case_id, _parts_of(examined, added), {*added.new}, at)
    held = sorted(set(added.entries))
    connection.execute(
        insert(case_entries), [{"case_id": case_id, "entry_id": entry} for entry in held]
    )
    states: Counter[str] = Counter(each.state for each in outcomes)
    audit.append(connection, at, "case.open", f"case {number}", actor=audit.PERSON, **states)
    sequence = feed.last_sequence(connection)
    return CaseReceipt(number, phrase, tuple(held), sequence, outcomes)


def _parts_of(examined: Sequence[Examined], added: Added) -> dict[int, bytes]:
    """The parts of the pictures, by the entries of the whole pictures; of equal ones the first."""
    places = iter(added.entries)
    found: dict[int, bytes] = {}
    for each in examined:
        for fingerprint, entry in zip(each.taken, islice(places, len(each.taken)), strict=True):
            if each.parts is not None and fingerprints.is_whole(fingerprint):
                found.setdefault(entry, each.parts)
    return found


def _hold_back(
    connection: Connection,
    examined: Sequence[Examined],
    added: Added,
    near_allowed: Collection[int],
    at: datetime,
) -> tuple[PictureOutcome, ...]:
    """Hold back what is new of pictures that are near harmless ones; tells what became of all."""
    places = iter(added.entries)
    by_picture = [{*islice(places, len(each.taken))} for each in examined]
    doubtful: set[int] = set().union(*(by_picture[position] for position in near_allowed))
    new = {*added.new}
    holds.hold(connection, doubtful & new, "allow_listed", at, audit.TRAFFIC)
    held = holds.read(connection, {*added.entries})
    return tuple(
        intake.in_review(each.outcome, (held[entry] for entry in ids if entry in held))
        for each, ids in zip(examined, by_picture, strict=True)
    )


def receipt(connection: Connection, number: str, phrase: str) -> CaseReceipt:
    """What was given to who opened the case, once more."""
    held = connection.scalars(
        select(case_entries.c.entry_id)
        .join(cases_table)
        .where(cases_table.c.number == number)
        .order_by(case_entries.c.entry_id)
    ).all()
    pictures = connection.scalars(
        select(cases_table.c.pictures).where(cases_table.c.number == number)
    ).one()
    outcomes = intake.outcomes_from(pictures or "")
    return CaseReceipt(number, phrase, tuple(held), feed.last_sequence(connection), outcomes)


def read(connection: Connection, number: str) -> Case:
    """How a case stands; `CaseNotFoundError` for a number that was never given out."""
    tidy = _tidy_number(number)
    is_there = and_(entries_table.c.id == case_entries.c.entry_id, is_active)
    row = connection.execute(
        select(
            cases_table.c.number,
            cases_table.c.state,
            lists.c.name,
            cases_table.c.created_at,
            cases_table.c.withdrawn_at,
            func.count(case_entries.c.entry_id),
            func.count(entries_table.c.id),
            func.count(entries_table.c.held),
            cases_table.c.pictures,
        )
        .select_from(
            cases_table.join(lists)
            .join(case_entries, case_entries.c.case_id == cases_table.c.id)
            .outerjoin(entries_table, is_there)
        )
        .where(cases_table.c.number == tidy)
        .group_by(cases_table.c.id, lists.c.name)
    ).one_or_none()
    if row is None:
        raise CaseNotFoundError(f"There is no case {tidy}. Check the number.")
    *told, pictures = row
    case, outcomes = Case(*told), intake.outcomes_from(pictures or "")
    if case.state == "withdrawn":
        outcomes = tuple(each if each.state == "refused" else intake.WITHDRAWN for each in outcomes)
    return replace(case, pictures=outcomes)


def phrase_hash(connection: Connection, number: str) -> str | None:
    """What is kept of a case's secret phrase; None where there is no such case."""
    kept: str | None = connection.scalar(
        select(cases_table.c.phrase_hash).where(cases_table.c.number == _tidy_number(number))
    )
    return kept


def refuse(number: str) -> NoReturn:
    """Say that number and phrase do not fit, and not which of them."""
    raise CaseNotFoundError(
        f"No case has the number {_tidy_number(number)} and this secret phrase. Check both."
    )


def withdraw(connection: Connection, number: str) -> tuple[int, ...]:
    """Close a case; returns the entries that leave the list with it.

    An entry stays while the list's keeper, another open case or an exchange holds it too.
    """
    at = clock.this_hour()
    case_id = connection.scalar(
        update(cases_table)
        .where(cases_table.c.number == _tidy_number(number), cases_table.c.state == "open")
        .values(state="withdrawn", withdrawn_at=at)
        .returning(cases_table.c.id)
    )
    if case_id is None:
        return ()
    ids = connection.scalars(
        select(entries_table.c.id)
        .join(case_entries, case_entries.c.entry_id == entries_table.c.id)
        .where(case_entries.c.case_id == case_id, is_active, ~is_kept)
    ).all()
    gone = entries.withdraw(connection, ids, at)
    attaching.detach(connection, case_id, at)
    tidy = _tidy_number(number)
    audit.append(
        connection, at, "case.withdraw", f"case {tidy}", actor=audit.PERSON, entries=len(gone)
    )
    return gone


def _new_number(connection: Connection) -> str:
    while True:
        number = case_numbers.new()
        taken = exists().where(cases_table.c.number == number)
        if not connection.scalar(select(taken)):
            return number


def _tidy_number(number: str) -> str:
    tidy = case_numbers.tidy(number)
    if tidy is None:
        raise CaseNotFoundError(
            "That is not a case number as they are given out, like 4821-0937-5523: twelve digits, "
            "of which the last one checks the others. Compare it with your note."
        )
    return tidy
