"""Routes for followers far away."""

from typing import Final

from hashmatch.service.openapi.wording import Json, an_object, operation, parameter

_MANIFEST: Final[Json] = {
    "type": "object",
    "description": "The snapshot's manifest.json: write it beside the files, and each can be "
    "verified.",
    "required": ["format", "index", "files", "sha256"],
    "properties": {
        "format": {"type": "integer"},
        "index": {"type": "object"},
        "files": {
            "type": "object",
            "additionalProperties": an_object(
                "bytes", "sha256", bytes={"type": "integer"}, sha256={"type": "string"}
            ),
        },
        "sha256": {"type": "string", "description": "Of the manifest without this member."},
    },
}

_FILE: Final = operation(
    "A file of a snapshot, or a part of it.",
    200,
    {},
    (404,),
    scope="check",
    parameters=[
        parameter("generation", "path", {"type": "integer"}, example=7),
        parameter("file", "path", {"type": "string"}, example="pdq/codes.faiss"),
        parameter("range", "header", {"type": "string"}, example="bytes=1048576-"),
        parameter("if-range", "header", {"type": "string"}),
    ],
)
for _status, _words in (("200", "All of it."), ("206", "The part that was asked for.")):
    _FILE["responses"][_status] = {
        "description": f"{_words} The ETag is the file's SHA-256.",
        "content": {"application/octet-stream": {"schema": {}}},
    }
for _status, _words in (("400", "The Range is malformed."), ("416", "It is beyond the end.")):
    _FILE["responses"][_status] = {"description": _words, "content": {"text/plain": {"schema": {}}}}

PATHS: Final[Json] = {
    "/v1/snapshot": {
        "get": operation(
            "The snapshot that is served: all entries up to a sequence, as files to fetch. "
            "404 where there is none yet: then all is in the changes from 0.",
            200,
            an_object(
                "generation",
                "sequence",
                "manifest",
                generation={"type": "integer", "description": "Names its files; see below."},
                sequence={"type": "integer", "description": "Go on with the changes after it."},
                manifest=_MANIFEST,
            ),
            (404,),
            scope="check",
        )
    },
    "/v1/snapshot/{generation}/{file}": {"get": _FILE},
}
