"""From the problems that a service answers with to the errors of this library."""

import json
from contextlib import suppress
from typing import Final

from hashmatch import errors
from hashmatch.errors import (
    HashmatchError,
    ServiceError,
    ServiceUnavailableError,
    SubmissionRefusedError,
)
from hashmatch.pipeline.client import submissions
from hashmatch.pipeline.client.steps import Answer

_BY_REASON: Final = {
    value.reason: value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, HashmatchError)
}


def error_of(answer: Answer, url: str) -> HashmatchError:
    """The error that an answer stands for, by the reason it tells."""
    try:
        told = json.loads(answer.body)
        reason, detail = str(told["reason"]), str(told["detail"])
    except (ValueError, TypeError, KeyError):
        if answer.status >= 500:
            return ServiceUnavailableError(
                f"The service {url} answered {answer.status}, and not what is wrong. Try again; if "
                "it stays so, look at its log."
            )
        return ServiceError(
            f"{url} answered {answer.status} in a form that hashmatch does not use. Is it a "
            "hashmatch service?"
        )
    kind = _BY_REASON.get(reason)
    if kind is None:
        kind = ServiceUnavailableError if answer.status >= 500 else ServiceError
    if kind is SubmissionRefusedError:
        with suppress(KeyError, TypeError):
            return SubmissionRefusedError(detail, submissions.outcomes(told["pictures"]))
    return kind(f"{detail} ({url})")
