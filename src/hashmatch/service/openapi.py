"""The description of the HTTP interface: OpenAPI 3.1, with an example of everything."""

from typing import Any, Final

_Json = dict[str, Any]

_HASH: Final[_Json] = {
    "type": "object",
    "required": ["hash"],
    "additionalProperties": False,
    "properties": {
        "hasher": {"type": "string", "default": "pdq", "examples": ["pdq", "md5", "sha256"]},
        "hash": {"type": "string", "description": "Hexadecimal digits."},
        "quality": {"type": ["integer", "null"], "minimum": 0, "maximum": 100},
    },
    "example": {"hasher": "pdq", "hash": "0f" * 32, "quality": 97},
}
_LIST_SETTINGS: Final[_Json] = {
    "threshold": {"type": "integer", "minimum": 0, "maximum": 256},
    "review_threshold": {"type": "integer", "minimum": 0, "maximum": 256},
    "min_quality": {"type": "integer", "minimum": 0, "maximum": 100},
    "action": {"enum": ["block", "review"]},
    "allow_list": {"type": "boolean"},
}
_ACTION: Final[_Json] = {"enum": ["pass", "review", "block"]}
_MATCH: Final[_Json] = {
    "type": "object",
    "required": ["entry", "list", "distance", "action"],
    "properties": {
        "entry": {"type": "integer"},
        "list": {"type": "string"},
        "hasher": {"type": "string"},
        "distance": {"type": "integer", "description": "Bits in which the two differ."},
        "view": {"type": "string", "description": "How the upload was turned or mirrored."},
        "action": _ACTION,
    },
}
_LIST: Final[_Json] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "created": {"type": "string", "format": "date-time"},
        **_LIST_SETTINGS,
        "entries": {"type": "integer"},
    },
}
_CASE: Final[_Json] = {
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
_PROBLEM: Final[_Json] = {
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
_CHANGE: Final[_Json] = {
    "type": "object",
    "required": ["sequence", "kind", "list", "at"],
    "properties": {
        "sequence": {"type": "integer"},
        "kind": {"enum": ["add", "withdraw", "set_list", "remove_list"]},
        "list": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "entry": {"type": "integer"},
        "hasher": {"type": "string"},
        "hash": {"type": "string", "description": "Missing where it was withdrawn since."},
        "quality": {"type": ["integer", "null"]},
    },
}
_REASONS: Final = {
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


def _object(*required: str, **properties: _Json) -> _Json:
    return {
        "type": "object",
        "required": [*required],
        "additionalProperties": False,
        "properties": properties,
    }


def _array(of: _Json, most: int | None = None) -> _Json:
    return {"type": "array", "items": of, **({} if most is None else {"maxItems": most})}


def _body(schema: _Json, example: Any) -> _Json:
    return {
        "required": True,
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def _operation(
    summary: str,
    status: int,
    schema: _Json,
    problems: tuple[int, ...] = (),
    *,
    scope: str | None = None,
    example: Any = None,
    **more: Any,
) -> _Json:
    answer: _Json = {"schema": schema}
    if example is not None:
        answer["example"] = example
    responses: _Json = {
        str(status): {"description": summary, "content": {"application/json": answer}}
    }
    for problem in sorted({*problems, *((401, 403) if scope else ()), 503}):
        responses[str(problem)] = {
            "description": _REASONS[problem],
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
    security: _Json = {"security": [{"token": []}] if scope else []}
    described = f"Takes a token with the scope `{scope}`." if scope else "Takes no token."
    return {
        "summary": summary,
        "description": described,
        "responses": responses,
        **security,
        **more,
    }


def _parameter(name: str, where: str, schema: _Json, **more: Any) -> _Json:
    return {"name": name, "in": where, "required": where == "path", "schema": schema, **more}


_NUMBER: Final = _parameter("number", "path", {"type": "string"}, example="4821-0937-5523")
_NAME: Final = _parameter("name", "path", {"type": "string"}, example="default")
_TWO_HASHES: Final = [
    {"hasher": "pdq", "hash": "0f" * 32, "quality": 97},
    {"hasher": "sha256", "hash": "3c" * 32},
]
_ARROW: Final = "application/vnd.apache.arrow.stream"
_ANSWERED_MATCH: Final = {"entry": 17, "list": "default", "distance": 6, "action": "block"}
_VERDICT_EXAMPLE: Final = {
    "action": "block",
    "status": "ok",
    "reason": "Entry 17 of the list 'default' blocks it (6 of 256 bits differ).",
    "quality": 100,
    "sequence": 1042,
    "matches": [{**_ANSWERED_MATCH, "hasher": "pdq", "view": "original"}],
}

_CASES: Final[_Json] = {
    "/v1/cases": {
        "post": _operation(
            "Submit fingerprints; the case number and secret phrase are shown this once.",
            201,
            _object(
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
                _parameter(
                    "Idempotency-Key",
                    "header",
                    {"type": "string", "minLength": 22, "maxLength": 200},
                    description="Random, such as a UUID, and secret: a request that is sent again "
                    "with it gets the same answer, and makes no second case.",
                    example="0f8fad5b-d9cb-469f-a165-70867728950e",
                )
            ],
            requestBody=_body(
                _object(
                    "hashes",
                    list={"type": "string", "default": "default"},
                    hashes=_array(_HASH, 1_000),
                ),
                {"hashes": _TWO_HASHES},
            ),
        )
    },
    "/v1/cases/{number}": {
        "get": _operation("How a case stands, in counts.", 200, _CASE, (404,), parameters=[_NUMBER])
    },
    "/v1/cases/{number}/withdrawal": {
        "post": _operation(
            "Take a case back; its fingerprints are deleted. Again is fine.",
            200,
            _CASE,
            (400, 404, 429),
            parameters=[
                _NUMBER,
                {
                    **_parameter("Secret-Phrase", "header", {"type": "string"}),
                    "required": True,
                    "example": "amber river quiet lantern meadow stone",
                },
            ],
        )
    },
}
_CHECKS: Final[_Json] = {
    "/v1/checks": {
        "post": _operation(
            "Check an upload against all lists; nothing of it is kept.",
            200,
            _object(
                "action",
                "status",
                "reason",
                "quality",
                "sequence",
                "matches",
                action=_ACTION,
                status={"enum": ["ok", "low_quality", "not_decoded"]},
                reason={"type": "string"},
                quality={"type": ["integer", "null"]},
                sequence={"type": "integer"},
                matches=_array(_MATCH),
            ),
            (400, 413, 422, 429),
            scope="check",
            example=_VERDICT_EXAMPLE,
            requestBody={
                "required": True,
                "description": "The bytes of the file, as they are.",
                "content": {"application/octet-stream": {"schema": {}}, "image/*": {"schema": {}}},
            },
        )
    },
    "/v1/matches": {
        "post": _operation(
            "Compare codes with all lists; answered in the kind that was asked in.",
            200,
            _object(
                "sequence",
                "results",
                sequence={"type": "integer"},
                results=_array(
                    _object("action", "matches", action=_ACTION, matches=_array(_MATCH))
                ),
            ),
            (400, 413, 422),
            scope="check",
            example={
                "sequence": 1042,
                "results": [{"action": "block", "matches": [_ANSWERED_MATCH]}],
            },
            parameters=[
                _parameter(
                    "hasher",
                    "query",
                    {"type": "string", "default": "pdq"},
                    description="Of an Arrow stream; JSON says it in the body.",
                )
            ],
            requestBody={
                "required": True,
                "content": {
                    "application/json": {
                        "schema": _object(
                            "codes",
                            hasher={"type": "string", "default": "pdq"},
                            codes=_array({"type": "string"}, 10_000),
                            qualities=_array({"type": ["integer", "null"]}, 10_000),
                        ),
                        "example": {"hasher": "pdq", "codes": ["0f" * 32], "qualities": [97]},
                    },
                    _ARROW: {
                        "schema": {
                            "description": "Columns `code` (fixed-size binary) and, if known, "
                            "`quality`. The answer has a row for each match: query, entry, list, "
                            "distance, action."
                        }
                    },
                },
            },
        )
    },
    "/v1/changes": {
        "get": _operation(
            "The next changes, in order and without gaps.",
            200,
            _object(
                "changes",
                "sequence",
                "more",
                changes=_array(_CHANGE),
                sequence={"type": "integer"},
                more={"type": "boolean"},
            ),
            (400,),
            scope="check",
            parameters=[
                _parameter("after", "query", {"type": "integer", "minimum": 0, "default": 0}),
                _parameter("limit", "query", {"type": "integer", "minimum": 0, "maximum": 10_000}),
            ],
        )
    },
}
_LISTS: Final[_Json] = {
    "/v1/lists": {
        "get": _operation(
            "All hash lists.", 200, _object("lists", lists=_array(_LIST)), scope="check"
        ),
        "post": _operation(
            "Make a hash list.",
            201,
            _LIST,
            (400, 409, 413, 422),
            scope="operate",
            requestBody=_body(
                _object("name", name={"type": "string"}, **_LIST_SETTINGS),
                {"name": "partners", "action": "review"},
            ),
        ),
    },
    "/v1/lists/{name}": {
        "get": _operation("A hash list.", 200, _LIST, (404,), scope="check", parameters=[_NAME]),
        "patch": _operation(
            "Set a hash list anew; what is not given stays.",
            200,
            _LIST,
            (400, 404, 413, 422),
            scope="operate",
            parameters=[_NAME],
            requestBody=_body(_object(**_LIST_SETTINGS), {"threshold": 28}),
        ),
        "delete": _operation(
            "Remove a hash list, and withdraw its entries.",
            200,
            _object("withdrawn", withdrawn={"type": "integer"}),
            (404,),
            scope="operate",
            parameters=[_NAME],
        ),
    },
    "/v1/lists/{name}/entries": {
        "post": _operation(
            "Add hashes to a list; what is there already stays as it is.",
            201,
            _object(
                "entries",
                "new",
                "sequence",
                entries=_array({"type": "integer"}),
                new={"type": "integer"},
                sequence={"type": "integer"},
            ),
            (400, 404, 413, 422),
            scope="operate",
            parameters=[_NAME],
            requestBody=_body(
                _object("hashes", hashes=_array(_HASH, 10_000), source={"type": "string"}),
                {"hashes": _TWO_HASHES, "source": "partner feed"},
            ),
        )
    },
    "/v1/entries/withdrawal": {
        "post": _operation(
            "Withdraw entries by their ids; their codes are deleted.",
            200,
            _object("withdrawn", withdrawn=_array({"type": "integer"})),
            (400, 413),
            scope="operate",
            requestBody=_body(
                _object("entries", entries=_array({"type": "integer"}, 10_000)), {"entries": [17]}
            ),
        )
    },
}
_STATE: Final = {"type": "object", "properties": {"state": {"type": "string"}}}
_PROBES: Final[_Json] = {
    "/livez": {"get": _operation("The process answers.", 200, _STATE)},
    "/readyz": {
        "get": _operation(
            "200 when ready; 503 with the state `not_loaded` or `stale`.",
            200,
            _STATE,
            example={"state": "ready", "when_stale": "serve", "sequence": 1042, "age_seconds": 0.1},
        )
    },
    "/metrics": {"get": _operation("Metrics in Prometheus's text format.", 200, {})},
    "/openapi.json": {"get": _operation("This description.", 200, {"type": "object"})},
}

DOCUMENT: Final[_Json] = {
    "openapi": "3.1.0",
    "info": {
        "title": "hashmatch",
        "version": "1",
        "summary": "Cases in, verdicts out, nothing kept.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "paths": {**_CASES, **_CHECKS, **_LISTS, **_PROBES},
    "components": {
        "schemas": {"Problem": _PROBLEM},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
}
