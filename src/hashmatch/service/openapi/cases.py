"""Routes for persons."""

from typing import Final

from hashmatch.service.openapi.wording import (
    A_HASH,
    HASH,
    PROBLEM,
    TWO_HASHES,
    Json,
    a_body,
    an_array,
    an_object,
    operation,
    parameter,
)

_TIME: Final[Json] = {"type": "string", "format": "date-time", "description": "To the hour."}
_TIME_OR_NONE: Final[Json] = {**_TIME, "type": ["string", "null"]}

_CLOCK: Final[Json] = {
    "deadline": {**_TIME, "description": "When every platform is to have the fingerprints."},
    "platforms": an_array(
        an_object(
            "platform",
            "state",
            "deadline",
            "overdue",
            platform={"type": "string"},
            state={"enum": ["not_served", "served", "blocked", "to_review", "settled"]},
            served={**_TIME_OR_NONE, "description": "Since when it has the fingerprints."},
            first_match=_TIME_OR_NONE,
            blocked={"type": "integer", "description": "Uploads that were blocked so far."},
            reviewed={"type": "integer", "description": "Uploads that were sent to review."},
            settled=_TIME_OR_NONE,
            outcome={"enum": [None, "removed", "confirmed", "rejected"]},
            deadline={**_TIME, "description": "Of the next step: 48 hours after the last one."},
            overdue={"type": "boolean"},
        )
    ),
    "true_opinions": {"type": "integer"},
    "false_opinions": {"type": "integer"},
}

_CLOCK_EXAMPLE: Final = {
    "deadline": "2026-11-24T11:00:00+00:00",
    "platforms": [
        {
            "platform": "photo site",
            "state": "to_review",
            "served": "2026-11-22T11:00:00+00:00",
            "first_match": "2026-11-22T14:00:00+00:00",
            "blocked": 3,
            "reviewed": 1,
            "settled": None,
            "outcome": None,
            "deadline": "2026-11-24T14:00:00+00:00",
            "overdue": False,
        }
    ],
    "true_opinions": 0,
    "false_opinions": 0,
}

_OUTCOME: Final[Json] = {
    **an_object(
        "state",
        "reason",
        "words",
        state={"enum": ["live", "review", "refused", "withdrawn"]},
        reason={"enum": [None, "low_quality", "degenerate", "allow_listed", "held"]},
        words={"type": "string", "description": "A sentence for the person who submits."},
    ),
    "description": "What became of a picture; they come in the order of the request.",
}

_LIVE: Final = {"state": "live", "reason": None, "words": "This picture is being looked for."}

_CASE_EXAMPLE: Final = {
    "case": "4821-0937-5523",
    "state": "open",
    "list": "default",
    "created": "2026-11-22T11:00:00+00:00",
    "withdrawn": None,
    "entries": 3,
    "active": 3,
    "in_review": 0,
    "pictures": [_LIVE],
    **_CLOCK_EXAMPLE,
}

_CASE: Final[Json] = {
    "type": "object",
    "properties": {
        "case": {"type": "string", "examples": ["4821-0937-5523"]},
        "state": {"enum": ["open", "withdrawn"]},
        "list": {"type": "string"},
        "created": {"type": "string", "format": "date-time", "description": "To the hour."},
        "withdrawn": {"type": ["string", "null"], "format": "date-time"},
        "entries": {"type": "integer", "description": "How many it was submitted with."},
        "active": {"type": "integer", "description": "How many are looked for today."},
        "in_review": {
            "type": "integer",
            "description": "How many of those are held back: what matches them goes to review.",
        },
        "pictures": {
            **an_array(_OUTCOME),
            "description": "What became of each picture when it was submitted.",
        },
        **_CLOCK,
    },
}

_FINGERPRINT: Final[Json] = {
    "type": "object",
    "description": "`whole`: of the picture, or its file, as it is. `view`: of another rendering "
    "of the picture, which `view` names. `parts`: its parts and tiles by `pdq-part`, packed, once "
    "at most, with the `pdq` of the whole picture.",
    "required": ["kind", "hash"],
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": ["whole", "view", "parts"]},
        **HASH["properties"],
        "view": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,31}$", "examples": ["flip-y"]},
    },
}

