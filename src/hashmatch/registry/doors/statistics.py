"""Counts of what is in a registry, and of what happened of late."""

from hashmatch.registry import clock, statistics
from hashmatch.registry.doors.door import Door
from hashmatch.registry.statistics import Statistics


class Counts(Door):
    """Count."""

    def statistics(self) -> Statistics:
        """The registry in numbers; reading them takes as long as counting its entries does."""
        with self._database.reading() as connection:
            return statistics.gather(connection, clock.now())
