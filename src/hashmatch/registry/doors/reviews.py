"""Reports of what matched, opinions, and entries that are held back."""

from collections.abc import Iterable

from hashmatch.registry import clock, holds, opinions, reports
from hashmatch.registry.doors.door import Door
from hashmatch.registry.hold_reasons import Hold
from hashmatch.registry.opinions import Decision, Opinion, Review
from hashmatch.registry.reports import Sighting


class Reviews(Door):
    """Count matches, gather opinions, and decide on entries that are held back."""

    def report(
        self, platform: str, sequence: int, sightings: Iterable[Sighting] = ()
    ) -> tuple[int, ...]:
        """Take a node's report: how far a platform has come, and what its uploads matched.

        Entries that match more uploads than their list lets pass unseen are held back.

        Args:
            platform: the name of its credential.
            sequence: the last change that is effective for it.
            sightings: what matched since its last report.

        Returns:
            The ids of the entries that are held back from now on.

        Raises:
            InvalidOpinionError: a count or a distance that is none.
        """
        sightings = tuple(sightings)
        with self._database.writing() as connection:
            reports.note_served(connection, platform, sequence)
            return reports.take(connection, platform, sightings, clock.now())

    def held(self) -> dict[int, Hold]:
        """The ids of the entries that are held back, each with why."""
        with self._database.reading() as connection:
            return holds.read(connection)

    def give_opinion(
        self,
        entry: int,
        platform: str,
        *,
        is_match: bool,
        why: str = "",
        removed: bool = False,
        operator: bool = False,
    ) -> Opinion:
        """Say whether an entry matched rightly; a later opinion replaces an earlier one.

        An operator's opinion holds the entry back, or confirms it, at once. Of platforms, so many
        as the list says; and one that confirms it lets an entry go live that a flood held back.

        Args:
            entry: its id.
            platform: whose opinion it is: the name of a credential.
            is_match: whether what it matched was the picture.
            why: in 500 characters at most.
            removed: whether what it matched was taken away.
            operator: whether an operator says so.

        Raises:
            EntryNotFoundError: there is no such entry in any list.
            InvalidOpinionError: the reason is too long, or not printable.
        """
        with self._database.writing() as connection:
            return opinions.give(
                connection,
                entry,
                platform,
                is_match=is_match,
                why=why,
                removed=removed,
                operator=operator,
            )

    def opinions(self, entry: int) -> tuple[Opinion, ...]:
        """All opinions on an entry, one of each platform, by its name."""
        with self._database.reading() as connection:
            return opinions.read(connection, entry)

    def reviews(self, after: int = 0, limit: int = 1_000) -> tuple[Review, ...]:
        """The entries that are held back, by rising id, from the first above ``after`` on."""
        with self._database.reading() as connection:
            return opinions.reviews(connection, after, limit)

    def decide(self, entry: int, decision: Decision, why: str = "") -> None:
        """Confirm, demote or withdraw an entry; see `Decision`.

        Raises:
            EntryNotFoundError: there is no such entry in any list.
            InvalidOpinionError: no such decision, or a reason that is too long.
        """
        with self._database.erasing() as connection:
            opinions.decide(connection, entry, decision, why)
