"""A remote server, asked politely: retries with growing pauses, bounded answers, no redirects."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import httpx

from hashmatch.errors import (
    ExchangeCredentialsError,
    ExchangeRefusedError,
    ExchangeUnavailableError,
    InvalidExchangeError,
)

MAX_ANSWER: Final = 64 << 20
"""Bytes of an answer, unpacked."""

_TIMEOUT: Final = httpx.Timeout(60, connect=15)
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request is tried.

    Attributes:
        tries: how often.
        first_pause: seconds before the second try; each further pause is twice as long.
        longest_pause: seconds; a server that asks for more is left alone till the next fetch.
        longest_answer: seconds for one answer to arrive.
    """

    tries: int = 6
    first_pause: float = 0.5
    longest_pause: float = 120.0
    longest_answer: float = 300.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said.

    Attributes:
        body: the body, unpacked.
        at: the server's clock, in UTC: where it tells none, ours.
    """

    body: bytes
    at: datetime


class _Again(Exception):  # noqa: N818 - not an error yet
    """Worth another try, after a pause that the server may have named."""

    def __init__(self, why: str, pause: float | None = None) -> None:
        super().__init__(why)
        self.pause = pause


class Remote:
    """A server at one address, with the credentials for it in every request.

    Args:
        url: where it is; https, or a loopback address.
        headers: sent with every request.
        auth: user and password.
        patience: how long to try.
        sleep: how to pause.

    Raises:
        InvalidExchangeError: the address is not such a one.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        patience: Patience = Patience(),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url: Final = checked_url(url)
        self._patience = patience
        self._sleep = sleep
        self._client = httpx.Client(
            headers={"user-agent": "hashmatch", **(headers or {})}, auth=auth, timeout=_TIMEOUT
        )

    def get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for something; see `send` for what may be raised."""
        return self._try(self._request("GET", path, params=params, headers=headers))

    def send(
        self,
        method: str,
        path: str,
        content: bytes,
        content_type: str,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Tell something that may be told twice.

        Raises:
            ExchangeCredentialsError: the server refuses the credentials.
            ExchangeRefusedError: it refuses the request.
            ExchangeUnavailableError: it does not answer, or not in full, or is overloaded.
        """
        headers = {**(headers or {}), "content-type": content_type}
        return self._try(self._request(method, path, content=content, headers=headers))

    def _request(self, method: str, path: str, **parts: Any) -> httpx.Request:
        try:
            return self._client.build_request(method, self._at(path), **parts)
        except (httpx.InvalidURL, ValueError):
            raise ExchangeRefusedError(
                f"{self._host} names a place to go on at that is no address."
            ) from None

    def _at(self, path: str) -> str:
        if not path.startswith("/") or path.startswith("//"):
            raise ExchangeRefusedError(
                f"{self._host} names another place to go on at; credentials are not sent there."
            )
        return self.url + path

    @property
    def _host(self) -> str:
        return urlsplit(self.url).netloc

    def _try(self, request: httpx.Request) -> Answer:
        pause = self._patience.first_pause
        for tries_left in reversed(range(self._patience.tries)):
            try:
                return self._ask(request)
            except _Again as again:
                wait = pause * random.uniform(0.5, 1) if again.pause is None else again.pause  # noqa: S311 - spreads the load
                if not tries_left or wait > self._patience.longest_pause:
                    self._give_up(str(again), wait)
                self._sleep(wait)
                pause = min(2 * pause, self._patience.longest_pause)
        raise AssertionError  # the last try returns or raises

    def _give_up(self, why: str, wait: float) -> NoReturn:
        when = f" It asks for {wait:.0f} s of pause." if wait > self._patience.longest_pause else ""
        raise ExchangeUnavailableError(f"{self._host} {why}.{when} Nothing is lost; fetch later.")

    def _ask(self, request: httpx.Request) -> Answer:
        try:
            response = self._client.send(request, stream=True)
            try:
                return self._read(response)
            finally:
                response.close()
        except httpx.HTTPError as error:
            # not chained: its text and its request may hold the credentials
            raise _Again(f"did not answer in full ({type(error).__name__})") from None

    def _read(self, response: httpx.Response) -> Answer:
        status = response.status_code
        at = _date(response.headers.get("date")) or datetime.now(UTC)
        if status in _AGAIN:
            raise _Again(f"answers {status}", _pause(response.headers.get("retry-after"), at))
        if status in {401, 403}:
            raise ExchangeCredentialsError(
                f"{self._host} refuses the credentials ({status}). Renew them."
            )
        if not response.is_success:
            raise ExchangeRefusedError(f"{self._host} refuses the request ({status}).")
        deadline = time.monotonic() + self._patience.longest_answer
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MAX_ANSWER:
                raise ExchangeRefusedError(
                    f"{self._host} answers with more than {MAX_ANSWER} bytes."
                )
            if time.monotonic() > deadline:
                raise _Again("did not answer in full (too slow)")
        return Answer(bytes(body), at)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def checked_url(url: str) -> str:
    """An address without a slash at its end; `InvalidExchangeError` for one that is unsafe."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    is_safe = host is not None and (
        parts.scheme == "https"
        or (parts.scheme == "http" and host in {"localhost", "127.0.0.1", "::1"})
    )
    if not is_safe or parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidExchangeError(
            "The address of an exchange is like https://host/path, without credentials in it."
        )
    return url.rstrip("/")


def _date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _pause(text: str | None, at: datetime) -> float | None:
    """Seconds to wait: told as such, or as a time by the server's own clock."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text[:9])
    until = _date(text)
    return None if until is None else max(0.0, (until - at).total_seconds())
