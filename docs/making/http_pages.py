"""The HTTP reference, from the OpenAPI document that the service itself gives out."""

import json
from collections.abc import Iterator
from typing import Any, Final

from hashmatch.service.openapi import DOCUMENT

Json = dict[str, Any]

_INTRO: Final = """# HTTP reference

Made from the description that a service gives out at `/openapi.json` (OpenAPI {openapi}). Where a
scope is named, send `Authorization: Bearer TOKEN`; errors are problem+json (RFC 9457). No hash
stands in a URL.
"""


def pages() -> dict[str, str]:
    """The page by file name."""
    parts = [_INTRO.format(**DOCUMENT)]
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            parts += _operation(method.upper(), path, operation)
    return {"http.md": "\n".join(parts)}


def _operation(method: str, path: str, operation: Json) -> Iterator[str]:
    yield f"## {method} {path}\n"
    yield f"{operation['summary']} {operation.get('description', '')}\n"
    if operation.get("parameters"):
        yield "| parameter | in | type | |\n|---|---|---|---|"
        for each in operation["parameters"]:
            about = each.get("description", "Required." if each["required"] else "")
            yield f"| `{each['name']}` | {each['in']} | {_kind(each['schema'])} | {_cell(about)} |"
        yield ""
    if "requestBody" in operation:
        yield "**Body**\n"
        yield from _contents(operation["requestBody"])
    for status, response in operation["responses"].items():
        if int(status) < 300:
            yield f"**Answer {status}**\n"
            yield from _contents(response)
    yield from _problems(operation["responses"])


def _problems(responses: Json) -> Iterator[str]:
    refused = {status: each for status, each in responses.items() if int(status) >= 400}
    if refused:
        yield "| refused with | |\n|---|---|"
        for status, each in refused.items():
            yield f"| {status} | {_cell(each['description'])} |"
        yield ""


def _contents(holder: Json) -> Iterator[str]:
    for media, content in holder.get("content", {}).items():
        schema = content.get("schema", {})
        about = schema.get("description") or holder.get("description", "")
        yield f"`{media}`" + (f": {about}" if about else "") + "\n"
        rows = list(_fields(schema, ""))
        if rows:
            yield "| field | type | |\n|---|---|---|"
            yield from rows
            yield ""
        if "example" in content:
            told = content["example"]
            text = told if isinstance(told, str) else json.dumps(told, indent=2)
            yield f"```{'text' if isinstance(told, str) else 'json'}\n{text}\n```\n"


def _fields(schema: Json, above: str) -> Iterator[str]:
    """A row for each property, those within others after them."""
    needed = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        path = f"{above}{name}"
        about = inner.get("description", "")
        star = "" if name in needed else " (optional)"
        yield f"| `{path}`{star} | {_kind(inner)} | {_cell(about)} |"
        yield from _fields(inner, f"{path}.")
        yield from _fields(inner.get("items", {}), f"{path}[].")


def _kind(schema: Json) -> str:
    """The type of a value, with its bounds."""
    if "enum" in schema:
        return " \\| ".join("null" if each is None else f"`{each}`" for each in schema["enum"])
    kind = schema.get("type", "any")
    words = " \\| ".join(kind) if isinstance(kind, list) else str(kind)
    if kind == "array":
        words = f"array of {_kind(schema.get('items', {}))}"
        if "maxItems" in schema:
            words += f", at most {schema['maxItems']:,}"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        words += f", {low:,} to {high:,}"
    elif low is not None:
        words += f", from {low:,}"
    if "default" in schema:
        words += f", default `{schema['default']}`"
    return words


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
