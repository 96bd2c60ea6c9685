"""The two ways to a service: one that waits in its thread, one that lets an event loop go on.

httpx is imported here only.
"""

import asyncio
import time
from types import ModuleType
from typing import Any, Final

from hashmatch.errors import MissingExtraError
from hashmatch.pipeline.client.steps import Answer, Ask, Lost, Pause, Result, Steps, Work

_IDLE_SECONDS: Final = 30.0
_CONNECTIONS: Final = 64


def _httpx() -> ModuleType:
    try:
        import httpx
    except ModuleNotFoundError:
        raise MissingExtraError(
            "Asking a service takes an HTTP client: pip install 'hashmatch[client]'"
        ) from None
    return httpx


def _options(httpx: ModuleType, url: str, headers: dict[str, str]) -> dict[str, Any]:
    limits = httpx.Limits(
        max_connections=_CONNECTIONS,
        max_keepalive_connections=_CONNECTIONS,
        keepalive_expiry=_IDLE_SECONDS,
    )
    return {
        "base_url": url,
        "headers": headers,
        "limits": limits,
        "follow_redirects": False,  # a token goes to nobody else
        "trust_env": True,
    }


def _request(ask: Ask) -> dict[str, Any]:
    return {
        "method": ask.method,
        "url": ask.path,
        "content": ask.body or None,
        "headers": dict(ask.headers),
        "timeout": ask.seconds,
    }


def _answer(response: Any) -> Answer:
    return Answer(response.status_code, response.headers, response.content)


def _lost(error: Exception) -> Lost:
    return Lost(type(error).__name__)  # its text may hold what was sent


class Link:
    """Drives calls in the thread that makes them; threads may share one."""

    def __init__(self, url: str, headers: dict[str, str], transport: Any = None) -> None:
        self._httpx = _httpx()
        self._http = self._httpx.Client(**_options(self._httpx, url, headers), transport=transport)

    def drive(self, steps: Steps[Result]) -> Result:
        """Do all steps, and return what the call returns."""
        outcome: Any = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as done:
                result: Result = done.value
                return result
            match step:
                case Ask():
                    outcome = self._ask(step)
                case Pause(seconds):
                    time.sleep(seconds)
                    outcome = None
                case Work(run):
                    outcome = run()

    def _ask(self, ask: Ask) -> Answer | Lost:
        try:
            return _answer(self._http.request(**_request(ask)))
        except (self._httpx.HTTPError, self._httpx.StreamError) as error:
            return _lost(error)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class AsyncLink:
    """Drives calls in an event loop; tasks of that loop may share one."""

    def __init__(self, url: str, headers: dict[str, str], transport: Any = None) -> None:
        self._httpx = _httpx()
        self._http = self._httpx.AsyncClient(
            **_options(self._httpx, url, headers), transport=transport
        )

    async def drive(self, steps: Steps[Result]) -> Result:
        """Do all steps, and return what the call returns."""
        outcome: Any = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as done:
                result: Result = done.value
                return result
            match step:
                case Ask():
                    outcome = await self._ask(step)
                case Pause(seconds):
                    await asyncio.sleep(seconds)
                    outcome = None
                case Work(run):
                    outcome = await asyncio.to_thread(run)

    async def _ask(self, ask: Ask) -> Answer | Lost:
        try:
            return _answer(await self._http.request(**_request(ask)))
        except (self._httpx.HTTPError, self._httpx.StreamError) as error:
            return _lost(error)

    async def knock(self, ask: Ask) -> Answer | Lost:
        """The head of an answer only, within ``ask.seconds`` in all, however it trickles."""
        try:
            async with asyncio.timeout(ask.seconds), self._http.stream(**_request(ask)) as response:
                return Answer(response.status_code, response.headers, b"")
        except TimeoutError as error:
            return _lost(error)
        except (self._httpx.HTTPError, self._httpx.StreamError) as error:
            return _lost(error)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
