"""Routes for those who run the service."""

from typing import Final

from hashmatch.service.openapi.wording import Json, operation

_STATE: Final = {"type": "object", "properties": {"state": {"type": "string"}}}

PATHS: Final[Json] = {
    "/livez": {"get": operation("The process answers.", 200, _STATE)},
    "/readyz": {
        "get": operation(
            "200 when all processes are ready; 503 with the state `not_loaded` or `stale`.",
            200,
            _STATE,
            example={
                "state": "ready",
                "when_stale": "serve",
                "sequence": 1042,
                "age_seconds": 0.1,
                "processes": 2,
            },
        )
    },
    "/metrics": {"get": operation("Metrics in Prometheus's text format.", 200, {})},
    "/openapi.json": {"get": operation("This description.", 200, {"type": "object"})},
}
