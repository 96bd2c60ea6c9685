"""Logs: one JSON object a line. No hash, no pixel, no secret; routes instead of paths."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any, Final

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode

LOGGER: Final = logging.getLogger("hashmatch.service")


class JsonFormatter(logging.Formatter):
    """A record as a line.

    Of an exception only its kind and the way it came: its message may hold what must not be logged.
    """

    def format(self, record: logging.LogRecord) -> str:
        """As one line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = type(error).__name__
            line["at"] = [
                f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)[-8:]
            ]
        return _encode(line)


CONFIG: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "hashmatch.service.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "hashmatch.service": {"level": "INFO"},
        "uvicorn": {"level": "INFO", "handlers": [], "propagate": True},
        # asyncio prints what a task was doing when it failed, with its values
        "asyncio": {"level": "CRITICAL"},
    },
}


def note(event: str, level: int = logging.INFO, **fields: Any) -> None:
    """Log an event with its fields."""
    LOGGER.log(level, event, extra={"fields": fields})
