"""Errors as a client sees them: problem details (RFC 9457) with the word of `errors.py`."""

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from hashmatch import errors
from hashmatch.errors import HashmatchError
from hashmatch.service import submissions

_STATUS: Final[tuple[tuple[type[HashmatchError], int, str], ...]] = (
    # the first that fits
    (errors.PictureError, 422, "The picture was refused"),
    (errors.MissingExtraError, 422, "Pictures of this format are not decoded here"),
    (errors.DecoderLostError, 422, "The picture could not be decoded safely"),
    (errors.InvalidHashError, 422, "A hash is malformed"),
    (errors.InvalidCodesError, 422, "Codes are malformed"),
    (errors.UnknownHasherError, 422, "No such hasher"),
    (errors.InvalidListError, 422, "A list cannot be like this"),
    (errors.InvalidRetryKeyError, 422, "The key for retries cannot be used"),
    (errors.SubmissionRefusedError, 422, "None of the pictures can be looked for"),
    (errors.ListNotFoundError, 404, "No such list"),
    (errors.CaseNotFoundError, 404, "No such case"),
    (errors.SnapshotNotFoundError, 404, "No such snapshot"),
    (errors.EntryNotFoundError, 404, "No such entry"),
    (errors.InvalidOpinionError, 422, "An opinion or a report cannot be like this"),
    (errors.ListExistsError, 409, "There is such a list already"),
    (errors.BadRequestError, 400, "The request is malformed"),
    (errors.BodyTooLargeError, 413, "The body is too large"),
    (errors.UnauthenticatedError, 401, "No good token"),
    (errors.ForbiddenError, 403, "Not with this token"),
    (errors.BusyError, 429, "Too many requests at once"),
    (errors.TooManyError, 429, "Too much from one client"),
    (errors.NotReadyError, 503, "Not ready to answer"),
    (errors.RegistryUnavailableError, 503, "The registry cannot answer"),
    (errors.RegistryError, 422, "The registry refuses this"),
)
_HEADERS: Final[dict[int, dict[str, str]]] = {
    401: {"www-authenticate": 'Bearer realm="hashmatch"'},
    429: {"retry-after": "1"},
    503: {"retry-after": "1"},
}
_HTTP_REASONS: Final = {404: "not_found", 405: "method_not_allowed"}


def problem(
    status: int,
    title: str,
    reason: str,
    detail: str,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """A problem as a response; further members may say more."""
    body: dict[str, Any] = {
        "type": f"urn:hashmatch:problem:{reason}",
        "title": title,
        "status": status,
        "detail": detail,
        "reason": reason,
        **more,
    }
    return JSONResponse(
        body,
        status,
        {**_HEADERS.get(status, {}), **(headers or {})},
        media_type="application/problem+json",
    )


def of(error: Exception) -> JSONResponse:
    """What a client is told of an error; of one that nobody foresaw, only that it is ours."""
    if isinstance(error, HashmatchError):
        for kind, status, title in _STATUS:
            if isinstance(error, kind):
                # what the registry's place is called is nobody's business
                told = (
                    "Please try again." if kind is errors.RegistryUnavailableError else str(error)
                )
                headers = None
                if isinstance(error, errors.TooManyError):
                    headers = {"retry-after": str(error.seconds)}
                return problem(status, title, error.reason, told, headers, **_more(error))
    if isinstance(error, HTTPException):
        reason = _HTTP_REASONS.get(error.status_code, "refused")
        told = "Look into /openapi.json for what there is."
        return problem(error.status_code, error.detail, reason, told, dict(error.headers or {}))
    return problem(
        500, "An error of the service", "internal", "This is not the request's fault. Report it."
    )


def _more(error: HashmatchError) -> dict[str, Any]:
    """What an error has to tell beside its message."""
    if isinstance(error, errors.SubmissionRefusedError):
        return {"pictures": submissions.told(error.pictures)}
    return {}
