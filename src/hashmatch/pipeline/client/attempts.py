"""Attempts: a request again, later and later, until it succeeds or there is no time left."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hashmatch.errors import HashmatchError, ServiceUnavailableError
from hashmatch.pipeline.client import problems
from hashmatch.pipeline.client.breaker import Breaker
from hashmatch.pipeline.client.steps import Answer, Ask, Call, Lost, Pause, Result, Steps, Work

AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which the same request may succeed."""
_DOWN: Final = frozenset({500, 502, 504})
"""Answers that speak of a broken service; 429 and 503 are those of a busy or starting one."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often.

    Attributes:
        seconds: for a whole call, its repetitions and pauses included.
        attempts: of each request, at most.
        first_pause: seconds; doubled each time, and less by chance, so that many clients that
            were sent away together do not come again together.
        longest_pause: likewise.
    """

    seconds: float = 30.0
    attempts: int = 5
    first_pause: float = 0.1
    longest_pause: float = 5.0


class Attempts:
    """Runs calls against one service, and remembers whether that answers.

    Args:
        url: of the service, for errors.
        patience: how long and how often.
        breaker: shared by all calls.
        clock: tells the time in seconds.
        chance: a number from 0 to 1.
    """

    def __init__(
        self,
        url: str,
        patience: Patience,
        breaker: Breaker,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._url = url
        self._patience = patience
        self._breaker = breaker
        self._clock = clock
        self._chance = chance

    def run(self, call: Call[Result]) -> Steps[Result]:
        """The steps of a call, with those that failed repeated.

        Raises:
            ServiceUnavailableError: no answer, and no time or attempt left.
            HashmatchError: what the service refused; the class is that of its reason.
        """
        end = self._clock() + self._patience.seconds
        outcome = None
        while True:
            try:
                step = call.throw(outcome) if isinstance(outcome, Exception) else call.send(outcome)
            except StopIteration as done:
                result: Result = done.value
                return result
            if isinstance(step, Work):
                outcome = yield step
                continue
            try:
                outcome = yield from self._ask(step, end)
            except HashmatchError as error:
                outcome = error

    def _ask(self, ask: Ask, end: float) -> Steps[Answer]:
        pause = self._patience.first_pause
        for attempt in range(1, self._patience.attempts + 1):
            if not self._breaker.lets_through():
                raise ServiceUnavailableError(
                    f"The service {self._url} did not answer several times in a row; it is asked "
                    "again in a few seconds."
                )
            left = max(0.01, end - self._clock())
            got = yield Ask(ask.method, ask.path, ask.body, ask.headers, min(ask.seconds, left))
            down = isinstance(got, Lost) or got.status in _DOWN
            self._breaker.note(good=not down)
            if isinstance(got, Answer) and got.status < 400:
                return got
            error = self._error_of(got)
            if isinstance(got, Answer) and got.status not in AGAIN:
                raise error
            wait = max(pause * self._chance(), asked_for(got))
            if attempt == self._patience.attempts or self._clock() + wait >= end:
                raise error
            yield Pause(wait)
            pause = min(2 * pause, self._patience.longest_pause)
        raise AssertionError  # the last attempt returns or raises

    def _error_of(self, got: Answer | Lost) -> HashmatchError:
        if isinstance(got, Lost):
            return ServiceUnavailableError(
                f"The service {self._url} did not answer ({got.why}). Check its address and the "
                "network, and try again."
            )
        return problems.error_of(got, self._url)


def asked_for(got: Answer | Lost) -> float:
    """The seconds of a Retry-After, bounded: a minute there is no reason to come back at all."""
    text = got.headers.get("retry-after", "") if isinstance(got, Answer) else ""
    return min(float(text), 60.0) if text.isascii() and text.isdigit() else 0.0
