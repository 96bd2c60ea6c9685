"""Routes for operators."""

from typing import Final

from hashmatch.service.openapi.wording import (
    HASH,
    LIST_SETTINGS,
    TWO_HASHES,
    Json,
    a_body,
    an_array,
    an_object,
    operation,
    parameter,
)

_LIST: Final[Json] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "created": {"type": "string", "format": "date-time"},
        **LIST_SETTINGS,
        "entries": {"type": "integer"},
    },
}

_NAME: Final = parameter("name", "path", {"type": "string"}, example="default")

PATHS: Final[Json] = {
    "/v1/lists": {
        "get": operation(
            "All hash lists.", 200, an_object("lists", lists=an_array(_LIST)), scope="check"
        ),
        "post": operation(
            "Make a hash list.",
            201,
            _LIST,
            (400, 409, 413, 422),
            scope="operate",
            requestBody=a_body(
                an_object("name", name={"type": "string"}, **LIST_SETTINGS),
                {"name": "partners", "action": "review"},
            ),
        ),
    },
    "/v1/lists/{name}": {
        "get": operation("A hash list.", 200, _LIST, (404,), scope="check", parameters=[_NAME]),
        "patch": operation(
            "Set a hash list anew; what is not given stays.",
            200,
            _LIST,
            (400, 404, 413, 422),
            scope="operate",
            parameters=[_NAME],
            requestBody=a_body(
                an_object(**LIST_SETTINGS),
                {"threshold": 28, "part_threshold": 24, "part_review_threshold": None},
            ),
        ),
        "delete": operation(
            "Remove a hash list, and withdraw its entries.",
            200,
            an_object("withdrawn", withdrawn={"type": "integer"}),
            (404,),
            scope="operate",
            parameters=[_NAME],
        ),
    },
    "/v1/lists/{name}/entries": {
        "post": operation(
            "Add hashes to a list; what is there already stays as it is.",
            201,
            an_object(
                "entries",
                "new",
                "sequence",
                entries=an_array({"type": "integer"}),
                new={"type": "integer"},
                sequence={"type": "integer"},
            ),
            (400, 404, 413, 422),
            scope="operate",
            parameters=[_NAME],
            requestBody=a_body(
                an_object("hashes", hashes=an_array(HASH, 10_000), source={"type": "string"}),
                {"hashes": TWO_HASHES, "source": "partner feed"},
            ),
        )
    },
    "/v1/entries/withdrawal": {
        "post": operation(
            "Withdraw entries by their ids; their codes are deleted.",
            200,
            an_object("withdrawn", withdrawn=an_array({"type": "integer"})),
            (400, 413),
            scope="operate",
            requestBody=a_body(
                an_object("entries", entries=an_array({"type": "integer"}, 10_000)),
                {"entries": [17]},
            ),
        )
    },
}
