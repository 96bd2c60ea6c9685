"""The description of the HTTP interface: OpenAPI 3.1, with an example of everything."""

from typing import Final

from hashmatch.service.openapi import cases, checks, lists, probes, reviews, snapshots, statistics
from hashmatch.service.openapi.wording import PROBLEM, Json

DOCUMENT: Final[Json] = {
    "openapi": "3.1.0",
    "info": {
        "title": "hashmatch",
        "version": "1",
        "summary": "Cases in, verdicts out, nothing kept.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "paths": {
        **cases.PATHS,
        **checks.PATHS,
        **lists.PATHS,
        **snapshots.PATHS,
        **reviews.PATHS,
        **statistics.PATHS,
        **probes.PATHS,
    },
    "components": {
        "schemas": {"Problem": PROBLEM},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
}
