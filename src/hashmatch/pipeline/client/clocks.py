"""The 48-hour clock of a case, as a service tells it."""

from datetime import datetime
from typing import Any

from hashmatch.errors import ServiceError
from hashmatch.registry import CaseClock, PlatformClock


def clock(told: dict[str, Any]) -> CaseClock:
    """The clock in what is told of a case.

    Raises:
        ServiceError: there is none.
    """
    try:
        return CaseClock(
            told["case"],
            datetime.fromisoformat(told["created"]),
            datetime.fromisoformat(told["deadline"]),
            tuple(_platform(each) for each in told["platforms"]),
            int(told["true_opinions"]),
            int(told["false_opinions"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ServiceError("The service did not tell what became of the case.") from None


def _platform(told: dict[str, Any]) -> PlatformClock:
    return PlatformClock(
        told["platform"],
        told["state"],
        _time(told["served"]),
        _time(told["first_match"]),
        int(told["blocked"]),
        int(told["reviewed"]),
        _time(told["settled"]),
        told["outcome"],
        datetime.fromisoformat(told["deadline"]),
        bool(told["overdue"]),
    )


def _time(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
