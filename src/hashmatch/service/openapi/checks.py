"""Routes for platforms."""

from typing import Final

from hashmatch.service.openapi.wording import (
    ACTION,
    Json,
    an_array,
    an_object,
    operation,
    parameter,
)

_SHARE: Final[Json] = {"type": "number", "minimum": 0, "maximum": 1}
_BITS: Final[Json] = {"type": ["integer", "null"]}

_PLACED: Final[Json] = {
    "description": "Where the listed picture lies in the upload, as their parts say. Missing where "
    "parts had no say.",
    **an_object(
        "turn", "scale", "mirrored", "outline", "votes", "coverage", "worst", "visible",
        "whole_distance", "tile_distance", "tile_bits", "tiles", "foreign", "agreement", "alike",
        "bare_same", "bareness", "paper", "bare_other", "same_in", "holes", "hole", "lost",
        "lost_bits", "by_bits", "parted", "other", "fills", "single", "evidence",
        turn={"type": "number", "description": "Degrees, clockwise."},
        scale={"type": "number"},
        mirrored={"type": "boolean"},
        outline={
            "description": "Its corners, in shares of the upload's width and height.",
            **an_array(an_array({"type": "number"}, 2), 4),
        },
        votes={"type": "integer", "description": "Parts that agree."},
        coverage=_SHARE,
        worst={**_BITS, "description": "Between its parts and what is there, where they differ "
               "most."},
        visible=_SHARE,
        whole_distance=_BITS,
        tile_distance=_BITS,
        tile_bits={
            "description": "Of the bits in which its tiles differ, the lower quartile, the mean, "
            "and what nine tenths do not exceed; null where none was compared.",
            "type": ["array", "null"], "items": {"type": "number", "minimum": 0},
            "minItems": 3, "maxItems": 3,
        },
        tiles={"type": "integer", "description": "Tiles that were compared."},
        foreign={**_SHARE, "description": "Of these tiles, those that show something else."},
        agreement={**_SHARE, "description": "Of its parts that are visible, those that agree."},
        alike={
            "description": "Parts of the two, in one place, that differ by up to 76 bits; and by "
            "up to 100.",
            **an_array({"type": "integer", "minimum": 0}, 2),
        },
        bare_same={"type": "number", "minimum": 0, "description": "Parts that are there, where "
                   "nothing flat lies over the picture."},
        bareness={**_SHARE, "description": "Of the regions of these, where nothing flat lies, on "
                  "average."},
        paper={**_SHARE, "description": "How much what is seen looks like a page: what two shades "
               "take of its lines."},
        bare_other={"type": "number", "minimum": 0, "description": "Parts that show something else "
                    "there."},
        same_in={
            "description": "The rectangle of the listed picture around the parts that are the "
            "same: left, top, right and bottom, in shares of it; null where none is.",
            "type": ["array", "null"], "items": _SHARE, "minItems": 4, "maxItems": 4,
        },
        holes={"type": "number", "minimum": 0, "description": "Of the parts that show something "
               "else, those within that rectangle."},
        hole={"type": "number", "minimum": 0, "description": "In one place, parts that show "
              "something else, less those that are there."},
        lost={"type": "number", "minimum": 0, "description": "Parts that are not there."},
        lost_bits={**_BITS, "description": "In which these differ, on average."},
        by_bits={
            "description": "Parts that differ there by up to 45, 60, 75, 90, 104, and 117 bits, "
            "and by more.",
            **an_array({"type": "number", "minimum": 0}, 7),
        },
        parted={"type": "number", "minimum": 0, "description": "By how many parts one cut, across "
                "or down, parts what is there from what shows something else."},
        other={"type": ["number", "null"], "minimum": 0, "maximum": 2, "description": "How much of "
               "what is seen is another picture."},
        fills={**_SHARE, "description": "Of the upload, where the listed picture lies."},
        single={"type": "boolean", "description": "Whether what is seen of the listed picture "
                "is surely no one picture of a collage, post or screenshot."},
        evidence={"type": "number", "description": "How much of all this speaks for the listed "
                  "picture: the logarithm of how many times likelier its copies are to look so "
                  "than other pictures are, up to a constant."},
    ),
}  # fmt: skip

