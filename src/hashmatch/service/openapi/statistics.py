"""Routes for those who watch over a registry."""

from typing import Final

from hashmatch.service.openapi.wording import Json, an_array, an_object, operation

_COUNT: Final[Json] = {"type": "integer", "minimum": 0}
_TIME: Final[Json] = {"type": "string", "format": "date-time"}
_TIME_OR_NONE: Final[Json] = {**_TIME, "type": ["string", "null"]}
_TEXT: Final[Json] = {"type": "string"}
_AT: Final = "2026-11-22T11:00:00+00:00"

_LIST: Final[Json] = an_object(
    "name",
    "entries",
    "held",
    "blocked",
    "reviewed",
    name=_TEXT,
    entries=_COUNT,
    held={**_COUNT, "description": "Those among them that are held back."},
    blocked={**_COUNT, "description": "Uploads that its entries have blocked, ever."},
    reviewed={**_COUNT, "description": "Uploads that they have sent to review."},
)

_STATISTICS: Final[Json] = an_object(
    "at",
    "lists",
    "held",
    "cases",
    "matches_by_hour",
    "cases_by_day",
    at=_TIME,
    lists=an_array(_LIST),
    held={
        "type": "object",
        "description": "Entries that are held back, by why.",
        "additionalProperties": _COUNT,
    },
    cases=an_object("open", "withdrawn", "overdue", open=_COUNT, withdrawn=_COUNT, overdue=_COUNT),
    matches_by_hour={
        **an_array(an_object("at", "matches", at=_TIME, matches=_COUNT)),
        "description": "How often entries matched uploads: the last 24 hours, the oldest first.",
    },
    cases_by_day={
        **an_array(
            an_object("at", "opened", "withdrawn", at=_TIME, opened=_COUNT, withdrawn=_COUNT)
        ),
        "description": "The last 30 days, the oldest first.",
    },
)

_EXCHANGE: Final[Json] = an_object(
    "name",
    "kind",
    "list",
    "entries",
    name=_TEXT,
    kind=_TEXT,
    list=_TEXT,
    entries={**_COUNT, "description": "Entries of its list that it holds."},
    rejected={**_COUNT, "description": "Records that were refused so far."},
    whole={"type": "boolean", "description": "A reading of all of it is under way."},
    failure={"type": ["string", "null"], "description": "Why the last fetch failed."},
    created=_TIME,
    fetched={**_TIME_OR_NONE, "description": "When something of it was last taken."},
    completed={**_TIME_OR_NONE, "description": "When its end was last reached."},
    failed=_TIME_OR_NONE,
)

PATHS: Final[Json] = {
    "/v1/statistics": {
        "get": operation(
            "The registry in numbers: lists, cases, what is held back, matches over time.",
            200,
            _STATISTICS,
            scope="operate",
            example={
                "at": _AT,
                "lists": [
                    {"name": "default", "entries": 812, "held": 1, "blocked": 61, "reviewed": 4}
                ],
                "held": {"flood": 1},
                "cases": {"open": 120, "withdrawn": 3, "overdue": 0},
                "matches_by_hour": [{"at": _AT, "matches": 5}],
                "cases_by_day": [{"at": "2026-11-22T00:00:00+00:00", "opened": 4, "withdrawn": 0}],
            },
        )
    },
    "/v1/exchanges": {
        "get": operation(
            "The exchanges, and how reading them goes; where they are is not told.",
            200,
            an_object("exchanges", exchanges=an_array(_EXCHANGE)),
            scope="operate",
            example={
                "exchanges": [
                    {
                        "name": "stopncii",
                        "kind": "stopncii",
                        "list": "stopncii",
                        "entries": 90_210,
                        "rejected": 2,
                        "whole": False,
                        "failure": None,
                        "created": "2026-11-01T09:00:00+00:00",
                        "fetched": _AT,
                        "completed": _AT,
                        "failed": None,
                    }
                ]
            },
        )
    },
}
