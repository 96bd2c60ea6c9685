"""Answers in JSON that nobody on their way may keep."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse

_UNKEPT: Final = {"cache-control": "no-store"}


def unkept(told: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An answer that proxies and browsers forget."""
    return JSONResponse(told, status, {**(headers or {}), **_UNKEPT})
