"""Routes for opinions, reports, reviews and the audit."""

from typing import Final

from hashmatch.service.openapi.wording import (
    Json,
    a_body,
    an_array,
    an_object,
    operation,
    parameter,
)

_COUNT: Final = {"type": "integer", "minimum": 0}
_TIME: Final = {"type": "string", "format": "date-time"}
_REASON: Final = {"type": "string", "maxLength": 500}
_SOUGHT: Final = {"type": "string", "maxLength": 80}
_HELD: Final = {"enum": ["flood", "opinions", "allow_listed", "operator"]}

_REVIEW: Final[Json] = {
    "type": "object",
    "properties": {
        "entry": {"type": "integer"},
        "list": {"type": "string"},
        "hasher": {"type": "string"},
        "quality": {"type": ["integer", "null"]},
        "held": _HELD,
        "since": {**_TIME, "type": ["string", "null"]},
        "created": _TIME,
        "blocked": {**_COUNT, "description": "Uploads that it has blocked, ever."},
        "reviewed": {**_COUNT, "description": "Uploads that it has sent to review."},
        "nearest": {"type": ["integer", "null"], "description": "The smallest distance of any."},
        "platforms": _COUNT,
        "true_opinions": _COUNT,
        "false_opinions": _COUNT,
    },
}

_REVIEW_EXAMPLE: Final = {
    "entry": 17,
    "list": "default",
    "hasher": "pdq",
    "quality": 97,
    "held": "flood",
    "since": "2026-11-22T11:00:00+00:00",
    "created": "2026-11-21T09:00:00+00:00",
    "blocked": 61,
    "reviewed": 4,
    "nearest": 8,
    "platforms": 2,
    "true_opinions": 0,
    "false_opinions": 1,
}

_LINE: Final[Json] = an_object(
    "number",
    "at",
    "actor",
    "action",
    "subject",
    "detail",
    "digest",
    number={"type": "integer"},
    at=_TIME,
    actor={"type": "string"},
    action={"type": "string"},
    subject={"type": "string"},
    detail={"type": "object"},
    digest={"type": "string", "description": "SHA-256, hexadecimal."},
)

_LINE_EXAMPLE: Final = {
    "number": 12,
    "at": "2026-11-22T11:00:00+00:00",
    "actor": "registry",
    "action": "entry.hold",
    "subject": "entry 17",
    "detail": {"why": "flood"},
    "digest": "9f86d081884c7d65" * 4,
}

PATHS: Final[Json] = {
    "/v1/opinions": {
        "post": operation(
            "Say whether an entry matched rightly; a later opinion replaces an earlier one. "
            "Enough contrary ones hold the entry back, an operator's at once.",
            201,
            an_object(
                "entry",
                "platform",
                "match",
                "removed",
                "at",
                entry={"type": "integer"},
                platform={"type": "string"},
                match={"type": "boolean"},
                removed={"type": "boolean"},
                at={**_TIME, "description": "To the hour."},
            ),
            (400, 404, 413, 422),
            scope="check",
            example={
                "entry": 17,
                "platform": "photo site",
                "match": False,
                "removed": False,
                "at": "2026-11-22T11:00:00+00:00",
            },
            requestBody=a_body(
                an_object(
                    "entry",
                    "match",
                    entry={"type": "integer"},
                    match={"type": "boolean"},
                    reason=_REASON,
                    removed={
                        "type": "boolean",
                        "default": False,
                        "description": "Whether what it matched was taken away.",
                    },
                ),
                {"entry": 17, "match": False, "reason": "A landscape, five times."},
            ),
        )
    },
    "/v1/reports": {
        "post": operation(
            "Tell how far a node has come, and how often entries matched since the last report.",
            200,
            an_object("held", held=an_array({"type": "integer"})),
            (400, 413, 422),
            scope="check",
            example={"held": [17]},
            requestBody=a_body(
                an_object(
                    "entries",
                    sequence={
                        "type": "integer",
                        "description": "The last change that is effective at the node.",
                    },
                    entries=an_array(
                        an_object(
                            "entry",
                            entry={"type": "integer"},
                            blocked=_COUNT,
                            reviewed=_COUNT,
                            nearest={"type": ["integer", "null"], "minimum": 0},
                        ),
                        10_000,
                    ),
                ),
                {
                    "sequence": 1042,
                    "entries": [{"entry": 17, "blocked": 3, "reviewed": 1, "nearest": 8}],
                },
            ),
        )
    },
    "/v1/reviews": {
        "get": operation(
            "The entries that are held back, in numbers; no picture is anywhere.",
            200,
            an_object("reviews", "more", reviews=an_array(_REVIEW), more={"type": "boolean"}),
            (400,),
            scope="operate",
            example={"reviews": [_REVIEW_EXAMPLE], "more": False},
            parameters=[
                parameter("after", "query", {"type": "integer", "minimum": 0, "default": 0}),
                parameter("limit", "query", {"type": "integer", "minimum": 0, "maximum": 10_000}),
            ],
        )
    },
    "/v1/reviews/{entry}": {
        "post": operation(
            "Confirm, demote or withdraw an entry.",
            200,
            an_object("entry", "decision", entry={"type": "integer"}, decision={"type": "string"}),
            (400, 404, 413, 422),
            scope="operate",
            example={"entry": 17, "decision": "confirm"},
            parameters=[parameter("entry", "path", {"type": "integer"}, example=17)],
            requestBody=a_body(
                an_object(
                    "decision",
                    decision={"enum": ["confirm", "demote", "withdraw"]},
                    reason=_REASON,
                ),
                {"decision": "confirm", "reason": "Seen; it is what it says."},
            ),
        )
    },
    "/v1/audit": {
        "get": operation(
            "What was done, in order, each line with the digest of itself and of the one before.",
            200,
            an_object("lines", "more", lines=an_array(_LINE), more={"type": "boolean"}),
            (400,),
            scope="operate",
            example={"lines": [_LINE_EXAMPLE], "more": False},
            parameters=[
                parameter("after", "query", {"type": "integer", "minimum": 0, "default": 0}),
                parameter("limit", "query", {"type": "integer", "minimum": 0, "maximum": 10_000}),
            ],
        )
    },
    "/v1/audit/search": {
        "get": operation(
            "The newest lines of the audit that are looked for, the newest first.",
            200,
            an_object("lines", "more", lines=an_array(_LINE), more={"type": "boolean"}),
            (400,),
            scope="operate",
            example={"lines": [_LINE_EXAMPLE], "more": False},
            parameters=[
                parameter(
                    "before",
                    "query",
                    {"type": "integer", "minimum": 0, "default": 0},
                    description="Only lines below this number; 0 for all.",
                ),
                parameter("limit", "query", {"type": "integer", "minimum": 0, "maximum": 1_000}),
                parameter("actor", "query", _SOUGHT, example="registry"),
                parameter(
                    "action", "query", _SOUGHT, description="How it begins.", example="entry."
                ),
                parameter("subject", "query", _SOUGHT, example="entry 17"),
            ],
        )
    },
}
