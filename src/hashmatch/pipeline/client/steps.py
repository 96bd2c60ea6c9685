"""What a call to a service is made of, without any input or output.

A call is a generator: it yields steps, is sent what came of each, and returns its result. Whoever
drives it does the steps: `Client` with threads, `AsyncClient` with an event loop. So nothing of a
call is written twice, and all of it is tested without a network.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that may be repeated: it reads, or it does nothing the second time.

    Attributes:
        method: of HTTP.
        path: below the service's URL, with its query.
        body: what is sent with it.
        headers: besides those that every request has.
        seconds: time for one attempt; it is given less where the whole call has less left.
    """

    method: str
    path: str
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came; ``why`` in a few words."""

    why: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait, in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Work:
    """Something that takes a processor for a while."""

    run: Callable[[], Any]


Call = Generator[Ask | Work, Any, Result]
"""What a method asks for; answers are good ones, or an error is thrown into it."""
Steps = Generator[Ask | Pause | Work, Any, Result]
"""Likewise with its repetitions, as it is driven."""
