"""How the description is written: schemas, bodies, operations."""

from typing import Any, Final

Json = dict[str, Any]

A_HASH: Final = "8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376"

HASH: Final[Json] = {
    "type": "object",
    "required": ["hash"],
    "additionalProperties": False,
    "properties": {
        "hasher": {"type": "string", "default": "pdq", "examples": ["pdq", "md5", "sha256"]},
        "hash": {"type": "string", "description": "Hexadecimal digits."},
        "quality": {"type": ["integer", "null"], "minimum": 0, "maximum": 100},
    },
    "example": {"hasher": "pdq", "hash": A_HASH, "quality": 97},
}

LIST_SETTINGS: Final[Json] = {
    "threshold": {"type": "integer", "minimum": 0, "maximum": 256},
    "review_threshold": {"type": "integer", "minimum": 0, "maximum": 256},
    "part_threshold": {
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 256,
        "description": "Of pictures that parts find in an upload: bits up to which they get the "
        "action; null for as far as `threshold` makes them reach.",
    },
    "part_review_threshold": {
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 256,
        "description": "Likewise: bits up to which they go to review.",
    },
    "min_quality": {"type": "integer", "minimum": 0, "maximum": 100},
    "action": {"enum": ["block", "review"]},
    "allow_list": {"type": "boolean"},
    "flood_matches": {
        "type": "integer",
        "minimum": 0,
        "description": "An entry that matches more uploads than this within `flood_window` is held "
        "back; 0 for never.",
    },
    "flood_window": {
        "type": "integer",
        "minimum": 300,
        "maximum": 86_400,
        "description": "Seconds.",
    },
    "false_opinions": {
        "type": "integer",
        "minimum": 0,
        "maximum": 1_000,
        "description": "So many platforms that say an entry matches wrongly hold it back; 0 for "
        "never.",
    },
}

ACTION: Final[Json] = {"enum": ["pass", "review", "block"]}

PROBLEM: Final[Json] = {
    "type": "object",
    "description": "RFC 9457; `reason` is a stable word for programs.",
    "required": ["type", "title", "status", "detail", "reason"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reason": {"type": "string"},
    },
    "example": {
        "type": "urn:hashmatch:problem:truncated",
        "title": "The picture was refused",
        "status": 422,
        "detail": "The file ends before the picture does; send all of it.",
        "reason": "truncated",
    },
}

TWO_HASHES: Final[list[Json]] = [
    {"hasher": "pdq", "hash": A_HASH, "quality": 97},
    {"hasher": "sha256", "hash": "9f86d081884c7d65" * 4},
]

REASONS: Final = {
    400: "The request is malformed.",
    401: "No token, or none that is good.",
    403: "A good token, for other things.",
    404: "There is no such thing.",
    409: "There is such a thing already.",
    413: "The body is too large.",
    422: "What was sent cannot be taken; `reason` says why.",
    429: "Too many at once; Retry-After says when to come again.",
    503: "Not ready: lists not loaded, or stale, or the registry cannot answer.",
}


def an_object(*required: str, **properties: Json) -> Json:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "required": [*required],
        "additionalProperties": False,
        "properties": properties,
    }


def an_array(of: Json, most: int | None = None) -> Json:
    """An array, of so many at most."""
    return {"type": "array", "items": of, **({} if most is None else {"maxItems": most})}


def a_body(schema: Json, example: Any) -> Json:
    """The JSON that a request carries, with an example."""
    return {
        "required": True,
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def operation(
    summary: str,
    status: int,
    schema: Json,
    problems: tuple[int, ...] = (),
    *,
    scope: str | None = None,
    example: Any = None,
    refused: Json | None = None,
    **more: Any,
) -> Json:
    """One method of one path: its good answer, its problems, the scope it takes.

    ``refused`` takes the place of what is commonly said of 422.
    """
    answer: Json = {"schema": schema}
    if example is not None:
        answer["example"] = example
    responses: Json = {
        str(status): {"description": summary, "content": {"application/json": answer}}
    }
    for problem in sorted({*problems, *((401, 403, 429) if scope else ()), 503}):
        responses[str(problem)] = {
            "description": REASONS[problem],
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
    if refused is not None:
        responses["422"] = refused
    security: Json = {"security": [{"token": []}] if scope else []}
    described = f"Takes a token with the scope `{scope}`." if scope else "Takes no token."
    return {
        "summary": summary,
        "description": described,
        "responses": responses,
        **security,
        **more,
    }


def parameter(name: str, where: str, schema: Json, **more: Any) -> Json:
    """A parameter, by where it stands: path, query, header."""
    return {"name": name, "in": where, "required": where == "path", "schema": schema, **more}