_PICTURE: Final[Json] = {
    **an_object("fingerprints", fingerprints={**an_array(_FINGERPRINT, 1_000), "minItems": 1}),
    "additionalProperties": False,
}

_REFUSED: Final[Json] = {
    "description": "What was sent cannot be taken; `reason` says why. Where it is "
    "`submission_refused`, `pictures` says why for each.",
    "content": {
        "application/problem+json": {
            "schema": {
                **PROBLEM,
                "properties": {**PROBLEM["properties"], "pictures": an_array(_OUTCOME)},
            },
            "example": {
                "type": "urn:hashmatch:problem:submission_refused",
                "title": "None of the pictures can be looked for",
                "status": 422,
                "detail": "None of these pictures can be looked for.",
                "reason": "submission_refused",
                "pictures": [
                    {
                        "state": "refused",
                        "reason": "low_quality",
                        "words": "Too little can be seen in this picture to tell it from others, "
                        "so it cannot be looked for.",
                    }
                ],
            },
        }
    },
}

_NUMBER: Final = parameter("number", "path", {"type": "string"}, example="4821-0937-5523")

PATHS: Final[Json] = {
    "/v1/cases": {
        "post": operation(
            "Submit fingerprints; the case number and secret phrase are shown this once.",
            201,
            an_object(
                "case",
                "secret_phrase",
                "entries",
                "sequence",
                "pictures",
                case={"type": "string"},
                secret_phrase={"type": "string"},
                entries={"type": "integer"},
                sequence={"type": "integer"},
                pictures=an_array(_OUTCOME),
            ),
            (400, 401, 403, 404, 413, 422, 429),
            example={
                "case": "4821-0937-5523",
                "secret_phrase": "amber river quiet lantern meadow stone",
                "entries": 3,
                "sequence": 1042,
                "pictures": [_LIVE],
            },
            parameters=[
                parameter(
                    "Idempotency-Key",
                    "header",
                    {"type": "string", "minLength": 22, "maxLength": 200},
                    description="Random, such as a UUID, and secret: a request that is sent again "
                    "with it gets the same answer, and makes no second case.",
                    example="0f8fad5b-d9cb-469f-a165-70867728950e",
                )
            ],
            requestBody=a_body(
                an_object(
                    "pictures",
                    list={"type": "string", "default": "default"},
                    pictures={**an_array(_PICTURE, 1_000), "minItems": 1},
                ),
                {
                    "pictures": [
                        {
                            "fingerprints": [
                                *({"kind": "whole", **each} for each in TWO_HASHES),
                                {
                                    "kind": "view",
                                    "view": "flip-y",
                                    "hasher": "pdq",
                                    "hash": A_HASH[::-1],
                                    "quality": 97,
                                },
                            ]
                        }
                    ]
                },
            ),
            refused=_REFUSED,
        )
    },
    "/v1/cases/overdue": {
        "get": operation(
            "Open cases for which a platform has not done in 48 hours what it is to do.",
            200,
            an_object(
                "cases", cases=an_array(an_object("case", case={"type": "string"}, **_CLOCK))
            ),
            scope="operate",
            example={"cases": [{"case": "4821-0937-5523", **_CLOCK_EXAMPLE}]},
        )
    },
    "/v1/cases/{number}": {
        "get": operation(
            "How a case stands, in counts.",
            200,
            _CASE,
            (404,),
            example=_CASE_EXAMPLE,
            parameters=[_NUMBER],
        )
    },
    "/v1/cases/{number}/withdrawal": {
        "post": operation(
            "Take a case back; its fingerprints are deleted. Again is fine.",
            200,
            _CASE,
            (400, 404, 429),
            parameters=[
                _NUMBER,
                {
                    **parameter("Secret-Phrase", "header", {"type": "string"}),
                    "required": True,
                    "example": "amber river quiet lantern meadow stone",
                },
            ],
        )
    },
}
