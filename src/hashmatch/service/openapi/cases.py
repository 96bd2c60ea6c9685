"""Routes for persons."""

from typing import Final

from hashmatch.service.openapi.wording import (
    HASH,
    TWO_HASHES,
    Json,
    a_body,
    an_array,
    an_object,
    operation,
    parameter,
)

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
                case={"type": "string"},
                secret_phrase={"type": "string"},
                entries={"type": "integer"},
                sequence={"type": "integer"},
            ),
            (400, 401, 403, 404, 413, 422, 429),
            example={
                "case": "4821-0937-5523",
                "secret_phrase": "amber river quiet lantern meadow stone",
                "entries": 2,
                "sequence": 1042,
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
                    "hashes",
                    list={"type": "string", "default": "default"},
                    hashes=an_array(HASH, 1_000),
                ),
                {"hashes": TWO_HASHES},
            ),
        )
    },
    "/v1/cases/{number}": {
        "get": operation("How a case stands, in counts.", 200, _CASE, (404,), parameters=[_NUMBER])
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
