"""What time it is, and what time it is where a person is concerned."""

from datetime import UTC, datetime


def now() -> datetime:
    """This second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def this_hour() -> datetime:
    """The hour, in UTC: fine enough for a deadline, too coarse to tell persons apart."""
    return now().replace(minute=0, second=0)