_MATCH: Final[Json] = {
    "type": "object",
    "required": ["entry", "list", "distance", "action"],
    "properties": {
        "entry": {"type": "integer"},
        "list": {"type": "string"},
        "hasher": {"type": "string"},
        "distance": {"type": "integer", "description": "Bits in which the two differ."},
        "view": {"type": "string", "description": "How the upload was turned or mirrored."},
        "placed": _PLACED,
        "action": ACTION,
    },
}

_CHANGE: Final[Json] = {
    "type": "object",
    "required": ["sequence", "kind", "list", "at"],
    "properties": {
        "sequence": {"type": "integer"},
        "kind": {
            "enum": ["add", "withdraw", "parts", "hold", "release", "set_list", "remove_list"]
        },
        "list": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "entry": {"type": "integer"},
        "hasher": {"type": "string"},
        "hash": {"type": "string", "description": "Missing where it was withdrawn since."},
        "quality": {"type": ["integer", "null"]},
        "parts": {
            "type": "string",
            "description": "Parts and tiles of the entry's picture, packed, in hexadecimal digits. "
            "Missing where there are none, or none any more.",
        },
        "held": {
            "enum": ["flood", "opinions", "allow_listed", "operator"],
            "description": "Why the entry is held back today, so that its matches go to review. "
            "Missing where it is live.",
        },
    },
}

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

PATHS: Final[Json] = {
    "/v1/checks": {
        "post": operation(
            "Check an upload against all lists; nothing of it is kept.",
            200,
            an_object(
                "action",
                "status",
                "reason",
                "quality",
                "sequence",
                "matches",
                action=ACTION,
                status={"enum": ["ok", "low_quality", "not_decoded"]},
                reason={"type": "string"},
                quality={"type": ["integer", "null"]},
                sequence={"type": "integer"},
                matches=an_array(_MATCH),
            ),
            (400, 413, 422, 429),
            scope="check",
            example=_VERDICT_EXAMPLE,
            parameters=[
                parameter(
                    "depth",
                    "query",
                    {"enum": ["fast", "thorough"], "default": "fast"},
                    description="Thorough looks for the parts of listed pictures too.",
                )
            ],
            requestBody={
                "required": True,
                "description": "The bytes of the file, as they are.",
                "content": {"application/octet-stream": {"schema": {}}, "image/*": {"schema": {}}},
            },
        )
    },
    "/v1/matches": {
        "post": operation(
            "Compare codes with all lists; answered in the kind that was asked in.",
            200,
            an_object(
                "sequence",
                "results",
                sequence={"type": "integer"},
                results=an_array(
                    an_object("action", "matches", action=ACTION, matches=an_array(_MATCH))
                ),
            ),
            (400, 413, 422),
            scope="check",
            example={
                "sequence": 1042,
                "results": [{"action": "block", "matches": [_ANSWERED_MATCH]}],
            },
            parameters=[
                parameter(
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
                        "schema": an_object(
                            "codes",
                            hasher={"type": "string", "default": "pdq"},
                            codes=an_array({"type": "string"}, 10_000),
                            qualities=an_array({"type": ["integer", "null"]}, 10_000),
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
        "get": operation(
            "The next changes, in order and without gaps.",
            200,
            an_object(
                "changes",
                "sequence",
                "more",
                "newest",
                changes=an_array(_CHANGE),
                sequence={"type": "integer"},
                more={"type": "boolean"},
                newest={"type": "integer", "description": "The number of the newest change."},
            ),
            (400,),
            scope="check",
            parameters=[
                parameter("after", "query", {"type": "integer", "minimum": 0, "default": 0}),
                parameter("limit", "query", {"type": "integer", "minimum": 0, "maximum": 10_000}),
            ],
        )
    },
}
